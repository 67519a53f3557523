// Package proposals is the proposals that one person made and another decides on: those that wait, each with the exact
// firms that it is about, and the decision on one or on several.
package proposals

import (
	"embed"
	"strconv"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
)

//go:embed *.html
var templates embed.FS

// Pages are the list of proposals and each of them.
func Pages() page.Group {
	return page.Group{Templates: templates, Routes: []page.Route{
		page.Section("/proposals", "复核", intake.LookCases, listPage).Counting(waiting),
		page.Post("/proposals/decide", intake.ConfirmReturns, decideSeveral),
		page.Get("/proposals/{no}", intake.LookCases, onePage),
		page.Post("/proposals/{no}/decide", intake.ConfirmReturns, decideOne),
		page.Post("/proposals/{no}/withdraw", intake.WorkCases, withdraw),
	}, Notices: map[string]string{
		"proposalwithdrawn": "申请已撤回。",
		"proposalrefused":   "已登记不同意，申请了结。",
		"proposalconfirmed": "已同意，决定已生效。",
	}}
}

// mostListed is how many proposals a list has, and how many are decided on at once.
const mostListed = 100

// waiting is how many proposals wait for the officer.
func waiting(q *page.Request) (n int) {
	if !q.Who.Role.May(intake.ConfirmReturns) {
		return 0
	}
	n, err := q.Cases.CountDecidable(q.Context(), q.Who, mostListed)
	if err != nil {
		return 0 // the page itself says what is wrong
	}
	return n
}

// listData is the list of proposals.
type listData struct {
	Which   string // "waiting", "mine" or "all"
	Rows    []row
	Decide  bool // several may be decided on
	Results []result
	Next    string
	Choice  string
	Text    string
}

// row is one proposal in a list.
type row struct {
	casework.ProposalRow
	By, Case string
	May      bool // the officer may decide on it
	Answered string
}

func listPage(q *page.Request) (page.Answer, error) { return showList(q, nil, nil) }

// showList shows the proposals that the query asks for, with what came of a decision on several of them.
func showList(q *page.Request, results []result, problem error) (page.Answer, error) {
	d := listData{Which: q.Field("which"), Results: results, Choice: q.Field("choice"), Text: q.FormValue("text")}
	query := intake.ProposalQuery{Limit: mostListed}
	switch d.Which {
	case "all":
	case "mine":
		query.By = q.Who.Actor()
	default:
		d.Which, query.Waiting = "waiting", true
	}
	if after := q.Field("after"); after != "" {
		n, err := strconv.ParseInt(after, 10, 64)
		if err != nil {
			return nil, intake.ErrNotFound
		}
		query.After = n
	}
	ps, err := q.Cases.Proposals(q.Context(), q.Who, query)
	if err != nil {
		return nil, err
	}
	for _, p := range ps {
		r := newRow(q, p)
		d.Decide = d.Decide || r.May
		d.Rows = append(d.Rows, r)
	}
	if len(ps) == mostListed {
		d.Next = q.Link("/proposals?which=" + d.Which + "&after=" + strconv.FormatInt(ps[len(ps)-1].No, 10))
	}
	return page.View{Template: "proposal_list", Title: "复核", Data: d, Problem: problem}, nil
}

func newRow(q *page.Request, p casework.ProposalRow) row {
	r := row{ProposalRow: p, By: q.Person(p.By), Case: q.Link("/cases/" + p.Case.AcceptID), May: p.MayDecide(q.Who)}
	if p.Answer != release.Waits {
		r.Answered = p.Answer.String() + "，" + q.Person(p.AnsweredBy) + "，" + page.Clock(p.Answered)
	}
	return r
}
