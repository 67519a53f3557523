package sheet

import (
	"archive/zip"
	"encoding/xml"
	"io"
	"strconv"
)

// maxColumns is how many columns of a sheet are looked at; lastColumn and lastRow are how many a spreadsheet has.
const (
	maxColumns = 1024
	lastColumn = 16384
	lastRow    = 1 << 20
)

// sheetRows reads the rows of a sheet one by one.
type sheetRows struct {
	*xmlPart
	book   *workbook
	place  Place
	layout layout
	row    int
	column int // the next cell's
	cells  []cell
	bytes  []byte // texts of the row
	done   bool
}

func (w *workbook) openSheet(p *zip.File, place Place) (*sheetRows, error) {
	x, err := w.openXML(p)
	if err != nil {
		return nil, damaged(place, err)
	}
	return &sheetRows{xmlPart: x, book: w, place: place}, nil
}

// next returns the next row. The end of the rows counts only where the part ends, well-formed and with the right
// checksum: there may be other rows behind it.
func (s *sheetRows) next() (line, error) {
	for {
		t, err := s.xmlPart.next()
		switch {
		case err == io.EOF && s.done:
			return line{}, io.EOF
		case err != nil:
			return line{}, s.damaged(noEOF(err))
		}
		e, ok := t.(xml.StartElement)
		switch {
		case !ok:
		case s.within("worksheet", "sheetData") && e.Name.Local == "row":
			return s.line(e)
		case s.within("worksheet") && e.Name.Local == "sheetData":
			if s.done {
				return line{}, s.damaged(partError("two sheetData"))
			}
			s.done = true
		case s.within("worksheet") && e.Name.Local == "sheetFormatPr":
			s.layout.defaults(e)
		case s.within("worksheet", "cols") && e.Name.Local == "col":
			if err := s.layout.column(e); err != nil {
				return line{}, s.damaged(err)
			}
		}
	}
}

func (s *sheetRows) damaged(err error) error {
	at := s.place
	at.Row = s.row
	if p, ok := err.(*Problem); ok && p.Place == s.book.place { // of the part as a whole: here it is known where
		p.Place = at
	}
	return damaged(at, err)
}

// line reads the cells of a row whose start was read.
func (s *sheetRows) line(e xml.StartElement) (line, error) {
	s.gauge.begin("一行")
	row := s.row + 1
	if r := attr(e, "r"); r != "" {
		n, err := strconv.ParseUint(r, 10, 31)
		if row = int(n); err != nil || row <= s.row {
			return line{}, s.damaged(partError("row %q after row %d", brief(r), s.row))
		}
	}
	if s.row = row; row > lastRow {
		return line{}, s.damaged(partError("row %d", row))
	}
	s.column, s.cells, s.bytes = 0, s.cells[:0], s.bytes[:0]
	l := line{row: row, hidden: s.layout.hides(e)}
	for depth := len(s.open); ; {
		t, err := s.xmlPart.next()
		if err == nil && len(s.open) < depth {
			s.gauge.begin("")
			l.cells = s.cells
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
func (s *sheetRows) cell(e xml.StartElement) error {
	kindName, style := attr(e, "t"), attr(e, "s") // before the next token is read
	column, err := s.columnOf(attr(e, "r"))
	if err != nil {
		return err
	}
	s.column = column + 1
	in, err := s.content()
	if err != nil || column >= maxColumns {
		return err
	}
	c, err := s.value(kindName, style, in)
	if err != nil {
		return err
	}
	c.struck = c.struck || kindName == "inlineStr" && in.struck || s.book.styles.strikes(style)
	if len(s.bytes) > maxRow {
		return s.gauge.tooLong("一行的文字", maxRow)
	}
	for len(s.cells) < column {
		s.cells = append(s.cells, cell{})
	}
	s.cells = append(s.cells, c)
	return nil
}

// columnOf is the zero-based column of a reference such as AB12, the next one where a cell has none.
func (s *sheetRows) columnOf(ref string) (int, error) {
	column, row, ok := s.column, s.row, true
	if ref != "" {
		column, row, ok = cellOf(ref)
	}
	if !ok || row != s.row || column < s.column || column >= lastColumn {
		return 0, partError("cell %q in row %d after %d cells", brief(ref), s.row, s.column)
	}
	return column, nil
}

// content reads up to the end of a cell. Its texts are put behind those of the cells before.
func (s *sheetRows) content() (in content, err error) {
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
