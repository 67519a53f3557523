package grid

import (
	"archive/zip"
	"encoding/xml"
	"io"
	"strconv"
)

// MaxColumns is how many columns of a sheet are looked at; lastColumn and lastRow are how many a spreadsheet has.
const (
	MaxColumns = 1024
	lastColumn = 16384
	lastRow    = 1 << 20
)

// SheetRows reads the rows of a sheet one by one.
type SheetRows struct {
	*xmlPart
	book   *Workbook
	place  Place
	Layout Layout
	row    int
	column int // the next cell's
	cells  []Cell
	bytes  []byte // texts of the row
	done   bool
}

// OpenSheet reads the rows of a sheet; place is the file and the sheet.
func (w *Workbook) OpenSheet(p *zip.File, place Place) (*SheetRows, error) {
	x, err := w.openXML(p)
	if err != nil {
		return nil, damaged(place, err)
	}
	return &SheetRows{xmlPart: x, book: w, place: place}, nil
}

// Next returns the next row. The end of the rows counts only where the part ends, well-formed and with the right
// checksum: there may be other rows behind it.
func (s *SheetRows) Next() (Line, error) {
	for {
		t, err := s.xmlPart.next()
		switch {
		case err == io.EOF && s.done:
			return Line{}, io.EOF
		case err != nil:
			return Line{}, s.damaged(noEOF(err))
		}
		e, ok := t.(xml.StartElement)
		switch {
		case !ok:
		case s.within("worksheet", "sheetData") && e.Name.Local == "row":
			return s.line(e)
		case s.within("worksheet") && e.Name.Local == "sheetData":
			if s.done {
				return Line{}, s.damaged(partError("two sheetData"))
			}
			s.done = true
		case s.within("worksheet") && e.Name.Local == "sheetFormatPr":
			s.Layout.defaults(e)
		case s.within("worksheet", "cols") && e.Name.Local == "col":
			if err := s.Layout.column(e); err != nil {
				return Line{}, s.damaged(err)
			}
		}
	}
}

func (s *SheetRows) damaged(err error) error {
	at := s.place
	at.Row = s.row
	if p, ok := err.(*Problem); ok && p.Place == s.book.Place { // of the part as a whole: here it is known where
		p.Place = at
	}
	return damaged(at, err)
}

// line reads the cells of a row whose start was read.
func (s *SheetRows) line(e xml.StartElement) (Line, error) {
	s.gauge.begin("一行")
	row := s.row + 1
	if r := attr(e, "r"); r != "" {
		n, err := strconv.ParseUint(r, 10, 31)
		if row = int(n); err != nil || row <= s.row {
			return Line{}, s.damaged(partError("row %q after row %d", Brief(r), s.row))
		}
	}
	if s.row = row; row > lastRow {
		return Line{}, s.damaged(partError("row %d", row))
	}
	s.column, s.cells, s.bytes = 0, s.cells[:0], s.bytes[:0]
	l := Line{Row: row, Hidden: s.Layout.hides(e)}
	for depth := len(s.open); ; {
		t, err := s.xmlPart.next()
		if err == nil && len(s.open) < depth {
			s.gauge.begin("")
			l.Cells = s.cells
			return l, nil
		}
		if e, ok := t.(xml.StartElement); ok && err == nil && e.Name.Local == "c" && len(s.open) == depth+1 {
			err = s.cell(e)
		}
		if err != nil {
			return l, s.damaged(noEOF(err))
		}
	}
}

// content is what stands in a cell's element.
type content struct {
	value, inline             []byte
	hasValue, hasInline, isFx bool
	struck                    bool // a part of inline is
}

// cell reads a cell whose start was read and puts it into its column.
func (s *SheetRows) cell(e xml.StartElement) error {
	kindName, style := attr(e, "t"), attr(e, "s") // before the next token is read
	column, err := s.columnOf(attr(e, "r"))
	if err != nil {
		return err
	}
	s.column = column + 1
	in, err := s.content()
	if err != nil || column >= MaxColumns {
		return err
	}
	c, err := s.value(kindName, style, in)
	if err != nil {
		return err
	}
	c.Struck = c.Struck || kindName == "inlineStr" && in.struck || s.book.styles.strikes(style)
	if len(s.bytes) > MaxRow {
		return s.gauge.tooLong("一行的文字", MaxRow)
	}
	for len(s.cells) < column {
		s.cells = append(s.cells, Cell{})
	}
	s.cells = append(s.cells, c)
	return nil
}

// columnOf is the zero-based column of a reference such as AB12, the next one where a cell has none.
func (s *SheetRows) columnOf(ref string) (int, error) {
	column, row, ok := s.column, s.row, true
	if ref != "" {
		column, row, ok = cellOf(ref)
	}
	if !ok || row != s.row || column < s.column || column >= lastColumn {
		return 0, partError("cell %q in row %d after %d cells", Brief(ref), s.row, s.column)
	}
	return column, nil
}

// content reads up to the end of a cell. Its texts are put behind those of the cells before.
func (s *SheetRows) content() (in content, err error) {
	for depth := len(s.open); ; {
		t, err := s.xmlPart.next()
		if err != nil {
			return in, noEOF(err)
		}
		if len(s.open) < depth {
			return in, nil
		}
		e, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		from := len(s.bytes)
		switch e.Name.Local {
		case "v":
			if in.hasValue {
				return in, partError("two values")
			}
			in.hasValue = true
			s.bytes, err = s.text(s.bytes)
			in.value = s.bytes[from:len(s.bytes):len(s.bytes)]
		case "is":
			if in.hasInline {
				return in, partError("two inline texts")
			}
			in.hasInline = true
			s.bytes, err = s.strings(s.bytes)
			in.struck = s.xmlPart.struck
			in.inline = s.bytes[from:len(s.bytes):len(s.bytes)]
		case "f":
			in.isFx = true
			err = s.skip()
		default:
			err = s.skip()
		}
		if err != nil {
			return in, err
		}
	}
}
