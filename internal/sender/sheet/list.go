package sheet

import (
	"fmt"
	"io"
	"slices"
)

// findList finds the sheet that holds the list: the named one; else among the visible ones that have all its headings the
// one called 清单, or the only one; else the one with most of them, for the message about what is missing. Lists that are
// left out are remarked on.
func findList(w *workbook, name string, note func(Problem)) (candidate, error) {
	var best candidate
	var full []candidate
	for _, s := range w.sheets {
		if name == "" && (isCalled(s, casesSheet) || isCalled(s, helpSheet)) || name != "" && s.name != name {
			continue
		}
		c, err := candidateOf(w, s)
		switch {
		case err != nil && s.hidden && name == "":
			note(Problem{Place: c.place, Text: "隐藏的工作表无法读取，未使用", Next: "如是清单，取消隐藏后另存再重试"})
		case err != nil:
			return c, err
		case s.hidden && name == "":
			err = remarkLeftOut(w, c, note)
		case c.isList():
			full = append(full, c)
		case best.part == nil || c.head.entities() > best.head.entities():
			best = c
		}
		if err != nil && !s.hidden || len(full) > maxLists {
			break
		}
	}
	switch {
	case len(full) > 0:
		return chooseList(w, full, note)
	case best.part == nil:
		return best, noSheet(w, name)
	}
	return best, nil
}

// candidateOf looks for headings in a sheet.
func candidateOf(w *workbook, s sheetPart) (c candidate, err error) {
	c = candidate{sheetPart: s, table: w.table(s)}
	c.head, c.first, err = findHead(c.table)
	return c, err
}

// chooseList takes the one that is called 清单, or the only one.
func chooseList(w *workbook, full []candidate, note func(Problem)) (candidate, error) {
	named := slices.DeleteFunc(slices.Clone(full), func(c candidate) bool { return !isCalled(c.sheetPart, listSheet) })
	if len(full) == 1 {
		named = full
	}
	if len(named) == 1 {
		for _, c := range full {
			if c.name != named[0].name {
				if err := remarkLeftOut(w, c, note); err != nil {
					return c, err
				}
			}
		}
		return named[0], nil
	}
	var names []string
	for _, c := range full {
		names = append(names, "“"+brief(c.name)+"”")
	}
	return candidate{}, &Problem{Place: w.place, Text: "有几个工作表像清单：" + listed(names), Next: "用 --sheet 指明其中一个", Fatal: true}
}

// remarkLeftOut remarks on a list that is not used, if it has a row.
func remarkLeftOut(w *workbook, c candidate, note func(Problem)) error {
	if !c.isList() {
		return nil
	}
	row, err := c.firstRow()
	if err != nil || row == 0 {
		return err
	}
	text := "该工作表也像清单（第%d行起有市场主体），未使用"
	if c.hidden {
		text = "隐藏的工作表也像清单（第%d行起有市场主体），未使用"
	}
	note(Problem{Place: c.place, Text: fmt.Sprintf(text, row), Next: "如也要报送，用 --sheet 指明，或并入同一工作表"})
	return nil
}

// firstRow is the first row below the headings that says anything, 0 where there is none.
func (c candidate) firstRow() (int, error) {
	r, err := c.open()
	if err != nil {
		return 0, err
	}
	defer r.close()
	for {
		l, err := r.next()
		switch {
		case err == io.EOF:
			return 0, nil
		case err != nil:
			return 0, err
		case l.row > c.head.row && !isBlank(l.cells):
			return l.row, nil
		}
	}
}
