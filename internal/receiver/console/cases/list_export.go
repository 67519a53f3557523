package cases

import (
	"errors"
	"fmt"
	"iter"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

// paperRoutes are what leaves as a file or on paper.
func paperRoutes() []page.Route {
	return []page.Route{
		page.Get("/cases/{acceptid}/notice", intake.LookCases, noticePage),
		page.Get("/cases/{acceptid}/record", intake.LookCases, recordPage),
		page.Post("/cases/{acceptid}/faults", intake.LookCases, exportFaults),
	}
}

// exportList gives out the list of a case as it is shown to this session: names whole where they are revealed for a
// purpose, masked otherwise.
func exportList(q *page.Request) (page.Answer, error) {
	f, err := q.Cases.CaseFile(q.Context(), q.Who, q.PathValue("acceptid"))
	if err != nil {
		return nil, err
	}
	l := newListing(q, []string{f.AcceptID})
	a, err := l.export(page.List{Title: "市场主体清单", Of: []string{f.CaseID, f.AcceptID}}, "本案清单")
	if errors.Is(err, page.ErrTooMany) {
		err = q.TooMany()
	}
	if errors.Is(err, intake.ErrInvalid) {
		return showCase(q, err)
	}
	return a, err
}

// ExportLists gives out the lists of cases in one file, each row with its case. The audit has an entry for each of
// them. ErrInvalid says why there is no such file.
func ExportLists(q *page.Request, rows []intake.CaseRow) (page.Answer, error) {
	var ids []string
	for _, r := range rows {
		ids = append(ids, r.AcceptID)
	}
	l := newListing(q, ids)
	a, err := l.export(page.List{Title: "市场主体清单", Of: []string{fmt.Sprintf("%d件案件", len(ids))}},
		fmt.Sprintf("选中的%d件案件的清单", len(ids)))
	if errors.Is(err, page.ErrTooMany) {
		err = q.TooMany()
	}
	return a, err
}

// listing is the lists of cases while they leave.
type listing struct {
	q       *page.Request
	ids     []string
	columns []listColumn
	outside bool // it is for the sender
	read    func() iter.Seq2[casework.ListedEntity, error]
	counts  map[string]*listCount // by acceptid
}

// listCount is how many rows of one list leave, and how.
type listCount struct {
	rows  int
	whole bool // with whole names
}

func newListing(q *page.Request, ids []string) *listing {
	all := func() iter.Seq2[casework.ListedEntity, error] {
		return q.Cases.ExportLists(q.Context(), q.Who, ids)
	}
	return &listing{q: q, ids: ids, columns: listColumns(q), read: all, counts: make(map[string]*listCount)}
}

// export is the answer that gives the lists out; what is what they are called in the audit.
func (l *listing) export(to page.List, what string) (page.Answer, error) {
	to.Query, to.Right, to.Rows = what+"，姓名按各案的查看权限遮盖", intake.LookCases, l.rows()
	for _, c := range l.columns {
		to.Heads = append(to.Heads, c.Head)
	}
	to.Noted = func(kind string) (es []casework.Export) {
		for _, id := range l.ids {
			es = append(es, casework.Export{List: id, Query: what + l.namesOf(id), Kind: kind, Rows: l.of(id).rows})
		}
		return es
	}
	return l.q.Export(to, l.q.Field("kind"))
}

func (l *listing) of(id string) *listCount {
	if l.counts[id] == nil {
		l.counts[id] = new(listCount)
	}
	return l.counts[id]
}

func (l *listing) namesOf(id string) string { return namesText(l.of(id).whole) }

// namesText says for the audit whether the names that leave are whole.
func namesText(whole bool) string {
	if whole {
		return "，姓名完整"
	}
	return "，姓名遮盖"
}

// rows are the rows of all lists, case by case.
func (l *listing) rows() iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for e, err := range l.read() {
			var row []string
			if err == nil {
				row, err = l.row(e)
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

func (l *listing) row(e casework.ListedEntity) (row []string, err error) {
	c := l.of(e.Case.AcceptID)
	if c.rows == 0 {
		if c.whole, err = l.q.Cases.Revealed(l.q.Context(), l.q.Who, l.q.Who.Token, e.Case.No); err != nil {
			return nil, err
		}
	}
	c.rows++
	r := newListedRow(e, c.whole, l.outside)
	for _, column := range l.columns {
		row = append(row, column.text(r))
	}
	return row, nil
}
