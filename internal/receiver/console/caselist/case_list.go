// Package caselist is the list of cases: what a query selects, its columns, its files, and acts on many cases at once.
//
// The decision you could not guess: the list keeps nothing. Its whole query is in its address, and the page of a case
// carries that along, so that each case leads back to the list from which it was opened.
package caselist

import (
	"embed"
	"errors"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

//go:embed *.html
var templates embed.FS

// GiveLists gives out the lists of firms of cases in one file. ErrInvalid says why it cannot.
type GiveLists func(*page.Request, []intake.CaseRow) (page.Answer, error)

// Pages are the list of cases and the acts on many of them.
func Pages(lists GiveLists) page.Group {
	return page.Group{Templates: templates, Routes: []page.Route{
		page.Section("/cases", "案件", intake.LookCases, casesPage),
		page.Post("/cases/columns", intake.LookCases, chooseCaseColumns),
		page.Post("/cases/export", intake.LookCases, exportCases),
		page.Post("/cases/lists", intake.LookCases, exportLists(lists)),
		page.Post("/cases/bulk", intake.WorkCases, bulkPage),
		page.Post("/cases/bulk/do", intake.WorkCases, doBulk),
	}}
}

// casesData is the list of cases.
type casesData struct {
	page.Fields
	Apps    []intake.AppDetail
	States  []page.Choice
	Columns []columnChoice
	Heads   []sortedHead
	Rows    []listRow
	// Picked: every row is ticked; PickAll leads to the page where they are.
	Picked          bool
	PickAll         string
	Bulk, BulkLists string // the paths of acts on many cases
	Deeds           []bulkDeed
	Pager           page.Counted
	Marks           []mark
	More            bool // one of the fields that fold is filled in
	Guess           int  // the year whose holidays are not known and matter; 0: none does
	// Reset is the path without the query, Export and Choose are the paths of the forms with it.
	Reset, Export, Choose string
	// Alarmed leads to the cases that have something severe since they were checked or published; "": there are none.
	Alarmed string
	Print   string   // all cases of the query, to be printed
	Mine    string   // the cases with which the asker did something
	People  []string // who may be asked for as 办理人
	Paper   page.Paper
}

// listRow is one case of the list.
type listRow struct {
	AcceptID string
	Cells    []cell
}

func casesPage(q *page.Request) (page.Answer, error) { return showCases(q, nil) }

// showCases shows the list that the query asks for, or with what is wrong about the query.
func showCases(q *page.Request, problem error) (page.Answer, error) {
	search, err := q.CaseQuery()
	if problem == nil {
		problem = err
	}
	data, err := casesForm(q)
	if err != nil {
		return nil, err
	}
	if problem == nil {
		to, marks, err := recognise(q, &search)
		if to != nil || err != nil {
			return to, err
		}
		data.Marks = append(marks, data.Marks...)
	}
	if problem == nil && q.Printing() {
		problem = printCases(q, &data, search)
	} else if problem == nil {
		var p casework.CasePage
		if p, problem = q.Cases.SearchCases(q.Context(), q.Who, search); problem == nil {
			if other := otherSpelling(q, search, p); other != nil {
				return other, nil
			}
			err = errors.Join(fillCaseRows(q, &data, p), countCases(q, &data, search))
		}
	}
	if err != nil || problem != nil && !errors.Is(problem, intake.ErrInvalid) {
		return nil, errors.Join(err, problem)
	}
	return page.View{Template: "case_list", Wide: true, Title: "案件", Data: data, Problem: problem}, nil
}

// casesForm is the page without its rows.
func casesForm(q *page.Request) (d casesData, err error) {
	if d.Apps, err = q.Desk.Apps(q.Context(), q.Who); err != nil {
		return d, err
	}
	for _, s := range intake.CaseStates() {
		d.States = append(d.States, page.Choice{Value: string(s), Title: page.StateTitle(s)})
	}
	alarmed, err := q.Cases.SearchCases(q.Context(), q.Who, intake.CaseQuery{State: intake.StateAlarmed, Limit: 1})
	if err != nil {
		return d, err
	}
	if len(alarmed.Rows) > 0 && q.Field("state") != string(intake.StateAlarmed) {
		d.Alarmed = q.Link("/cases?state=alarmed")
	}
	d.Fields, d.Marks = page.Fields(q.Selection()), hiddenMarks(q)
	for _, f := range []string{"name", "org", "decidedfrom", "decidedto", "handler"} {
		d.More = d.More || q.Field(f) != ""
	}
	d.Print, d.Mine = q.PrintLink(), q.Link("/cases?handler="+page.HandlerMine)
	d.People = q.Colleagues()
	d.Picked, d.PickAll = q.Field("pick") != "", pickAll(q)
	d.Bulk, d.BulkLists = q.Link(q.Selecting("/cases/bulk")), q.Link(q.Selecting("/cases/lists"))
	if q.Who.Role.May(intake.WorkCases) {
		d.Deeds = bulkDeeds()
	}
	d.Reset, d.Export, d.Choose = q.Link("/cases"), q.Link(q.Selecting("/cases/export")),
		q.Link(q.Selecting("/cases/columns"))
	return d, nil
}

func fillCaseRows(q *page.Request, d *casesData, p casework.CasePage) error {
	columns, err := chosenColumns(q)
	if err != nil {
		return err
	}
	d.Columns = chosen(columns)
	for _, c := range columns {
		d.Heads = append(d.Heads, sortableHead(q, c))
	}
	for _, r := range p.Rows {
		var row []cell
		for _, c := range columns {
			row = append(row, c.cell(q, r))
		}
		d.Rows = append(d.Rows, listRow{r.AcceptID, row})
		if casework.ToPublish(r) {
			d.Guess = max(d.Guess, q.Deadline(r.PenaltyDate).Guess)
		}
	}
	if n := len(p.Rows); n > 0 {
		first, last := p.Rows[0].Key(), p.Rows[n-1].Key()
		d.Pager.Pager = q.Pager(page.CaseKeyText(first), page.CaseKeyText(last), p.Before, p.Behind)
	} else if q.PastFirst() {
		d.Pager.First = q.PageAt("", "")
	}
	return nil
}

// countCases says how many cases there are, and which page of them is shown.
func countCases(q *page.Request, d *casesData, search intake.CaseQuery) error {
	n, more, err := q.Cases.CountCases(q.Context(), q.Who, search)
	d.Pager = q.Counted(d.Pager.Pager, n, more, "件")
	return err
}

// pickAll is the same page with every case of it ticked, for browsers without a script.
func pickAll(q *page.Request) string {
	v := q.URL.Query()
	v.Set("pick", "1")
	return q.Link("/cases?" + v.Encode())
}
