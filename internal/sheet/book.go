package sheet

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Names of the sheets of the template.
const (
	casesSheet = "案件"
	listSheet  = "清单"
	helpSheet  = "填写说明"
)

// maxCases and maxCaseText bound what is kept of the sheet 案件.
const (
	maxCases    = 100_000
	maxCaseText = 32 << 20
)

// candidate is a sheet with headings of a list.
type candidate struct {
	sheetPart
	table
	head  head
	first []string
}

func (s sheetPart) isCases() bool { return strings.TrimSpace(s.name) == casesSheet }

// readWorkbook reads the cases of a workbook: its list and, where there is one, its sheet 案件.
func (s *source) readWorkbook(ctx context.Context, each func(*Case) error) error {
	w, err := openWorkbook(s, s.size, s.place)
	if err != nil {
		return err
	}
	list, err := w.list(s.Sheet)
	if err != nil {
		return err
	}
	var cases book
	for _, sheet := range w.sheets {
		if sheet.isCases() && sheet.name != list.name {
			if cases, err = w.table(sheet).readCases(newValues(s.Note)); err != nil {
				return err
			}
		}
	}
	return s.readTable(ctx, list.table, list.head, list.first, cases, each)
}

// list finds the sheet that holds the list: the named one; else among the visible ones that have all its headings the one
// called 清单, or the only one; else the one with most of them, for the message about what is missing.
func (w *workbook) list(name string) (candidate, error) {
	var all []candidate
	for _, s := range w.sheets {
		if name == "" && (s.hidden || s.isCases() || s.name == helpSheet) || name != "" && s.name != name {
			continue
		}
		c := candidate{sheetPart: s, table: w.table(s)}
		var err error
		if c.head, c.first, err = c.findHead(); err != nil {
			return c, err
		}
		all = append(all, c)
	}
	if len(all) == 0 {
		return candidate{}, w.noSheet(name)
	}
	full := slices.DeleteFunc(slices.Clone(all), func(c candidate) bool { return c.head.entities() < int(entType-pripID)+1 })
	if i := slices.IndexFunc(full, func(c candidate) bool { return c.name == listSheet }); i >= 0 {
		return full[i], nil
	}
	switch len(full) {
	case 0:
		return slices.MaxFunc(all, func(a, b candidate) int { return a.head.entities() - b.head.entities() }), nil
	case 1:
		return full[0], nil
	}
	var names []string
	for _, c := range full {
		names = append(names, "“"+c.name+"”")
	}
	return candidate{}, &Problem{Place: w.place, Text: "有几个工作表像清单：" + listed(names), Next: "用 --sheet 指明其中一个", Fatal: true}
}

func (w *workbook) noSheet(name string) error {
	var names []string
	for _, s := range w.sheets {
		n := "“" + s.name + "”"
		if s.hidden {
			n += "（隐藏）"
		}
		names = append(names, n)
	}
	p := &Problem{Place: w.place, Text: "没有可读的清单工作表；有 " + listed(names), Next: templateStep, Fatal: true}
	if name != "" {
		p.Text, p.Next = fmt.Sprintf("没有名为“%s”的工作表；有 %s", brief(name), listed(names)), "改正 --sheet"
	}
	return p
}

// readCases reads the sheet 案件: either a row of headings with one row per case below it, or rows that have the name of a
// text in one cell and the text in the next.
func (t table) readCases(v *values) (book, error) {
	r, err := t.open()
	if err != nil {
		return book{}, err
	}
	defer r.close()
	b := caseSheet{table: t, v: v}
	for {
		l, err := r.next()
		if err == io.EOF {
			return b.result(), nil
		}
		if err == nil && !isBlank(l.cells) {
			err = b.line(l)
		}
		if err != nil {
			return book{}, err
		}
	}
}

// caseSheet is the state of reading the sheet 案件.
type caseSheet struct {
	table
	v     *values
	head  *head // of a table of cases
	form  given
	named [caseFields]bool
	cases book
	bytes int
}

func (b *caseSheet) result() book {
	if b.head == nil && b.named != [caseFields]bool{} {
		b.cases.add(b.form)
	}
	return b.cases
}

func (b *caseSheet) line(l line) error {
	at := b.place
	at.Row = l.row
	if b.head != nil {
		return b.caseRow(l, at)
	}
	h := headOf(l)
	if n := h.known - h.entities(); n > 1 && 2*n > len(h.named()) {
		if h.twice[1] > 0 {
			return h.check(b.place, nil)
		}
		b.head = &h
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
	}
	return nil
}

// caseRow reads a row of a table of cases.
func (b *caseSheet) caseRow(l line, at Place) error {
	c := given{row: at.Row}
	for f := range field(caseFields) {
		if i := b.head.column[f]; i >= 0 {
			if err := b.put(&c, f, l, i, at); err != nil {
				return err
			}
		}
	}
	if c.texts == (texts{}) {
		return nil
	}
	if first, ok := b.cases.add(c); !ok {
		return fatal(caseID, at, fmt.Sprintf("案件编号“%s”与第%d行相同", brief(c.texts[caseID]), first), "改正或删去一行")
	}
	if len(b.cases.all) > maxCases || b.bytes > maxCaseText {
		return &Problem{Place: at, Text: fmt.Sprintf("“案件”超过%d件或%dMiB", maxCases, maxCaseText>>20), Next: "把文件拆成几个", Fatal: true}
	}
	return nil
}

// put takes the text of a field from a cell of the row.
func (b *caseSheet) put(c *given, f field, l line, column int, at Place) error {
	at.Column = columnName(column)
	c.place[f] = at
	if column >= len(l.cells) {
		return nil
	}
	text, p := b.v.of(f, l.cells[column], at)
	if p != nil {
		return p
	}
	c.texts[f] = string(text)
	b.bytes += len(text)
	return nil
}
