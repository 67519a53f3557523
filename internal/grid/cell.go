// Package grid reads CSV files and workbooks as rows of cells: archives, XML, charsets, styles and numbers. The meaning
// of the columns is for those that read them.
//
// The decision you could not guess: a cell says besides its bytes what makes it doubtful, because what a person sees in
// a spreadsheet and what the file holds are often not the same.
package grid

import (
	"bytes"
	"io"
	"slices"

	"diaoxiao/api"
)

// Kind is the type of the value of a cell. CSV has text alone.
type Kind uint8

// The kinds of values.
const (
	Text       Kind = iota
	Number          // as the file writes it, 1.50102E+17
	Date            // made yyyy-MM-dd by the reader
	Boolean         // TRUE or FALSE
	Fault           // #N/A and its like
	Uncomputed      // a formula without a result
)

// Cell is one cell of a row. Raw is valid until the next row.
type Cell struct {
	Raw    []byte
	Kind   Kind
	Wide   int  // number: digits that the format of the cell pads with leading zeros to, 0 for none
	Padded bool // it was quoted, with blanks outside of the quotes
	Struck bool // it is struck out, or a part of it
	Odd    *Odd // what makes it doubtful whether Raw is what a person sees or meant; nil for nothing
}

// SameAs reports whether two cells hold the same, and are doubtful for the same reason.
func (c Cell) SameAs(d Cell) bool {
	return c.Kind == d.Kind && c.Wide == d.Wide && bytes.Equal(c.Raw, d.Raw) &&
		(c.Odd == d.Odd || c.Odd != nil && d.Odd != nil && *c.Odd == *d.Odd)
}

// Line is one row of a table.
type Line struct {
	Cells  []Cell
	Row    int  // as the spreadsheet shows it
	Hidden bool // not shown: hidden, filtered out or without height
}

// Rows delivers the rows of a table one after another.
type Rows interface {
	// Next returns the next row, valid until it is called again. Rows without cells may be left out. io.EOF ends the
	// table; a *Problem says what keeps the file from being read on.
	Next() (Line, error)
	Close() error
}

// Table is a CSV file or a sheet of a workbook.
type Table struct {
	Place  Place // file and sheet
	Strict bool  // a cell beyond the headings means that the row has shifted: CSV, where a stray separator does it
	Open   func() (Rows, error)
	Merges func() (Merges, error) // of a workbook's sheet
}

// EachFirst has f see the rows of a table whose numbers are up to most, in order. A row is valid until f returns.
func (t Table) EachFirst(most int, f func(Line)) error {
	r, err := t.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	for range most {
		l, err := r.Next()
		if err == io.EOF || err == nil && l.Row > most {
			break
		}
		if err != nil {
			return err
		}
		f(l)
	}
	return nil
}

// IsBlank reports whether no cell of a row says anything.
func IsBlank(cells []Cell) bool {
	return !slices.ContainsFunc(cells, func(c Cell) bool { return c.Kind != Text || !api.Blank(c.Raw) })
}

// Shown is what a message quotes of a cell.
func (c Cell) Shown() string {
	if c.Kind == Uncomputed {
		return "（未计算的公式）"
	}
	return Brief(c.Raw)
}
