package cases

import (
	"fmt"
	"strconv"

	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

// entitiesToPrint reads the list of a case from a position on, up to printRows, and reports whether there are more.
func entitiesToPrint(q *page.Request, caseNo int64, from int, which casework.EntityFilter) (
	all []casework.DoubtedEntity, more bool,
	err error) {
	for {
		es, err := q.Cases.CaseEntities(q.Context(), q.Who, caseNo, from, page.PrintPage, which)
		if err != nil {
			return nil, false, err
		}
		if all = append(all, es...); len(all) > page.PrintRows {
			return all[:page.PrintRows], true, nil
		}
		if len(es) < page.PrintPage {
			return all, false, nil
		}
		from = es[len(es)-1].Pos + 1
	}
}

// sheetHead is at the top of each sheet of a printed case: which one it is, and whether it has whole names.
func (d caseData) sheetHead() string {
	head := caseHead(d.CaseRow)
	if d.List.Revealed {
		head += "　姓名完整，属个人信息"
	}
	return head
}

// caseHead names a case at the top of each sheet.
func caseHead(r intake.CaseRow) string {
	return "案件编号 " + display.Plain(r.CaseID) + "　受理号 " + r.AcceptID
}

// printEntities makes the list of a case's page whole.
func printEntities(q *page.Request, d *caseData, from int, which casework.EntityFilter) error {
	l := &d.List
	es, more, err := entitiesToPrint(q, d.No, from, which)
	if err != nil {
		return err
	}
	if err := q.Noted(d.AcceptID, "打印本案清单"+namesText(l.Revealed), len(es)); err != nil {
		return err
	}
	for _, e := range es {
		l.Rows = append(l.Rows, newEntityRow(q, d.AcceptID, e, l.Revealed))
	}
	if l.Paper = (page.Paper{Rows: len(es)}); more {
		last := es[len(es)-1].Pos + 1
		l.Paper.LeftOut = fmt.Sprintf("本清单共%s户，一次至多打印%s户，到第%s户为止，以后的没有打印：请接着打印，或只打印有提示的，或导出全部。",
			display.Count(d.Items), display.Count(page.PrintRows), display.Count(last))
		l.Paper.Next = l.Print + "&at=" + strconv.Itoa(last+1)
	}
	return nil
}
