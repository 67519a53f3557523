package grid

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// MaxRow bounds the bytes of one row, and so the memory of a reader. The longest row within the limits of S15 is far
// shorter.
const MaxRow = 4 << 20

// CSV reads CSV as spreadsheets write it (RFC 4180): a quoted cell may hold separators, line breaks and doubled
// quotes. encoding/csv is not used because it skips blank lines, so that row numbers would not be those of the
// spreadsheet, takes an open quote for the rest of the file where it tolerates ="0123", and bounds no row.
type CSV struct {
	in     io.Reader
	place  Place
	sep    byte
	buf    []byte
	at     int   // the next row begins at buf[at]
	end    error // of in
	brk    byte  // what ends a line; 0: not known yet
	row    int
	cells  []Cell
	bare   []byte // texts without their quotes
	padded bool   // the cell in hand has blanks outside of its quotes
	closer io.Closer
	most   int // cells of a row; 0: any number
}

// NewCSV reads rows of CSV in UTF-8, whose cells sep separates.
func NewCSV(in io.Reader, place Place, sep byte) *CSV {
	return &CSV{in: in, place: place, sep: sep, buf: make([]byte, 0, 64<<10)}
}

// AtMost has c refuse rows of more cells, before they take memory.
func (c *CSV) AtMost(cells int) *CSV {
	c.most = cells
	return c
}

func (c *CSV) Close() error {
	if c.closer == nil {
		return nil
	}
	return c.closer.Close()
}

// Next returns the next row; see Rows.
func (c *CSV) Next() (Line, error) {
	b, quoted, err := c.line()
	if err != nil {
		return Line{}, err
	}
	c.row++
	c.cells = c.cells[:0]
	switch {
	case c.most > 0 && bytes.Count(b, []byte{c.sep}) >= c.most && !quoted:
		err = c.problem(c.row, -1, fmt.Sprintf("一行有%d列以上", c.most), "检查是否选对了文件")
	case quoted:
		err = c.unquote(b)
	default:
		c.split(b)
	}
	return Line{Cells: c.cells, Row: c.row}, err
}

// line returns the bytes of the next row without its line break, and whether it holds quotes.
func (c *CSV) line() (line []byte, quoted bool, err error) {
	if c.brk == 0 {
		if err := c.begin(); err != nil {
			return nil, false, err
		}
	}
	scanned, open := 0, false
	state := cellStart
	for {
		rest := c.buf[c.at+scanned:]
		n := bytes.IndexByte(rest, c.brk)
		end := n + 1
		if n < 0 {
			switch {
			case c.end == nil:
				if err := c.fill(); err != nil {
					return nil, false, err
				}
				continue
			case c.end != io.EOF || len(rest)+scanned == 0:
				return nil, false, c.ended()
			}
			n, end = len(rest), len(rest)
		}
		if state == inQuotes || bytes.IndexByte(rest[:n], '"') >= 0 {
			quoted = true
			state = state.over(rest[:n], c.sep)
		}
		if open = state == inQuotes; !open || end == n {
			line = c.buf[c.at : c.at+scanned+n]
			c.at += scanned + end
			break
		}
		scanned += end
	}
	if open {
		return nil, false, c.problem(c.row+1, -1, "引号没有结束", "补上单元格结尾的引号，或从原系统重新导出")
	}
	if c.brk == '\n' {
		line = bytes.TrimSuffix(line, []byte("\r"))
	}
	return line, quoted, nil
}

// begin finds out what ends a line: a carriage return where there is no line feed.
func (c *CSV) begin() error {
	for c.end == nil && len(c.buf) < cap(c.buf) && bytes.IndexByte(c.buf, '\n') < 0 {
		if err := c.fill(); err != nil {
			return err
		}
	}
	c.brk = '\n'
	if bytes.IndexByte(c.buf, '\n') < 0 && bytes.IndexByte(c.buf, '\r') >= 0 {
		c.brk = '\r'
	}
	return nil
}

