package proposals

import (
	"errors"
	"strconv"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

// oneData is one proposal with the firms that it is about.
type oneData struct {
	casework.ProposalFile
	Row      row
	Firms    []page.SetFirm
	Doubtful []string // what is doubtful about its firms, and who cleared them, while it waits
	Filter   string   // "found": only those with findings; "rule": those by Rule; "": all
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
		Withdraw: f.MayWithdraw(q.Who), Choice: q.Field("choice"), Text: q.FormValue("text"),
		Doubtful: q.DoubtsText(f.Doubts)}
	if f.Asker.Kind != "" {
		d.Asker = page.Clock(f.Asker.At) + " 由 " + q.Person(f.Asker.By) + " " + f.Asker.Kind.String()
	}
	path := q.Link("/proposals/" + strconv.FormatInt(no, 10))
	d.All, d.Found = path, path+"?only=found"
	if d.Rule, _ = strconv.Atoi(q.Field("rule")); d.Rule > 0 {
		d.Filter = "rule"
	}
	for _, c := range f.Rules {
		link := path + "?rule=" + strconv.Itoa(c.Rule)
		d.Sum = append(d.Sum, ruleSum{page.FoundTag(c.Rule, ""), c.Rule, c.Firms, link})
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
		d.Firms = append(d.Firms, q.NewSetFirm(d.Case.AcceptID, e))
	}
	return err
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
