package caselist

import (
	"fmt"

	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

// printCases makes the list of cases whole.
func printCases(q *page.Request, d *casesData, search intake.CaseQuery) error {
	query, err := describeQuery(q)
	if err != nil {
		return err
	}
	var p casework.CasePage
	for r, err := range q.Cases.AllCases(q.Context(), q.Who, search) {
		if err != nil {
			return err
		}
		if len(p.Rows) == page.PrintRows {
			d.Paper.LeftOut = fmt.Sprintf("一次至多打印%s件，以后的没有打印：请用受理时间等条件分几次查询、打印，或导出全部。", display.Count(page.PrintRows))
			break
		}
		p.Rows = append(p.Rows, r)
	}
	if err := q.Noted("案件", query, len(p.Rows)); err != nil {
		return err
	}
	d.Paper.Rows = len(p.Rows)
	if err := fillCaseRows(q, d, p); err != nil {
		return err
	}
	for _, row := range d.Rows {
		for i := range row.Cells {
			row.Cells[i].Short = "" // there is no title on paper
		}
	}
	d.Pager = page.Counted{}
	return nil
}
