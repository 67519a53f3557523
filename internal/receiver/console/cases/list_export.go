package cases

import (
	"errors"
	"iter"
	"strconv"
	"strings"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
)

// listHeads are the columns in which the list of a case leaves.
var listHeads = []page.Head{
	{Title: "序号", Number: true}, {Title: "统一社会信用代码"}, {Title: "身份代码"}, {Title: "法定代表人"}, {Title: "类型"},
	{Title: "名称"}, {Title: "比对结论"}, {Title: "不一致栏目"}, {Title: "登记状态"}, {Title: "主体库快照"}, {Title: "数据截止日"},
	{Title: "核验提示"},
}

// exportList gives out the list of a case as it is shown to this session: names whole where they are revealed for a
// purpose, masked otherwise.
func exportList(q *page.Request) (page.Answer, error) {
	f, err := q.Cases.CaseFile(q.Context(), q.Who, q.PathValue("acceptid"))
	if err != nil {
		return nil, err
	}
	revealed, err := q.Cases.Revealed(q.Context(), q.Who, q.Who.Token, f.No)
	if err != nil {
		return nil, err
	}
	query := "本案清单，姓名遮盖"
	if revealed {
		query = "本案清单，姓名完整"
	}
	a, err := q.Export(page.List{Title: "清单" + f.AcceptID, About: f.AcceptID, Query: query, Right: intake.LookCases,
		Heads: listHeads, Rows: listRows(q, f.No, revealed)}, q.Field("kind"))
	if errors.Is(err, page.ErrTooMany) {
		return showCase(q, q.TooMany())
	}
	return a, err
}

// listRows reads the list a page at a time.
func listRows(q *page.Request, caseNo int64, revealed bool) iter.Seq2[[]string, error] {
	const page = 500
	return func(yield func([]string, error) bool) {
		for from := 0; ; {
			es, err := q.Cases.CaseEntities(q.Context(), q.Who, caseNo, from, page, casework.EntityFilter{})
			if err != nil {
				yield(nil, err)
				return
			}
			for _, e := range es {
				if !yield(listCells(e, revealed), nil) {
					return
				}
				from = e.Pos + 1
			}
			if len(es) < page {
				return
			}
		}
	}
}

func listCells(e casework.DoubtedEntity, revealed bool) []string {
	sent := e
	if !revealed {
		e = masked(e)
	}
	var said []string
	for _, v := range [][3]string{{"信用代码", sent.UniscID, e.UniscID}, {"身份代码", sent.PripID, e.PripID},
		{"类型", sent.EntType, e.EntType}} {
		if hides(v[1], v[2]) {
			said = append(said, v[0]+hiddenWords)
		}
	}
	for _, f := range e.Findings {
		found := newFound(f)
		said = append(said, found.Severity+"："+found.Title)
	}
	for _, m := range e.Marks {
		found := newFound(m.Found)
		said = append(said, found.Severity+"："+found.Title+"（与"+m.Place.String()+"）")
	}
	cells := []string{strconv.Itoa(e.Pos + 1), e.UniscID, e.PripID, e.Legal, e.EntType}
	return append(append(cells, verdictCells(e.Judged)...), strings.Join(said, "；"))
}

// verdictCells are what the register says of an entity. Without a register the verdict is 无法比对.
func verdictCells(j casework.Judged) []string {
	state, snapshot := "", ""
	if j.Firm != (register.Firm{}) {
		state = j.Firm.State.String()
	}
	if j.Against != 0 {
		snapshot = strconv.FormatInt(j.Against, 10)
	}
	return []string{j.Firm.Name, j.Shown.String(), page.FieldsText(j.Fields), state, snapshot, j.AsOf}
}
