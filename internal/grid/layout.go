package grid

import (
	"encoding/xml"
	"strconv"
)

// Layout is what a sheet says of the rows and columns that it does not show.
type Layout struct {
	flatRows   bool // rows have no height unless they say so
	thinColumn bool // columns have no width unless they say so
	BlankRows  bool // rows that say nothing of their height may be hidden
	columns    []columnRange
}

// columnRange are columns from first to last, counted from 0.
type columnRange struct {
	first, last int
	hidden      bool
}

// leastHeight and leastWidth are what can be seen of a row, in points, and of a column, in characters: below, nobody
// reads it.
const (
	leastHeight = 2
	leastWidth  = 0.5
)

// isNothing reports whether a height in points or a width in characters is too small to be seen.
func isNothing(size string, least float64) bool {
	n, err := strconv.ParseFloat(size, 64)
	return err == nil && n < least
}

func (l *Layout) defaults(e xml.StartElement) {
	l.flatRows = isNothing(attr(e, "defaultRowHeight"), leastHeight) && isTrue(attr(e, "customHeight"))
	l.thinColumn = isNothing(attr(e, "defaultColWidth"), leastWidth)
	l.BlankRows = isTrue(attr(e, "zeroHeight"))
}

// column takes in a range of columns, of which a sheet has no more than columns.
func (l *Layout) column(e xml.StartElement) error {
	first, err := strconv.Atoi(attr(e, "min"))
	last, lastErr := strconv.Atoi(attr(e, "max"))
	if err != nil || lastErr != nil || len(l.columns) == lastColumn {
		return partError("columns %q to %q", Brief(attr(e, "min")), Brief(attr(e, "max")))
	}
	width := attr(e, "width")
	hidden := isTrue(attr(e, "hidden")) || isNothing(width, leastWidth) || width == "" && l.thinColumn
	l.columns = append(l.columns, columnRange{first - 1, last - 1, hidden})
	return nil
}

// hides reports whether a row is not shown.
func (l *Layout) hides(row xml.StartElement) bool {
	height := attr(row, "ht")
	return isTrue(attr(row, "hidden")) || isNothing(height, leastHeight) || height == "" && l.flatRows
}

// HidesColumn reports whether a column is not shown.
func (l *Layout) HidesColumn(column int) bool {
	for _, r := range l.columns {
		if r.first <= column && column <= r.last {
			return r.hidden
		}
	}
	return l.thinColumn
}
