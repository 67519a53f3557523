package cases

import (
	"errors"
	"iter"

	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

// exportCases gives out every case that the query selects, in the columns shown.
func exportCases(q *page.Request) (page.Answer, error) {
	search, err := readCaseQuery(q)
	if err != nil {
		return showCases(q, err)
	}
	columns, err := chosenColumns(q)
	if err != nil {
		return nil, err
	}
	query, err := describeQuery(q)
	if err != nil {
		return nil, err
	}
	l := page.List{Title: "案件", Query: query, Right: intake.LookCases, Rows: exportedCases(q, search, columns)}
	for _, c := range columns {
		l.Heads = append(l.Heads, page.Head{Title: c.title, Number: c.number})
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
