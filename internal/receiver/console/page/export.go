package page

import (
	"cmp"
	"errors"
	"io"
	"iter"
	"os"
	"strings"
	"time"
	"unicode"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
)

// List is a list that may leave as a file.
type List struct {
	Title string   // heads the sheet and names the file
	Of    []string // whose the rows are, such as a caseid and an acceptid; behind the title in both
	About string   // whose the rows are, as the audit calls it; "": the title
	Query string   // what selected the rows, in words
	// Noted is what the audit has of a file of that kind, once all rows were written; nil: one entry about the list.
	Noted func(kind string) []casework.Export
	Right intake.Right
	Heads []Head
	Rows  iter.Seq2[[]string, error]

	origin string // where it comes from, in words
}

// Head is one column of a list.
type Head struct {
	Title  string
	Number bool    // a count, of decimal digits: all else is text in a workbook, so that nothing is rounded
	Time   bool    // a day or a time as Clock writes it
	Figure bool    // a rate or another figure that is no code
	Width  float64 // in a workbook, in characters; 0: the usual one
	Wrap   bool    // in a workbook a long text goes on below
}

// heading is what is above the list in a workbook.
func (l List) heading() string { return strings.Join(append([]string{l.Title}, l.Of...), "　") }

// fileName names the file of a list that leaves at a time. It has no character that a file system refuses.
func (l List) fileName(at time.Time, kind string) string {
	parts := []string{filePart(l.Title)}
	for _, of := range l.Of {
		parts = append(parts, filePart(of))
	}
	return strings.Join(append(parts, at.In(beijingtime.Zone).Format("20060102-150405")), "_") + "." + kind
}

// mostInName is how many characters of one text are in the name of a file, which has 255 bytes at most.
const mostInName = 40

func filePart(s string) string {
	rs := []rune(strings.Map(func(r rune) rune {
		if strings.ContainsRune("\\/:*?\"<>|_", r) || !unicode.IsPrint(r) {
			return '-'
		}
		return r
	}, s))
	return strings.Trim(string(rs[:min(len(rs), mostInName)]), " .")
}

// ErrTooMany: there are more rows than a workbook may have.
var ErrTooMany = errors.New("too many rows")

// Export is the answer that gives a list out as xlsx or csv. The file is made whole first, so that the audit can say
// how many rows are given out before any of them is. errTooMany: they are more than a workbook may have, and nothing
// was given out.
func (q *Request) Export(l List, kind string) (Answer, error) {
	switch kind {
	case "xlsx":
		ps, err := q.Staff.Policies(q.Context())
		if err != nil {
			return nil, err
		}
		return q.give(l, kind, workbookKind, workbookTo(ps[intake.ExportRows]))
	case "csv":
		return q.give(l, kind, "text/csv; charset=utf-8", csvTo)
	}
	return nil, intake.ErrNotFound
}

const workbookKind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// give is the answer that gives out what write makes of a list, once the audit has it.
func (q *Request) give(l List, kind, mime string, write func(io.Writer, List) (int, error)) (Answer, error) {
	now := q.Clock()
	if q.Unit != "" {
		l.origin = "单位：" + q.Unit + "　"
	}
	l.origin += "条件：" + l.Query + "　导出人：" + q.Who.Person + "（" + q.Who.Name + "）　导出时间：" + Clock(now)
	f, err := os.CreateTemp("", "export-")
	if err != nil {
		return nil, err
	}
	os.Remove(f.Name()) // where open files cannot be removed, below
	n, err := write(f, l)
	if err == nil {
		err = q.noteExport(l, kind, n)
	}
	if err != nil {
		drop(f)
		return nil, err
	}
	return File{l.fileName(now, kind), mime, func(w io.Writer) error {
		defer drop(f)
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return err
		}
		_, err := io.Copy(w, f)
		return err
	}}, nil
}

// noteExport puts a file into the audit before any of it is given out.
func (q *Request) noteExport(l List, kind string, rows int) error {
	es := []casework.Export{{List: cmp.Or(l.About, l.Title), Query: l.Query, Kind: kind, Rows: rows}}
	if l.Noted != nil {
		es = l.Noted(kind)
	}
	for _, e := range es {
		if err := q.Cases.NoteExport(q.Context(), q.Who, l.Right, e); err != nil {
			return err
		}
	}
	return nil
}

func drop(f *os.File) {
	f.Close()
	os.Remove(f.Name())
}

// TooMany says what to do about errTooMany.
func (q *Request) TooMany() error {
	ps, err := q.Staff.Policies(q.Context())
	if err != nil {
		return err
	}
	return intake.Invalid("符合条件的超过%d行，不能导出为XLSX。请缩小查询范围，或者导出CSV（不限行数）", ps[intake.ExportRows])
}
