package caselist

import (
	"errors"
	"iter"
	"slices"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

// exportCases gives out every case that the query selects, in the columns shown.
func exportCases(q *page.Request) (page.Answer, error) {
	search, err := selected(q)
	if err != nil {
		return showCases(q, err)
	}
	columns, err := exportedColumns(q)
	if err != nil {
		return nil, err
	}
	query, err := describeQuery(q)
	if err != nil {
		return nil, err
	}
	l := page.List{Title: "案件", Query: query, Right: intake.LookCases, Rows: exportedCases(q, search, columns)}
	for _, c := range columns {
		l.Heads = append(l.Heads, headOf(c))
	}
	a, err := q.Export(l, q.Field("kind"))
	switch {
	case errors.Is(err, page.ErrTooMany):
		return showCases(q, q.TooMany())
	case errors.Is(err, intake.ErrInvalid):
		return showCases(q, err)
	}
	return a, err
}

// exportedColumns are those chosen, and the caseid, by which people know a case.
func exportedColumns(q *page.Request) ([]caseColumn, error) {
	cs, err := chosenColumns(q)
	is := func(c caseColumn) bool { return c.key == "caseid" }
	if !slices.ContainsFunc(cs, is) {
		cs = slices.Insert(cs, 1, caseColumns[slices.IndexFunc(caseColumns, is)])
	}
	return cs, err
}

// timeColumns are the columns of the list of cases that hold a day or a time.
var timeColumns = []string{"received", "penaltydate", "due", "published", "checked", "returned"}

// wideColumns are the columns of the list of cases that need more room in a workbook than the usual one.
var wideColumns = map[string]float64{"acceptid": 20, "received": 19, "app": 26, "caseid": 26,
	"casename": 36, "penaltyorg": 28, "penaltydate": 13, "items": 7, "findings": 20, "severe": 7, "warnings": 7,
	"notices": 7, "state": 20, "handler": 18}

// headOf is the head of a column in a file.
func headOf(c caseColumn) page.Head {
	return page.Head{Title: c.title, Number: c.number, Time: slices.Contains(timeColumns, c.key),
		Width: wideColumns[c.key], Wrap: slices.Contains([]string{"app", "casename", "penaltyorg"}, c.key)}
}

func exportedCases(q *page.Request, search intake.CaseQuery, columns []caseColumn) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for r, err := range q.Cases.AllCases(q.Context(), q.Who, search) {
			row := make([]string, len(columns))
			if err == nil {
				for i, c := range columns {
					row[i] = c.cell(q, r).String()
				}
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// exportLists gives out the lists of firms of the chosen cases.
func exportLists(give GiveLists) page.Serve {
	return func(q *page.Request) (page.Answer, error) {
		rows, err := chosenCases(q)
		var a page.Answer
		if err == nil {
			a, err = give(q, rows)
		}
		if errors.Is(err, intake.ErrInvalid) {
			return showCases(q, err)
		}
		return a, err
	}
}
