package proposals

import (
	"errors"
	"strconv"
	"strings"

	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// oneData is one proposal with the firms that it is about.
type oneData struct {
	casework.ProposalFile
	Row      row
	Firms    []firm
	Filter   string // "found": only those with findings; "rule": those by Rule; "": all
	Rule     int
	Sum      []ruleSum // of the doubtful firms of the set, while the proposal waits
	All      string
	Found    string
	Next     string
	Shown    string
	Withdraw bool
	Asker    string // what was done with the account of the one who proposed; "": nothing
	Choice   string
	Text     string
}

// firm is one firm of a proposal, in a line.
type firm struct {
	No                              int
	Link                            string
	Verdict                         page.Verdict
	UniscID, PripID, Legal, EntType string
	State                           string
	Holds                           []string
	Found                           []finding
	Check                           string // what a person found
	Alarmed                         bool
}

// finding is what is said of a firm, with its details; names are masked.
type finding struct {
	page.Tag
	Rule int
	Said string
}

// ruleSum is how many firms of the set have a finding by one rule.
type ruleSum struct {
	page.Tag
	Rule, Firms int
	Link        string
}

const firmsShown = 50

func onePage(q *page.Request) (page.Answer, error) { return showOne(q, nil) }

// numberOf is the number of the proposal in the path.
func numberOf(q *page.Request) (int64, error) {
	no, err := strconv.ParseInt(q.PathValue("no"), 10, 64)
	if err != nil || no < 1 {
		return 0, intake.ErrNotFound
	}
	return no, nil
}

// showOne shows the proposal of the path, with what was wrong about the decision.
func showOne(q *page.Request, problem error) (page.Answer, error) {
	no, err := numberOf(q)
	if err != nil {
		return nil, err
	}
	f, err := q.Cases.ProposalFile(q.Context(), q.Who, no)
	if err != nil {
		return nil, err
	}
	d := oneData{ProposalFile: f, Row: newRow(q, f.ProposalRow), Filter: q.Field("only"), Shown: digestText(f.Now),
		Withdraw: f.MayWithdraw(q.Who), Choice: q.Field("choice"), Text: q.FormValue("text")}
	if f.Asker.Kind != "" {
		d.Asker = page.Clock(f.Asker.At) + " 由 " + q.Person(f.Asker.By) + " " + f.Asker.Kind.String()
	}
	path := q.Link("/proposals/" + strconv.FormatInt(no, 10))
	d.All, d.Found = path, path+"?only=found"
	if d.Rule, _ = strconv.Atoi(q.Field("rule")); d.Rule > 0 {
		d.Filter = "rule"
	}
	for _, c := range f.Rules {
		d.Sum = append(d.Sum, ruleSum{foundTag(c.Rule, ""), c.Rule, c.Firms, path + "?rule=" + strconv.Itoa(c.Rule)})
	}
	if err := loadFirms(q, &d, path); err != nil {
		return nil, err
	}
	return page.View{Template: "proposal_show", Title: "第" + strconv.FormatInt(no, 10) + "号申请：" + f.Kind.String(),
		Head: "受理号 " + f.Case.AcceptID, Data: d, Problem: problem}, nil
}

// loadFirms reads a page of the firms that the proposal is about.
func loadFirms(q *page.Request, d *oneData, path string) error {
	from := 0
	if at := q.Field("at"); at != "" {
		n, err := strconv.Atoi(at)
		if err != nil || n < 1 {
			return intake.ErrNotFound
		}
		from = n - 1
	}
	if d.Rows == "" {
		return nil
	}
	which := casework.EntityFilter{Rows: d.Rows, Doubted: d.Filter == "found", Rule: d.Rule}
	es, err := q.Cases.CaseEntities(q.Context(), q.Who, d.CaseNo, from, firmsShown+1, which)
	if len(es) > firmsShown {
		d.Next = path + "?at=" + strconv.Itoa(es[firmsShown].Pos+1)
		switch d.Filter {
		case "found":
			d.Next += "&only=found"
		case "rule":
			d.Next += "&rule=" + strconv.Itoa(d.Rule)
		}
		es = es[:firmsShown]
	}
	for _, e := range es {
		d.Firms = append(d.Firms, newFirm(q, d.Case.AcceptID, page.Masked(e)))
	}
	return err
}

func newFirm(q *page.Request, acceptID string, e casework.DoubtedEntity) firm {
	f := firm{No: e.Pos + 1, Link: q.Link("/cases/" + acceptID + "/entities/" + strconv.Itoa(e.Pos+1)),
		Verdict: q.Verdict(e.Judged), UniscID: page.ShownCode(e.UniscID), PripID: page.ShownCode(e.PripID),
		Legal: display.Plain(e.Legal), EntType: page.ShownCode(e.EntType), State: e.Firm.State.String(),
		Holds: e.Firm.Holds.Titles(), Alarmed: e.Firm.Alarmed}
	for _, found := range e.Findings {
		f.Found = append(f.Found, finding{foundTag(found.Rule, ""), found.Rule, page.SaidOf(found)})
	}
	for _, m := range e.Marks {
		f.Found = append(f.Found, finding{foundTag(m.Rule, "（"+m.Place.String()+"）"), m.Rule, page.SaidOf(m.Found)})
	}
	if c := e.Firm.Check; c.Outcome != 0 {
		f.Check = strings.TrimRight(c.Outcome.String()+"："+display.Plain(c.Remark), "：") + "（" + q.Person(c.By) + "）"
	}
	return f
}

// foundTag is a finding in a few words.
func foundTag(rule int, more string) page.Tag {
	r, ok := rules.ByNo(rule)
	if !ok {
		return page.Tag{Class: "severe", Text: "规则" + strconv.Itoa(rule)}
	}
	return page.Tag{Class: page.SeverityClass(r.Severity), Text: r.Title + display.Plain(more)}
}

// withdraw takes the proposal back.
func withdraw(q *page.Request) (page.Answer, error) {
	no, err := numberOf(q)
	if err != nil {
		return nil, err
	}
	err = q.Cases.WithdrawProposal(q.Context(), q.Who, no)
	if errors.Is(err, intake.ErrExists) || errors.Is(err, intake.ErrInvalid) {
		return showOne(q, err)
	}
	return page.Done("/proposals/"+strconv.FormatInt(no, 10), "proposalwithdrawn"), err
}
