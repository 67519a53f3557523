package main

import (
	"io"
	"strings"
)

// table lines up cells by the columns they take on a terminal; text/tabwriter would count a Chinese character as one. Long
// lists come out in pages of tableRows, so that memory stays bounded; a later page is never narrower than the one before.
type table struct {
	w      io.Writer
	rows   [][]string
	widths []int
	err    error
}

const tableRows = 1000

func newTable(w io.Writer) *table { return &table{w: w} }

// add appends a row. The cells may hold whatever senders sent.
func (t *table) add(cells ...string) error {
	row := make([]string, len(cells))
	for i, c := range cells {
		row[i] = printable(c)
		if i == len(t.widths) {
			t.widths = append(t.widths, 0)
		}
		t.widths[i] = max(t.widths[i], columns(row[i]))
	}
	if t.rows = append(t.rows, row); len(t.rows) >= tableRows {
		return t.flush()
	}
	return t.err
}

// flush writes what is waiting.
func (t *table) flush() error {
	for _, row := range t.rows {
		var b strings.Builder
		for i, cell := range row {
			b.WriteString(pad(cell, t.widths[i]+2))
		}
		if t.err == nil {
			_, t.err = io.WriteString(t.w, strings.TrimRight(b.String(), " ")+"\n")
		}
	}
	t.rows = t.rows[:0]
	return t.err
}
