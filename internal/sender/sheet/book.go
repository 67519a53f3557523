package sheet

import (
	"context"
	"errors"
	"fmt"

	"diaoxiao/internal/grid"
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
	grid.SheetPart
	grid.Table
	head  head
	first []string
}

func (c candidate) isList() bool { return c.head.entities() == int(entType-pripID)+1 }

// isCalled reports whether a sheet has a name, blanks and full-width forms aside: who reads the names sees no
// difference.
func isCalled(s grid.SheetPart, name string) bool { return heading(s.Name) == name }

// readWorkbook reads the cases of a workbook: its list and, where there is one, its sheet 案件.
func (s *source) readWorkbook(ctx context.Context, each func(*Case) error) (err error) {
	w, err := grid.OpenWorkbook(s, s.size, s.place)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	list, err := findList(w, s.Sheet, s.Note)
	if err != nil {
		return err
	}
	cases, err := casesOf(w, list.Name, s.Note)
	if err != nil {
		return err
	}
	if err := list.head.check(list.Place, list.first); err != nil {
		return err
	}
	remarkUnread(w, list, s.Sheet, s.Note)
	held, err := unseenIn(w, list, s.Note)
	if err != nil {
		return err
	}
	merged, err := list.Merges()
	if err != nil {
		return err
	}
	if err := list.head.spread(list.Table, merged); err != nil {
		return err
	}
	r := &tableReader{
		plain: make(plainTexts),
		cover: newCover(merged, list.head),
		Table: list.Table,
		head:  list.head,
		flags: textsOf(s.Case),
		cases: cases,
		v:     newValues(s.Note),
		note:  s.Note,
		held:  held,
	}
	return r.read(ctx, each)
}

// casesOf reads the sheet 案件. Nobody has seen what a hidden one says.
func casesOf(w *grid.Workbook, list string, note func(Problem)) (b book, err error) {
	var found []string
	for _, s := range w.Sheets {
		if !isCalled(s, casesSheet) || s.Name == list {
			continue
		}
		place := w.Place
		place.Sheet = s.Name
		if found = append(found, titleOf(s)); len(found) > 1 {
			return b, &Problem{
				Place: w.Place,
				Text:  "有几个名为“案件”的工作表：" + listed(found),
				Next:  "保留一个，删去其余的或改名",
				Fatal: true,
			}
		}
		if s.Hidden {
			return b, &Problem{Place: place, Text: "该工作表被隐藏，其内容会用于案件", Next: "取消隐藏，核对后重试；不用的须删去或改名", Fatal: true}
		}
		if b, err = readCases(w, s, note); err != nil {
			return b, err
		}
	}
	return b, nil
}

// titleOf is the name of a sheet for a message.
func titleOf(s grid.SheetPart) string {
	if s.Hidden {
		return "“" + grid.Brief(s.Name) + "”（隐藏）"
	}
	return "“" + grid.Brief(s.Name) + "”"
}

func noSheet(w *grid.Workbook, name string) error {
	var names []string
	for _, s := range w.Sheets {
		names = append(names, titleOf(s))
	}
	p := &Problem{Place: w.Place, Text: "没有可读的清单工作表；有 " + listed(names), Next: templateStep, Fatal: true}
	if name != "" {
		p.Text, p.Next = fmt.Sprintf("没有名为“%s”的工作表；有 %s", grid.Brief(name), listed(names)), "改正 --sheet"
	}
	return p
}

// unseenIn are the problems of what the list does not show, for each of its cases; hidden rows have theirs.
func unseenIn(w *grid.Workbook, list candidate, note func(Problem)) (held []Problem, err error) {
	l, err := layoutOf(w, list)
	if err != nil {
		return nil, err
	}
	if list.Hidden {
		note(Problem{Place: list.Place, Text: "工作表被隐藏，因 --sheet 指明而使用", Next: "核对其内容"})
	}
	if l.BlankRows {
		note(Problem{Place: list.Place, Text: "工作表设为默认隐藏行，有的行可能看不见，仍会报送", Next: "取消隐藏所有行，核对后再报送"})
	}
	for f, i := range list.head.column {
		if i < 0 || !l.HidesColumn(i) {
			continue
		}
		at := list.Place
		at.Row, at.Column = list.head.row, grid.ColumnName(i)
		held = append(
			held,
			Problem{Place: at, Field: fieldTable[f].name, Text: "该列被隐藏，其内容会一并报送", Next: "取消隐藏，核对后再报送", Held: true},
		)
	}
	return held, nil
}

// layoutOf is that of the sheet of a list.
func layoutOf(w *grid.Workbook, list candidate) (grid.Layout, error) {
	r, err := w.OpenSheet(list.Part, list.Place)
	if err != nil {
		return grid.Layout{}, err
	}
	defer r.Close()
	_, err = r.Next()
	return r.Layout, grid.IgnoreEOF(err)
}
