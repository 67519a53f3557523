package page

import (
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// workbookTo writes a list as a workbook, at most most rows of it. Above the head are the title and where the list
// comes from.
func workbookTo(most int64) func(io.Writer, List) (int, error) {
	return func(w io.Writer, l List) (n int, err error) {
		f := excelize.NewFile()
		defer f.Close()
		s, err := newSheet(f, l)
		if err != nil {
			return 0, err
		}
		for row, err := range l.Rows {
			if err == nil && int64(n) == most {
				err = ErrTooMany
			}
			if err != nil {
				return n, err
			}
			n++
			if err := s.put(s.cells(row)); err != nil {
				return n, err
			}
		}
		return n, errors.Join(s.finish(), f.Write(w))
	}
}

// cells are the cells of one row: text that stays text, and counts.
func (s *sheet) cells(row []string) []any {
	vs := make([]any, len(row))
	for i, text := range row {
		h := s.list.Heads[i]
		vs[i] = excelize.Cell{StyleID: s.styles.of(h), Value: cellText(text)}
		if n, err := strconv.ParseInt(text, 10, 64); err == nil && h.Number {
			vs[i] = excelize.Cell{StyleID: s.styles.number, Value: n}
		}
	}
	return vs
}

// cellText is a text as a cell can hold it: XML has no control characters, and a cell has 32767 characters.
func cellText(s string) string {
	rs := slices.DeleteFunc([]rune(strings.ToValidUTF8(s, "\uFFFD")), func(r rune) bool {
		return r < ' ' && r != '\t' && r != '\n' || r == 0xFFFE || r == 0xFFFF
	})
	return string(rs[:min(len(rs), excelize.TotalCellChars)])
}
