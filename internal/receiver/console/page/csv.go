package page

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"
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
			row[i] = l.Heads[i].csv(row[i])
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

// csv is a text under a head as CSV has it. A spreadsheet guesses which texts of CSV are numbers, days or formulas: a
// text that could be taken for one is behind an apostrophe, and so is one that begins with an apostrophe. So
// what was exported is what remains without one apostrophe in front.
func (h Head) csv(s string) string {
	if h.Number || h.Time && isTime(s) || h.Figure && !computed(s) {
		return s
	}
	if computed(s) || guessed(s) || strings.HasPrefix(s, "'") {
		return "'" + s
	}
	return s
}

// computed reports whether a spreadsheet takes a text for a formula.
func computed(s string) bool {
	return s != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(s)[0])
}

// guessed reports whether a spreadsheet may take a text for a number or a day: it has a digit, and besides digits and
// signs only what numbers and days are written with.
func guessed(s string) bool {
	digit := false
	words := strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		digit = digit || unicode.IsDigit(r)
		return -1
	}, s))
	return digit && (words == "" || slices.Contains(strings.Fields(numberWords), words))
}

// numberWords are what numbers and days are written with besides digits and signs.
const numberWords = "e d a p am pm 年月日 年月 月日 时分秒 时分 jan feb mar apr may jun jul aug sep oct nov dec january " +
	"february march april june july august september october november december"

// isTime reports whether a text is a day or a time as exports write them, or nothing.
func isTime(s string) bool {
	for _, layout := range []string{time.DateOnly, time.DateTime} {
		if _, err := time.Parse(layout, s); err == nil {
			return true
		}
	}
	return s == ""
}
