package grid

import (
	"bufio"
	"bytes"
	"io"
)

// records goes through the bytes of a CSV file, in whatever charset whose line breaks and quotes are those of ASCII, by
// the rows that a spreadsheet counts: a quoted cell may hold line breaks. each gets a row of at most maxRow bytes and
// reports whether to go on.
func records(r io.Reader, each func(row int, b []byte) bool) error {
	in := bufio.NewReaderSize(r, 64<<10)
	end, err := lineEnd(in)
	if err != nil {
		return err
	}
	var record []byte
	state := cellStart
	for row := 1; ; {
		part, err := in.ReadSlice(end)
		state = overRecord(state, part)
		whole := err == nil && state != inQuotes || len(record) > MaxRow
		if len(record) == 0 && whole {
			record = part // without copying
		} else if record = append(record, part...); !whole && (err == nil || err == bufio.ErrBufferFull) {
			continue
		}
		if len(record) > 0 && !each(row, record) {
			return nil
		}
		if err != nil && err != bufio.ErrBufferFull {
			return IgnoreEOF(err)
		}
		if err == nil && state != inQuotes {
			row++
			state = cellStart
		}
		record = nil
	}
}

// overRecord is over for a file whose separator is not known yet.
func overRecord(s quoteState, b []byte) quoteState {
	if s != inQuotes && bytes.IndexByte(b, '"') < 0 {
		return cellStart
	}
	for i, x := range b {
		sep := byte(',')
		if x == '\t' || x == ';' {
			sep = x
		}
		s = s.over(b[i:i+1], sep)
	}
	return s
}

// lineEnd is what ends the lines of a text: a carriage return where there is no line feed, as old spreadsheets of the
// Mac write it.
func lineEnd(in *bufio.Reader) (byte, error) {
	head, err := in.Peek(in.Size())
	if err != nil && err != io.EOF && err != bufio.ErrBufferFull {
		return 0, err
	}
	if bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0 {
		return '\r', nil
	}
	return '\n', nil
}
