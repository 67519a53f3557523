package stats

import (
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/statistics"
)

// exportStats gives out a month, and the months up to it, as a workbook.
func exportStats(q *page.Request) (page.Answer, error) {
	m, err := monthOf(q)
	if err != nil {
		return nil, err
	}
	r, err := q.Stats.Report(q.Context(), q.Who, m)
	if err != nil {
		return nil, err
	}
	lines, err := q.Stats.Months(q.Context(), q.Who, m, allMonths)
	if err != nil {
		return nil, err
	}
	return q.ExportBook(page.Book{List: page.List{Title: "统计", Of: []string{monthText(m)}, Query: monthText(m),
		Right: intake.LookCases}, Sheets: sheets(r, lines)})
}

// sheets are those of the workbook.
func sheets(r statistics.Report, lines []statistics.Line) []page.List {
	return []page.List{monthSheet(lines), appSheet(r), organSheet(r), ruleSheet(r), formulaSheet(r)}
}
