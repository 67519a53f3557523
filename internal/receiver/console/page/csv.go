package page

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
	"strings"
)

// csvTo writes a list as CSV in UTF-8 with the mark that spreadsheets know it by, and returns how many rows there were.
func csvTo(w io.Writer, l List) (n int, err error) {
	b := bufio.NewWriter(w)
	b.WriteString("\uFEFF")
	c := csv.NewWriter(b)
	c.UseCRLF = true
	c.Write(titles(l.Heads))
	for row, err := range l.Rows {
		if err != nil {
			return n, err
		}
		n++
		for i := range row {
			row[i] = unformula(row[i])
		}
		if err := c.Write(row); err != nil {
			return n, err
		}
	}
	c.Flush()
	return n, errors.Join(c.Error(), b.Flush())
}

func titles(hs []Head) (ts []string) {
	for _, h := range hs {
		ts = append(ts, h.Title)
	}
	return ts
}

// unformula keeps a spreadsheet from computing what a sender wrote: it is put behind an apostrophe.
func unformula(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(s)[0]) {
		return "'" + s
	}
	return s
}
