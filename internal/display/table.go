package display

import (
	"io"
	"strings"
)

// Table lines up cells by the columns they take on a terminal; text/tabwriter would count a Chinese character as one.
// Long lists come out in pages of tableRows, so that memory stays bounded; a later page is never narrower than the one
// before.
type Table struct {
	w      io.Writer
	rows   [][]string
	widths []int
	err    error
}

const tableRows = 1000

// NewTable is a table that is written to w, of which the first error is kept.
func NewTable(w io.Writer) *Table { return &Table{w: w} }

// Add appends a row. The cells may hold whatever senders sent.
func (t *Table) Add(cells ...string) error {
	row := make([]string, len(cells))
	for i, c := range cells {
		row[i] = Plain(c)
		if i == len(t.widths) {
			t.widths = append(t.widths, 0)
		}
		t.widths[i] = max(t.widths[i], Columns(row[i]))
	}
	if t.rows = append(t.rows, row); len(t.rows) >= tableRows {
		return t.Flush()
	}
	return t.err
}

// Flush writes what is waiting. It must be called at the end.
func (t *Table) Flush() error {
	for _, row := range t.rows {
		var b strings.Builder
		for i, cell := range row {
			b.WriteString(Pad(cell, t.widths[i]+2))
		}
		if t.err == nil {
			_, t.err = io.WriteString(t.w, strings.TrimRight(b.String(), " ")+"\n")
		}
	}
	t.rows = t.rows[:0]
	return t.err
}
