package page

import (
	"cmp"
	"errors"
	"io"
	"iter"
	"os"

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
		write, mime = workbookTo(ps[intake.ExportRows]),
			"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
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
		err = q.Cases.NoteExport(q.Context(), q.Who, l.Right,
			casework.Export{List: cmp.Or(l.About, l.Title), Query: l.Query, Kind: kind, Rows: n})
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

// TooMany says what to do about errTooMany.
func (q *Request) TooMany() error {
	ps, err := q.Staff.Policies(q.Context())
	if err != nil {
		return err
	}
	return intake.Invalid("符合条件的超过%d行，不能导出为XLSX。请缩小查询范围，或者导出CSV（不限行数）", ps[intake.ExportRows])
}
