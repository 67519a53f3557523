package page

import (
	"io"
	"iter"
	"slices"

	"github.com/xuri/excelize/v2"
)

// Book is lists that leave as the sheets of one workbook. The first List names the file, and says who may have it.
type Book struct {
	List
	Sheets []List
}

// RowsOf are rows that are there already.
func RowsOf(rows [][]string) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

// ExportBook is the answer that gives a workbook out, once the audit has it.
func (q *Request) ExportBook(b Book) (Answer, error) {
	return q.give(b.List, "xlsx", workbookKind,
		func(w io.Writer, l List) (int, error) { return b.write(w, l.origin) })
}

// write writes the workbook and returns how many rows its sheets have.
func (b Book) write(w io.Writer, origin string) (rows int, err error) {
	f := excelize.NewFile()
	defer f.Close()
	for i, l := range b.Sheets {
		if i > 0 { // the first is there already, by the name that newSheet takes from it
			if _, err := f.NewSheet("Sheet1"); err != nil {
				return rows, err
			}
		}
		l.Of, l.origin = slices.Concat([]string{b.Title}, b.Of), origin
		n, err := addSheet(f, l)
		if err != nil {
			return rows, err
		}
		rows += n
	}
	return rows, f.Write(w)
}

func addSheet(f *excelize.File, l List) (n int, err error) {
	s, err := newSheet(f, l)
	if err != nil {
		return 0, err
	}
	for row, err := range l.Rows {
		if err == nil {
			err = s.put(s.cells(row))
		}
		if err != nil {
			return n, err
		}
		n++
	}
	return n, s.finish()
}
