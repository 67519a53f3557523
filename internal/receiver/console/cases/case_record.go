package cases

import (
	"fmt"
	"strconv"

	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/release"
)

// recordData is the record of what was compared with the registry (核对记录), firm by firm.
type recordData struct {
	casework.CaseFile
	App        intake.App
	Choices    []recordChoice
	Which      recordChoice
	Comparison page.Comparison
	States     []stateCount
	Listed     []recordRow
	Proposals  []proposalLine
	Whole      bool   // names are whole
	Paper      string // what is left out, and where it is; "": all is there
	Next       string // the page with the rest
	Here       string // the path of the case
}

// recordChoice is a choice of rows.
type recordChoice struct {
	Key, Title string
	Here       bool
	Link       string
	has        func(casework.DoubtedEntity) bool
}

// recordChoices are the choices, the usual one first.
func recordChoices() []recordChoice {
	return []recordChoice{
		{Key: "flagged", Title: "有疑点的", has: isFlagged},
		{Key: "checked", Title: "逐户核对过的", has: wasChecked},
		{Key: "all", Title: "全部", has: func(casework.DoubtedEntity) bool { return true }},
	}
}

// isFlagged reports whether a firm is to be compared: a finding about it, a verdict other than 一致, or an outcome.
func isFlagged(e casework.DoubtedEntity) bool {
	doubt := e.Judged.Shown != register.Consistent && e.Judged.Shown != register.NotCompared
	return len(e.Findings)+len(e.Marks) > 0 || doubt || wasChecked(e)
}

func wasChecked(e casework.DoubtedEntity) bool { return e.Firm.Check.Outcome != release.NotChecked }

// stateCount is how many firms of the list are in a state.
type stateCount struct {
	Title string
	Rows  int
}

// recordRow is one firm on paper.
type recordRow struct {
	noticeRow
	Firm                     *page.Firm // as the register has it; nil: there is none
	State, Holds             string
	Outcome, Remark, By, Day string
	Again                    bool // something came up since the person compared it
}

// proposalLine is a proposal on paper, with the decision.
type proposalLine struct {
	Kind, Rows, Count, Day, Reason, By, At string
	Answer, AnsweredBy, Answered, Reply    string
}

func recordPage(q *page.Request) (page.Answer, error) {
	f, err := q.Cases.CaseFile(q.Context(), q.Who, q.PathValue("acceptid"))
	if err != nil {
		return nil, err
	}
	if f.Verified.IsZero() {
		return showCase(q, intake.Invalid("本案正在核验，还不能打印核对记录，请稍后再试"))
	}
	from, err := position(q.Field("at"))
	if err != nil {
		return showCase(q, err)
	}
	d := recordData{CaseFile: f, Here: q.Link("/cases/" + f.AcceptID)}
	for _, fill := range []func() error{
		func() error { return d.choose(q) }, func() error { return d.fillCase(q) },
		func() error { return d.fillRows(q, from) }, func() error { return d.fillProposals(q) },
	} {
		if err := fill(); err != nil {
			return nil, err
		}
	}
	return page.View{Template: "case_record", Title: "核对记录", Data: d, Wide: true,
		Head: caseHead(f.CaseRow)}, nil
}

// choose reads which rows are asked for.
func (d *recordData) choose(q *page.Request) error {
	asked := q.Field("which")
	for i, c := range recordChoices() {
		c.Link = d.Here + "/record?which=" + c.Key
		if c.Here = c.Key == asked || asked == "" && i == 0; c.Here {
			d.Which = c
		}
		d.Choices = append(d.Choices, c)
	}
	if d.Which.Key == "" {
		return intake.ErrNotFound
	}
	return nil
}

func (d *recordData) fillCase(q *page.Request) (err error) {
	if d.App, err = appOf(q, d.AppID); err != nil {
		return err
	}
	if d.Whole, err = q.Cases.Revealed(q.Context(), q.Who, q.Who.Token, d.No); err != nil {
		return err
	}
	for _, s := range release.States() {
		if n := d.Firms.Of(s); n > 0 {
			d.States = append(d.States, stateCount{s.String(), n})
		}
	}
	d.Comparison, err = q.Comparison(d.No, "", func(string) string { return "" })
	return err
}

// fillRows reads the firms from a position on, up to page.PrintRows.
func (d *recordData) fillRows(q *page.Request, from int) error {
	for e, err := range q.Cases.EachEntity(q.Context(), q.Who, d.No, from, casework.EntityFilter{}) {
		if err != nil {
			return err
		}
		if !d.Which.has(e) {
			continue
		}
		if len(d.Listed) == page.PrintRows {
			d.Paper = fmt.Sprintf("一次至多打印%s户，清单第%d条以后的没有打印，请接着打印。", display.Count(page.PrintRows), e.Pos)
			d.Next = d.Which.Link + "&at=" + strconv.Itoa(e.Pos+1)
			break
		}
		d.Listed = append(d.Listed, d.row(q, e))
	}
	return q.Noted(d.AcceptID, "打印核对记录（"+d.Which.Title+"）"+namesText(d.Whole), len(d.Listed))
}

func (d *recordData) row(q *page.Request, e casework.DoubtedEntity) recordRow {
	r := recordRow{noticeRow: newNoticeRow(newListedRow(casework.ListedEntity{Case: d.CaseRow, Entity: e},
		d.Whole, false))}
	if e.Judged.Firm != (register.Firm{}) {
		firm := page.NewFirm(e.Judged.Firm, d.Whole)
		r.Firm = &firm
	}
	r.State, r.Holds = stateText(e.Firm), holdsText(e.Firm)
	if c := e.Firm.Check; wasChecked(e) {
		r.Outcome, r.Remark, r.By, r.Day = c.Outcome.String(), display.Plain(c.Remark), q.Person(c.By),
			page.Clock(c.At)
		r.Again = !e.Firm.Covers
	}
	return r
}

// fillProposals lists what was proposed about the case, and who decided.
func (d *recordData) fillProposals(q *page.Request) error {
	if !d.proposed() {
		return nil
	}
	ps, err := q.Cases.Proposals(q.Context(), q.Who, intake.ProposalQuery{CaseNo: d.No, Limit: 200})
	for _, p := range ps {
		d.Proposals = append(d.Proposals, proposalLine{p.Kind.String(), page.RowsText(p.Rows), display.Count(p.Count),
			p.Day, display.Plain(p.Reason), q.Person(p.By), page.Clock(p.At), p.Answer.String(),
			q.Person(p.AnsweredBy), page.Clock(p.Answered), display.Plain(p.Reply)})
	}
	return err
}

// proposed reports whether anything was proposed about the case.
func (d *recordData) proposed() bool {
	for _, e := range d.Events {
		if e.ProposalNo != 0 {
			return true
		}
	}
	return false
}
