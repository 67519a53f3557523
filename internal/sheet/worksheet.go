package sheet

import (
	"archive/zip"
	"encoding/xml"
	"io"
	"strconv"
	"time"
)

// maxColumns is how many columns of a sheet are looked at.
const maxColumns = 1024

// sheetRows reads the rows of a sheet one by one.
type sheetRows struct {
	*xmlPart
	book  *workbook
	place Place
	row   int
	cells []cell
	bytes []byte // texts of the row
	done  bool
}

func (w *workbook) openSheet(p *zip.File, place Place) (rows, error) {
	x, err := openPart(p)
	if err != nil {
		return nil, damaged(place, err)
	}
	return &sheetRows{xmlPart: x, book: w, place: place}, nil
}

func (s *sheetRows) close() error { return s.gauge.Close() }

// next returns the next row. The end of the rows counts only where sheetData ends and the checksum of the part holds.
func (s *sheetRows) next() (line, error) {
	for !s.done {
		t, err := s.RawToken()
		if err != nil {
			return line{}, s.damaged(noEOF(err))
		}
		switch t := t.(type) {
		case xml.StartElement:
			if t.Name.Local == "row" {
				return s.line(t)
			}
		case xml.EndElement:
			if s.done = t.Name.Local == "sheetData"; s.done {
				if err := s.drain(); err != nil {
					return line{}, s.damaged(err)
				}
			}
		}
	}
	return line{}, io.EOF
}

func (s *sheetRows) damaged(err error) error {
	at := s.place
	at.Row = s.row
	return damaged(at, err)
}

// line reads the cells of a row whose start was read.
func (s *sheetRows) line(e xml.StartElement) (line, error) {
	row := s.row + 1
	if r := attr(e, "r"); r != "" {
		n, err := strconv.ParseUint(r, 10, 31)
		if row = int(n); err != nil || row <= s.row {
			return line{}, s.damaged(partError("row %q after row %d", r, s.row))
		}
	}
	s.row, s.cells, s.bytes = row, s.cells[:0], s.bytes[:0]
	l := line{row: row, hidden: isTrue(attr(e, "hidden"))}
	for {
		t, err := s.RawToken()
		if err != nil {
			return l, s.damaged(noEOF(err))
		}
		switch t := t.(type) {
		case xml.StartElement:
			if t.Name.Local != "c" {
				continue
			}
			if err := s.cell(t); err != nil {
				return l, s.damaged(err)
			}
		case xml.EndElement:
			if t.Name.Local == "row" {
				l.cells = s.cells
				return l, nil
			}
		}
	}
}

func isTrue(s string) bool { return s == "1" || s == "true" }

// content is what stands in a cell's element.
type content struct {
	value           []byte
	hasValue, hasFx bool
}

// cell reads a cell whose start was read and puts it into its column.
func (s *sheetRows) cell(e xml.StartElement) error {
	column, err := s.column(attr(e, "r"))
	if err != nil {
		return err
	}
	in, err := s.content()
	if err != nil || column >= maxColumns {
		return err
	}
	c, err := s.value(attr(e, "t"), attr(e, "s"), in)
	if err != nil {
		return err
	}
	for len(s.cells) < column {
		s.cells = append(s.cells, cell{})
	}
	s.cells = append(s.cells, c)
	return nil
}

// column is the zero-based column of a reference such as AB12, the next one where a cell has none.
func (s *sheetRows) column(ref string) (int, error) {
	if ref == "" {
		return len(s.cells), nil
	}
	n := 0
	for i := 0; i < len(ref) && i < 4 && ref[i] >= 'A' && ref[i] <= 'Z'; i++ {
		n = n*26 + int(ref[i]-'A') + 1
	}
	if n == 0 || n-1 < len(s.cells) {
		return 0, partError("cell %q after %d cells", ref, len(s.cells))
	}
	return n - 1, nil
}

// content reads up to the end of a cell. Its text is put behind those of the cells before.
func (s *sheetRows) content() (in content, err error) {
	from := len(s.bytes)
	for {
		t, err := s.RawToken()
		if err != nil {
			return in, noEOF(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "v":
				in.hasValue = true
				s.bytes, err = s.text(s.bytes, "v")
			case "is":
				s.bytes, err = s.strings(s.bytes)
			case "f":
				in.hasFx = true
				_, err = s.text(nil, "f")
			}
			if err != nil {
				return in, err
			}
		case xml.EndElement:
			if t.Name.Local == "c" {
				in.value = s.bytes[from:len(s.bytes):len(s.bytes)]
				return in, nil
			}
		}
	}
}

// value is a cell by its type (ECMA-376, ST_CellType) and style.
func (s *sheetRows) value(kindName, style string, in content) (cell, error) {
	if in.hasFx && (!in.hasValue || len(in.value) == 0 && kindName != "str") {
		return cell{kind: uncomputed}, nil
	}
	switch kindName {
	case "s":
		if len(in.value) == 0 {
			return cell{}, nil
		}
		raw, ok := s.book.strings.at(string(in.value))
		if !ok {
			return cell{}, partError("no shared string %q", brief(in.value))
		}
		return cell{raw: raw}, nil
	case "str", "inlineStr":
		return cell{raw: unescape(in.value)}, nil
	case "b":
		return cell{kind: boolean, raw: []byte(map[bool]string{true: "TRUE", false: "FALSE"}[isTrue(string(in.value))])}, nil
	case "e":
		return cell{kind: fault, raw: in.value}, nil
	case "d":
		return isoDate(in.value), nil
	}
	if len(in.value) == 0 {
		return cell{}, nil
	}
	return s.number(style, in.value), nil
}

func isoDate(b []byte) cell {
	if day, err := time.Parse(time.DateOnly, string(b[:min(len(b), len(time.DateOnly))])); err == nil {
		return cell{kind: date, raw: day.AppendFormat(nil, time.DateOnly)}
	}
	return cell{raw: b}
}

// number is a number, or a date where its format shows one.
func (s *sheetRows) number(style string, raw []byte) cell {
	c := cell{kind: number, raw: raw}
	i, err := strconv.Atoi(style)
	if err != nil || i < 0 || i >= len(s.book.formats) {
		return c
	}
	f := s.book.formats[i]
	c.wide = f.wide
	if n, err := strconv.ParseFloat(string(raw), 64); f.date && err == nil {
		if day, ok := dayOf(n, s.book.base); ok {
			return cell{kind: date, raw: day.AppendFormat(nil, time.DateOnly)}
		}
	}
	return c
}

// dayOf is the day of a serial number. Spreadsheets count a 29 February 1900 that was none.
func dayOf(n float64, base int) (time.Time, bool) {
	switch {
	case !(n >= 0 && n < 2958466):
		return time.Time{}, false
	case base == 1904:
		return time.Date(1904, 1, 1+int(n), 0, 0, 0, 0, time.UTC), true
	case n < 1 || int(n) == 60:
		return time.Time{}, false
	case n < 60:
		return time.Date(1899, 12, 31+int(n), 0, 0, 0, 0, time.UTC), true
	}
	return time.Date(1899, 12, 30+int(n), 0, 0, 0, 0, time.UTC), true
}
