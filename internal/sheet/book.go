package sheet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Names of the sheets of the template.
const (
	casesSheet = "案件"
	listSheet  = "清单"
	helpSheet  = "填写说明"
)

// maxLists is how many sheets that look like lists are named.
const maxLists = 20

// candidate is a sheet with headings of a list.
type candidate struct {
	sheetPart
	table
	head  head
	first []string
}

func (c candidate) isList() bool { return c.head.entities() == int(entType-pripID)+1 }

// called reports whether a sheet has a name, blanks and full-width forms aside: who reads the names sees no difference.
func (s sheetPart) called(name string) bool { return heading(s.name) == name }

// readWorkbook reads the cases of a workbook: its list and, where there is one, its sheet 案件.
func (s *source) readWorkbook(ctx context.Context, each func(*Case) error) (err error) {
	w, err := openWorkbook(s, s.size, s.place)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	list, err := w.list(s.Sheet, s.Note)
	if err != nil {
		return err
	}
	cases, err := w.cases(list.name, s.Note)
	if err != nil {
		return err
	}
	if err := list.head.check(list.place, list.first); err != nil {
		return err
	}
	held, err := w.unseen(list, s.Note)
	if err != nil {
		return err
	}
	merged, err := list.merges()
	if err != nil {
		return err
	}
	r := &tableReader{cover: newCover(merged, list.head), table: list.table, head: list.head, flags: textsOf(s.Case), cases: cases, v: newValues(s.Note), note: s.Note, held: held}
	return r.read(ctx, each)
}

// cases reads the sheet 案件. Nobody has seen what a hidden one says.
func (w *workbook) cases(list string, note func(Problem)) (b book, err error) {
	var found []string
	for _, s := range w.sheets {
		if !s.called(casesSheet) || s.name == list {
			continue
		}
		place := w.place
		place.Sheet = s.name
		if found = append(found, s.title()); len(found) > 1 {
			return b, &Problem{Place: w.place, Text: "有几个名为“案件”的工作表：" + listed(found), Next: "保留一个，删去其余的或改名", Fatal: true}
		}
		if s.hidden {
			return b, &Problem{Place: place, Text: "该工作表被隐藏，其内容会用于案件", Next: "取消隐藏，核对后重试；不用的须删去或改名", Fatal: true}
		}
		if b, err = w.readCases(s, note); err != nil {
			return b, err
		}
	}
	return b, nil
}

// list finds the sheet that holds the list: the named one; else among the visible ones that have all its headings the one
// called 清单, or the only one; else the one with most of them, for the message about what is missing. Lists that are left out
// are remarked on.
func (w *workbook) list(name string, note func(Problem)) (candidate, error) {
	var best candidate
	var full []candidate
	for _, s := range w.sheets {
		if name == "" && (s.called(casesSheet) || s.called(helpSheet)) || name != "" && s.name != name {
			continue
		}
		c, err := w.candidate(s)
		switch {
		case err != nil && s.hidden && name == "":
			note(Problem{Place: c.place, Text: "隐藏的工作表无法读取，未使用", Next: "如是清单，取消隐藏后另存再重试"})
		case err != nil:
			return c, err
		case s.hidden && name == "":
			err = w.leftOut(c, note)
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
		return w.choose(full, note)
	case best.part == nil:
		return best, w.noSheet(name)
	}
	return best, nil
}

// candidate looks for headings in a sheet.
func (w *workbook) candidate(s sheetPart) (c candidate, err error) {
	c = candidate{sheetPart: s, table: w.table(s)}
	c.head, c.first, err = c.findHead()
	return c, err
}

// choose takes the one that is called 清单, or the only one.
func (w *workbook) choose(full []candidate, note func(Problem)) (candidate, error) {
	named := slices.DeleteFunc(slices.Clone(full), func(c candidate) bool { return !c.called(listSheet) })
	if len(full) == 1 {
		named = full
	}
	if len(named) == 1 {
		for _, c := range full {
			if c.name != named[0].name {
				if err := w.leftOut(c, note); err != nil {
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

// leftOut remarks on a list that is not used, if it has a row.
func (w *workbook) leftOut(c candidate, note func(Problem)) error {
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

// title is the name of a sheet for a message.
func (s sheetPart) title() string {
	if s.hidden {
		return "“" + brief(s.name) + "”（隐藏）"
	}
	return "“" + brief(s.name) + "”"
}

func (w *workbook) noSheet(name string) error {
	var names []string
	for _, s := range w.sheets {
		names = append(names, s.title())
	}
	p := &Problem{Place: w.place, Text: "没有可读的清单工作表；有 " + listed(names), Next: templateStep, Fatal: true}
	if name != "" {
		p.Text, p.Next = fmt.Sprintf("没有名为“%s”的工作表；有 %s", brief(name), listed(names)), "改正 --sheet"
	}
	return p
}

// unseen are the problems of what the list does not show, for each of its cases; hidden rows have theirs.
func (w *workbook) unseen(list candidate, note func(Problem)) (held []Problem, err error) {
	l, err := w.layout(list)
	if err != nil {
		return nil, err
	}
	if list.hidden {
		note(Problem{Place: list.place, Text: "工作表被隐藏，因 --sheet 指明而使用", Next: "核对其内容"})
	}
	if l.blankRows {
		note(Problem{Place: list.place, Text: "工作表设为默认隐藏行，有的行可能看不见，仍会报送", Next: "取消隐藏所有行，核对后再报送"})
	}
	for f, i := range list.head.column {
		if i < 0 || !l.hidesColumn(i) {
			continue
		}
		at := list.place
		at.Row, at.Column = list.head.row, columnName(i)
		held = append(held, Problem{Place: at, Field: fieldTable[f].name, Text: "该列被隐藏，其内容会一并报送", Next: "取消隐藏，核对后再报送", Held: true})
	}
	return held, nil
}

// layout is that of the sheet of a list.
func (w *workbook) layout(list candidate) (layout, error) {
	r, err := w.openSheet(list.part, list.place)
	if err != nil {
		return layout{}, err
	}
	defer r.close()
	_, err = r.next()
	return r.layout, ignoreEOF(err)
}
