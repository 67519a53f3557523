package page

import (
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// workbookTo writes a list as a workbook, at most most rows of it.
func workbookTo(most int64) func(io.Writer, List) (int, error) {
	return func(w io.Writer, l List) (n int, err error) {
		f := excelize.NewFile()
		defer f.Close()
		s, err := f.NewStreamWriter("Sheet1")
		if err != nil {
			return 0, err
		}
		text, err := f.NewStyle(&excelize.Style{NumFmt: 49})
		if err != nil {
			return 0, err
		}
		if err := s.SetColWidth(1, len(l.Heads), 22); err != nil {
			return 0, err
		}
		if err := s.SetRow("A1", cells(l.Heads, titles(l.Heads), text)); err != nil {
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
			if err := s.SetRow("A"+strconv.Itoa(n+1), cells(l.Heads, row, text)); err != nil {
				return n, err
			}
		}
		if err := errors.Join(s.Flush(), f.SetSheetName("Sheet1", l.Title)); err != nil {
			return n, err
		}
		return n, f.Write(w)
	}
}

// cells are the cells of one row: text that stays text, and counts.
func cells(hs []Head, row []string, style int) []any {
	vs := make([]any, len(row))
	for i, s := range row {
		vs[i] = excelize.Cell{StyleID: style, Value: cellText(s)}
		if n, err := strconv.ParseInt(s, 10, 64); err == nil && hs[i].Number {
			vs[i] = n
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