// fill reads on. Anything that was returned before becomes invalid.
func (c *CSV) fill() error {
	c.buf = c.buf[:copy(c.buf, c.buf[c.at:])]
	c.at = 0
	if len(c.buf) == cap(c.buf) {
		if cap(c.buf) >= MaxRow {
			return c.problem(c.row+1, -1, fmt.Sprintf("一行超过%d字节", MaxRow), "检查该行的引号和换行；文件须是 CSV")
		}
		c.buf = append(make([]byte, 0, 2*cap(c.buf)), c.buf...)
	}
	n, err := c.in.Read(c.buf[len(c.buf):cap(c.buf)])
	c.buf = c.buf[:len(c.buf)+n]
	c.end = err
	return nil
}

// ended is the error of the reader, with the row in which it happened.
func (c *CSV) ended() error {
	if p, ok := errors.AsType[*Problem](c.end); ok && p.Row == 0 {
		p.Row = c.row + 1
	}
	return c.end
}

func (c *CSV) problem(row, column int, text, next string) *Problem {
	p := &Problem{Place: c.place, Text: text, Next: next, Fatal: true}
	if p.Row = row; column >= 0 {
		p.Column = ColumnName(column)
	}
	return p
}

// split cuts a line without quotes.
func (c *CSV) split(line []byte) {
	for {
		n := bytes.IndexByte(line, c.sep)
		if n < 0 {
			c.cells = append(c.cells, Cell{Raw: line})
			return
		}
		c.cells = append(c.cells, Cell{Raw: line[:n]})
		line = line[n+1:]
	}
}

// unquote cuts a line that holds quotes. A quote within a cell that does not begin with one stands for itself.
func (c *CSV) unquote(line []byte) error {
	if cap(c.bare) < len(line) {
		c.bare = make([]byte, 0, 2*len(line))
	}
	c.bare = c.bare[:0]
	for {
		bare := c.beforeQuote(line)
		c.padded = len(bare) < len(line)
		raw, rest, more, ok := c.cell(bare)
		if !ok {
			return c.problem(c.row, len(c.cells), "引号后面还有内容", "单元格里的引号须写成两个，或从原系统重新导出")
		}
		if c.cells = append(c.cells, Cell{Raw: raw, Padded: c.padded}); c.most > 0 && len(c.cells) > c.most {
			return c.problem(c.row, -1, fmt.Sprintf("一行有%d列以上", c.most), "检查是否选对了文件")
		}
		if !more {
			return nil
		}
		line = rest
	}
}

// beforeQuote returns a line without the blanks before a cell that is quoted.
func (c *CSV) beforeQuote(line []byte) []byte {
	if bare := bytes.TrimLeft(line, " "); len(bare) > 0 && bare[0] == '"' {
		return bare
	}
	return line
}

// cell cuts the first cell off a line; more tells whether another follows.
func (c *CSV) cell(line []byte) (raw, rest []byte, more, ok bool) {
	if len(line) == 0 || line[0] != '"' {
		n := bytes.IndexByte(line, c.sep)
		if n < 0 {
			return line, nil, false, true
		}
		return line[:n], line[n+1:], true, true
	}
	from := len(c.bare)
	for line = line[1:]; ; line = line[1:] {
		n := bytes.IndexByte(line, '"')
		if n < 0 {
			return nil, nil, false, false
		}
		c.bare = append(c.bare, line[:n]...)
		line = line[n+1:]
		if len(line) == 0 || line[0] != '"' {
			break
		}
		c.bare = append(c.bare, '"')
	}
	raw = c.bare[from:len(c.bare):len(c.bare)]
	if len(line) > 0 && line[0] == ' ' {
		line, c.padded = bytes.TrimLeft(line, " "), true
	}
	if len(line) == 0 {
		return raw, nil, false, true
	}
	return raw, line[1:], true, line[0] == c.sep
}

// quoteState is where in a row the scan for its end stands.
type quoteState uint8

const (
	cellStart quoteState = iota
	inCell
	inQuotes
	afterQuote
)

// over returns the state after b.
func (s quoteState) over(b []byte, sep byte) quoteState {
	for _, x := range b {
		switch {
		case s == inQuotes:
			if x == '"' {
				s = afterQuote
			}
		case x == sep:
			s = cellStart
		case x == '"' && s != inCell:
			s = inQuotes
		case x == ' ' && s != inCell: // before a quote, or behind one
		default:
			s = inCell
		}
	}
	return s
}
