package sheet

import (
	"fmt"
	"io"
	"slices"

	"diaoxiao/internal/grid"
)

// findList finds the sheet that holds the list: the named one; else among the visible ones that have all its headings
// the one called 清单, or the only one; else the one with most of them, for the message about what is missing. Lists that
// are left out are remarked on.
func findList(w *grid.Workbook, name string, note func(Problem)) (candidate, error) {
	var best candidate
	var full []candidate
	for _, s := range w.Sheets {
		if name == "" && (isCalled(s, casesSheet) || isCalled(s, helpSheet)) || name != "" && s.Name != name {
			continue
		}
		c, err := candidateOf(w, s)
		switch {
		case err != nil && s.Hidden && name == "":
			note(Problem{Place: c.Place, Text: "隐藏的工作表无法读取，未使用", Next: "如是清单，取消隐藏后另存再重试"})
		case err != nil:
			return c, err
		case s.Hidden && name == "":
			err = remarkLeftOut(w, c, note)
		case c.isList():
			full = append(full, c)
		case best.Part == nil || c.head.entities() > best.head.entities():
			best = c
		}
		if err != nil && !s.Hidden || len(full) > maxLists {
			break
		}
	}
	switch {
	case len(full) > 0:
		return chooseList(w, full, note)
	case best.Part == nil:
		return best, noSheet(w, name)
	}
	return best, nil
}

// candidateOf looks for headings in a sheet.
func candidateOf(w *grid.Workbook, s grid.SheetPart) (c candidate, err error) {
	c = candidate{SheetPart: s, Table: w.Table(s)}
	c.head, c.first, err = findHead(c.Table)
	return c, err
}

// chooseList takes the one that is called 清单, or the only one.
func chooseList(w *grid.Workbook, full []candidate, note func(Problem)) (candidate, error) {
	named := slices.DeleteFunc(slices.Clone(full), func(c candidate) bool { return !isCalled(c.SheetPart, listSheet) })
	if len(full) == 1 {
		named = full
	}
	if len(named) == 1 {
		for _, c := range full {
			if c.Name != named[0].Name {
				if err := remarkLeftOut(w, c, note); err != nil {
					return c, err
				}
			}
		}
		return named[0], nil
	}
	var names []string
	for _, c := range full {
		names = append(names, "“"+grid.Brief(c.Name)+"”")
	}
	return candidate{}, &Problem{
		Place: w.Place,
		Text:  "有几个工作表像清单：" + listed(names),
		Next:  "用 --sheet 指明其中一个",
		Fatal: true,
	}
}

// remarkLeftOut remarks on a list that is not used, if it has a row.
func remarkLeftOut(w *grid.Workbook, c candidate, note func(Problem)) error {
	if !c.isList() {
		return nil
	}
	row, err := c.firstRow()
	if err != nil || row == 0 {
		return err
	}
	text := "该工作表也像清单（第%d行起有市场主体），未使用"
	if c.Hidden {
		text = "隐藏的工作表也像清单（第%d行起有市场主体），未使用"
	}
	note(Problem{Place: c.Place, Text: fmt.Sprintf(text, row), Next: "如也要报送，用 --sheet 指明，或并入同一工作表"})
	return nil
}

// firstRow is the first row below the headings that says anything, 0 where there is none.
func (c candidate) firstRow() (int, error) {
	r, err := c.Open()
	if err != nil {
		return 0, err
	}
	defer r.Close()
	for {
		l, err := r.Next()
		switch {
		case err == io.EOF:
			return 0, nil
		case err != nil:
			return 0, err
		case l.Row > c.head.row && !grid.IsBlank(l.Cells):
			return l.Row, nil
		}
	}
}
