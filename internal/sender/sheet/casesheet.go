package sheet

import (
	"fmt"
	"io"

	"diaoxiao/internal/grid"
)

// maxCases and maxCaseText bound what is kept of the sheet 案件.
const (
	maxCases    = 100_000
	maxCaseText = 12 << 20
)

// readCases reads the sheet 案件: either a row of headings with one row per case below it, or rows that have the name of
// a text in one cell and the text in the next.
func readCases(w *grid.Workbook, s grid.SheetPart, note func(Problem)) (book, error) {
	t := w.Table(s)
	r, err := w.OpenSheet(s.Part, t.Place)
	if err != nil {
		return book{}, err
	}
	defer r.Close()
	// Anything that holds a case is noted when its list is read.
	v := newValues(func(p Problem) {
		if !p.Held {
			note(p)
		}
	})
	b := caseSheet{Table: t, v: v, layout: &r.Layout}
	for {
		l, err := r.Next()
		if err == io.EOF {
			return b.result(note), nil
		}
		if err == nil && !grid.IsBlank(l.Cells) {
			err = b.line(l)
		}
		if err != nil {
			return book{}, err
		}
	}
}

// caseSheet is the state of reading the sheet 案件.
type caseSheet struct {
	grid.Table
	v      *values
	layout *grid.Layout
	head   *head // of a table of cases
	form   given
	named  [caseFields]bool
	cases  book
	bytes  int
	asides
}

// result are the cases, and remarks on what else the sheet says.
func (b *caseSheet) result(note func(Problem)) book {
	switch {
	case b.head == nil && b.begun:
		b.cases.add(b.form)
		b.cases.form = true
	case b.head == nil && b.asides.first > 0:
		at := b.Place
		at.Row = b.asides.first
		b.remarks = []Problem{{Place: at, Text: "该工作表没有案件的标题，其内容未使用", Next: templateStep}}
	}
	for _, p := range b.remarks {
		note(p)
	}
	return b.cases
}

func (b *caseSheet) line(l grid.Line) error {
	at := b.Place
	at.Row = l.Row
	if l.Hidden {
		return &Problem{Place: at, Text: "该行被隐藏或筛选掉，其内容会用于案件", Next: "取消筛选和隐藏，核对后重试；不用的行须删去", Fatal: true}
	}
	if b.head != nil {
		return b.caseRow(l, at)
	}
	b.asides.first = firstOf(b.asides.first, l.Row)
	h := headOf(l)
	if n := h.known - h.entities(); n > 1 && 2*n > len(h.named()) {
		if h.twice[1] > 0 {
			return h.check(b.Place, nil)
		}
		b.head, b.remarks = &h, nil
		return nil
	}
	for f := range field(caseFields) {
		i := h.column[f]
		if i < 0 {
			continue
		}
		if b.named[f] {
			return fatal(f, at, "“"+fieldTable[f].title+"”写了两次", "删去一处；几件案件须改成一行标题、每件一行")
		}
		b.named[f] = true
		if err := b.put(&b.form, f, l, i+1, at); err != nil {
			return err
		}
		b.begun = true
	}
	if h.known == h.entities() {
		b.aside(l, at)
	} else {
		b.besideText(l, h, at)
	}
	return nil
}

// caseRow reads a row of a table of cases.
func (b *caseSheet) caseRow(l grid.Line, at Place) error {
	c := given{row: at.Row}
	for f := range field(caseFields) {
		if i := b.head.column[f]; i >= 0 {
			if err := b.put(&c, f, l, i, at); err != nil {
				return err
			}
		}
	}
	if c.texts == (texts{}) {
		b.aside(l, at)
		return nil
	}
	b.besideCase(&c, l, at)
	if first, ok := b.cases.add(c); !ok {
		return fatal(caseID, at, fmt.Sprintf("案件编号“%s”与第%d行相同", grid.Brief(c.texts[caseID]), first), "改正或删去一行")
	}
	if b.cases.len() > maxCases || b.bytes > maxCaseText {
		return &Problem{
			Place: at,
			Text:  fmt.Sprintf("工作表“案件”超过%d件或%dMiB文字", maxCases, maxCaseText>>20),
			Next:  "把文件拆成几个",
			Fatal: true,
		}
	}
	return nil
}

// put takes the text of a field from a cell of the row.
func (b *caseSheet) put(c *given, f field, l grid.Line, column int, at Place) error {
	at.Column = grid.ColumnName(column)
	c.place[f] = at
	if column >= len(l.Cells) {
		return nil
	}
	in := l.Cells[column]
	text, p := b.v.of(f, in, at)
	switch {
	case p != nil:
		return p
	case len(text) > 0 && b.layout.HidesColumn(column):
		return fatal(f, at, "该列被隐藏，其内容会用于案件", "取消隐藏，核对后重试")
	}
	if in.Struck && len(text) > 0 {
		c.strays = append(c.strays, struckProblem(f, at, in))
	}
	c.texts[f], c.odd[f] = string(text), in.Odd
	b.bytes += len(text)
	return nil
}
