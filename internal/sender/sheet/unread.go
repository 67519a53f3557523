package sheet

import (
	"diaoxiao/internal/grid"
	"fmt"
)

// remarkUnread remarks on each visible sheet that says something and is not used, unless it was named as a list before:
// named is the sheet that --sheet names, "" where the list was looked for.
func remarkUnread(w *grid.Workbook, list candidate, named string, note func(Problem)) {
	told := 0
	for _, s := range w.Sheets {
		if s.Hidden || s.Name == list.Name || isCalled(s, casesSheet) || isCalled(s, helpSheet) {
			continue
		}
		p, any := unusedSheet(w, s, named)
		if any && told == maxLists {
			note(Problem{Place: w.Place, Text: "还有别的工作表有内容，未读取", Next: unreadStep})
			return
		}
		if any {
			told++
			note(p)
		}
	}
}

// unusedSheet is the remark on a sheet, false where it says nothing, or has the headings of a list without a row.
func unusedSheet(w *grid.Workbook, s grid.SheetPart, named string) (p Problem, any bool) {
	c, err := candidateOf(w, s)
	p = Problem{Place: c.Place, Text: "该工作表无法读取，未使用", Next: unreadStep}
	if err != nil {
		return p, true
	}
	if c.isList() && named == "" {
		return p, false
	}
	if !c.isList() {
		c.head.row = 0
	}
	row, err := c.firstRow()
	if err == nil {
		p.Text = fmt.Sprintf("该工作表有内容（第%d行起），未读取", row)
	}
	return p, err != nil || row > 0
}

const unreadStep = "如其中有要报送的市场主体，并入清单的工作表；否则不必处理"
