// Package mine is what waits for the person who is signed in (我的待办), and what that person has done lately.
//
// The decision you could not guess: a proposal that was refused stays at the head until its author does something with
// the case, whatever that is. Nobody has to tick anything off.
package mine

import (
	"embed"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

//go:embed *.html
var templates embed.FS

// Pages are the page of what waits for the officer.
func Pages() page.Group {
	return page.Group{Templates: templates, Routes: []page.Route{
		page.Section("/mine", "我的待办", intake.LookCases, minePage).Counting(waiting),
	}}
}

// waiting is how much waits for the officer alone.
func waiting(q *page.Request) int {
	n, err := q.Cases.CountMine(q.Context(), q.Who)
	if err != nil {
		return 0 // the page itself says what is wrong
	}
	return n
}

// mineData is what waits for the officer, and what the officer has done.
type mineData struct {
	Refused, Decide, Waiting []page.ProposalLine
	Claimed, Lately          []work
	Works, Reviews           bool   // what the officer may do
	Proposed, Done           string // where all of it is
}

// work is one case in a line.
type work struct {
	intake.CaseRow
	Link     string
	States   []page.Tag
	Doubts   []page.Tag
	Deadline page.Deadline
	Due      bool // something is to be published
	Since    string
	Last     intake.CaseEvent
}

func minePage(q *page.Request) (page.Answer, error) {
	m, err := q.Cases.Mine(q.Context(), q.Who)
	if err != nil {
		return nil, err
	}
	d := mineData{Refused: q.ProposalLines(m.Refused), Decide: q.ProposalLines(m.Decide),
		Waiting: q.ProposalLines(m.Waiting),
		Works:   q.Who.Role.May(intake.WorkCases), Reviews: q.Who.Role.May(intake.ConfirmReturns),
		Proposed: q.Link("/proposals?which=mine"), Done: q.Link("/cases?handler=" + page.HandlerMine)}
	for _, r := range m.Claimed {
		d.Claimed = append(d.Claimed, newWork(q, r, intake.CaseEvent{}))
	}
	for _, r := range m.Lately {
		d.Lately = append(d.Lately, newWork(q, r.CaseRow, r.Last))
	}
	return page.View{Template: "mine", Title: "我的待办", Data: d}, nil
}

func newWork(q *page.Request, r intake.CaseRow, last intake.CaseEvent) work {
	return work{CaseRow: r, Link: q.Link("/cases/" + r.AcceptID), States: q.States(r), Doubts: page.Doubts(r),
		Deadline: q.Deadline(r.PenaltyDate), Due: casework.ToPublish(r), Since: page.Ago(r.Claim.At, q.Clock()),
		Last: last}
}
