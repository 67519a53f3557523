package sheet

import (
	"bytes"
	"diaoxiao/api"
	"slices"
)

// kind is what a cell holds. Text is all that CSV has.
type kind uint8

const (
	text       kind = iota
	number          // as the file writes it, 1.50102E+17
	date            // made yyyy-MM-dd by the reader
	boolean         // TRUE or FALSE
	fault           // #N/A and its like
	uncomputed      // a formula without a result
)

// cell is one cell of a row. raw is valid until the next row.
type cell struct {
	raw    []byte
	kind   kind
	wide   int  // number: digits that the format of the cell pads with leading zeros to, 0 for none
	padded bool // it was quoted, with blanks outside of the quotes
	struck bool // it is struck out, or a part of it
	odd    *odd // what makes it doubtful whether raw is what a person sees or meant; nil for nothing
}

func (c cell) sameAs(d cell) bool {
	return c.kind == d.kind && c.wide == d.wide && bytes.Equal(c.raw, d.raw) && (c.odd == d.odd || c.odd != nil && d.odd != nil && *c.odd == *d.odd)
}

// line is one row of a table.
type line struct {
	cells  []cell
	row    int  // as the spreadsheet shows it
	hidden bool // not shown: hidden, filtered out or without height
}

// rows delivers the rows of a table one after another.
type rows interface {
	// next returns the next row, valid until it is called again. Rows without cells may be left out. io.EOF ends the
	// table; a *Problem says what keeps the file from being read on.
	next() (line, error)
	close() error
}

// table is a CSV file or a sheet of a workbook.
type table struct {
	place  Place // file and sheet
	strict bool  // a cell beyond the headings means that the row has shifted: CSV, where a stray separator does it
	open   func() (rows, error)
	merges func() (merges, error) // of a workbook's sheet
}

// isBlank reports whether no cell of a row says anything.
func isBlank(cells []cell) bool {
	return !slices.ContainsFunc(cells, func(c cell) bool { return c.kind != text || !api.Blank(c.raw) })
}

// shown is what a message quotes of a cell.
func (c cell) shown() string {
	if c.kind == uncomputed {
		return "（未计算的公式）"
	}
	return brief(c.raw)
}
