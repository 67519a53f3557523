package sheet

import (
	"io"
	"iter"

	"diaoxiao/internal/grid"
)

// Texts is one row of a CSV file, whatever its columns mean. It is valid until the next.
type Texts struct {
	Place
	Cells []string // as they stand, without their quotes
}

// Rows yields the rows of a CSV file that say anything, for lists that are not of entities; file is its name. Charsets
// are told apart and rows are numbered as by Read; the separator is the comma. The first error ends it: a *Problem, or
// that of f.
func Rows(f io.ReaderAt, file string) iter.Seq2[Texts, error] {
	return func(yield func(Texts, error) bool) {
		place := Place{File: file}
		cs, err := grid.CharsetOf(f, place)
		if err != nil {
			yield(Texts{}, err)
			return
		}
		in := grid.NewCSV(cs.TextOf(f, place), place, ',')
		row := Texts{Place: place}
		for {
			l, err := in.Next()
			if err == io.EOF {
				return
			}
			if err == nil && grid.IsBlank(l.Cells) {
				continue
			}
			row.Row, row.Cells = l.Row, row.Cells[:0]
			for _, c := range l.Cells {
				row.Cells = append(row.Cells, string(c.Raw))
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}
