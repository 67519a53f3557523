package page

import (
	"bufio"
	"cmp"
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
)

// List is a list that may leave as a file.
type List struct {
	Title string // names the file
	About string // whose the rows are, as the audit calls it; "": the title
	Query string // what selected the rows, in words
	Right intake.Right
	Heads []Head
	Rows  iter.Seq2[[]string, error]
}

// Head is one column of a list.
type Head struct {
	Title  string
	Number bool // a count, of decimal digits: the only thing that is no text in a workbook, so that nothing is rounded
}

// ErrTooMany: there are more rows than a workbook may have.
var ErrTooMany = errors.New("too many rows")

// Export is the answer that gives a list out as xlsx or csv. The file is made whole first, so that the audit can say
// how many rows are given out before any of them is. errTooMany: they are more than a workbook may have, and nothing
// was given out.
func (q *Request) Export(l List, kind string) (Answer, error) {
	write, mime := csvTo, "text/csv; charset=utf-8"
	switch kind {
	case "xlsx":
		ps, err := q.Staff.Policies(q.Context())
		if err != nil {
			return nil, err
		}
		write, mime = workbookTo(ps[intake.ExportRows]), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case "csv":
	default:
		return nil, intake.ErrNotFound
	}
	f, err := os.CreateTemp("", "export-")
	if err != nil {
		return nil, err
	}
	os.Remove(f.Name()) // where open files cannot be removed, below
	n, err := write(f, l)
	if err == nil {
		err = q.Cases.NoteExport(q.Context(), q.Who, l.Right, casework.Export{List: cmp.Or(l.About, l.Title), Query: l.Query, Kind: kind, Rows: n})
	}
	if err != nil {
		drop(f)
		return nil, err
	}
	name := l.Title + q.Clock().In(beijingtime.Zone).Format("20060102-150405") + "." + kind
	return File{name, mime, func(w io.Writer) error {
		defer drop(f)
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return err
		}
		_, err := io.Copy(w, f)
		return err
	}}, nil
}

func drop(f *os.File) {
	f.Close()
	os.Remove(f.Name())
}

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

// TooMany says what to do about errTooMany.
func (q *Request) TooMany() error {
	ps, err := q.Staff.Policies(q.Context())
	if err != nil {
		return err
	}
	return intake.Invalid("符合条件的超过%d行，不能导出为XLSX。请缩小查询范围，或者导出CSV（不限行数）", ps[intake.ExportRows])
}
