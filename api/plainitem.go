package api

import (
	"bytes"
	"io"
	"sync"
	"unicode/utf8"
)

// Nearly all items of a large list are plain: an object of the four texts of the document, each once, none with an
// escape, none with a problem. These are read here, several times faster than token by token. Everything else is left
// to jsontext, which never sees the plain items: an array is the same JSON without an item and the comma before it.

// listWindow is a window of the input, in which whole items can be seen. While the list is read, it delivers no more
// than up to the next '}', so that jsontext holds nothing of the items after the one that it reads.
type listWindow struct {
	inList bool
	buf    *[listWindowSize]byte // nil: jsontext held all there was when the list began
	rest   []byte                // of buf: what was read, and neither delivered nor taken out
	err    error                 // of the reader, to be delivered after rest
}

// listWindowSize is far more than an item has, and little for a request.
const listWindowSize = 64 << 10

var listWindows = sync.Pool{New: func() any { return new([listWindowSize]byte) }}

// deliver delivers from the window; false: it is empty.
func (w *listWindow) deliver(p []byte) (n int, err error, delivered bool) {
	if len(w.rest) == 0 {
		return 0, w.err, w.err != nil
	}
	n = len(w.rest)
	if end := bytes.IndexByte(w.rest, '}'); w.inList && end >= 0 {
		n = end + 1
	}
	n = copy(p, w.rest[:n])
	w.rest = w.rest[n:]
	return n, nil, true
}

// more reads more of the input behind rest; false: there is no room, or nothing more.
func (w *listWindow) more(r io.Reader) bool {
	if w.buf == nil {
		w.buf = listWindows.Get().(*[listWindowSize]byte)
	}
	if len(w.rest) == len(w.buf) || w.err != nil {
		return false
	}
	n := copy(w.buf[:], w.rest)
	k, err := r.Read(w.buf[n:])
	w.rest, w.err = w.buf[:n+k], err
	return k > 0
}

// free gives the buffer to the next.
func (w *listWindow) free() {
	if w.buf != nil {
		listWindows.Put(w.buf)
	}
	*w = listWindow{}
}

// plainItems takes the plain items out that follow the item read last, as far as jsontext holds nothing behind it.
func (c *caseReader) plainItems() {
	w := &c.in.window
	if c.byToken || len(c.dec.UnreadBuffer()) > 0 {
		return
	}
	for c.items < c.limit {
		n := c.plainItem(w.rest)
		switch {
		case n > 0:
			w.rest = w.rest[n:]
			c.in.plain.bytes += int64(n)
			c.in.plain.items++
			c.addItem()
			c.items++
		case n == 0 || !w.more(c.in.r):
			return
		}
	}
}

// plainItem reads a comma and the plain item behind it into c.item, and returns how many bytes they have; 0: something
// else stands there; below 0: it cannot be seen whole.
func (c *caseReader) plainItem(b []byte) int {
	s := scan{b: b}
	s.take(',')
	s.take('{')
	seen := 0
	for i := range entityMembers {
		if i > 0 {
			s.take(',')
		}
		name := s.text()
		s.take(':')
		text := s.text()
		if s.stopped != 0 {
			return min(s.stopped, 0)
		}
		m := plainMember(name, i)
		if m < 0 || seen&(1<<m) != 0 || entityMembers[m].check(text, "") != nil {
			return 0
		}
		seen |= 1 << m
		c.item.texts[m] = append(c.item.texts[m][:0], text...)
	}
	s.take('}')
	if s.stopped != 0 {
		return min(s.stopped, 0)
	}
	return s.at
}

// plainMember is the member of an entity with a name, most likely number i; -1: none.
func plainMember(name []byte, i int) int {
	if string(name) == entityMembers[i].name {
		return i
	}
	for i, m := range entityMembers {
		if string(name) == m.name {
			return i
		}
	}
	return -1
}

// scan reads the tokens of a plain item. After the first that is none it stands still.
type scan struct {
	b       []byte
	at      int
	stopped int // 1: something else stands here; -1: the input ends here
}

// space goes to the next byte that is no white space; false: there is none.
func (s *scan) space() bool {
	for s.stopped == 0 && s.at < len(s.b) {
		switch s.b[s.at] {
		case ' ', '\t', '\r', '\n':
			s.at++
		default:
			return true
		}
	}
	if s.stopped == 0 {
		s.stopped = -1
	}
	return false
}

// take reads one character.
func (s *scan) take(c byte) {
	switch {
	case !s.space():
	case s.b[s.at] != c:
		s.stopped = 1
	default:
		s.at++
	}
}

// text reads a string without escapes.
func (s *scan) text() []byte {
	if s.take('"'); s.stopped != 0 {
		return nil
	}
	from, high := s.at, byte(0)
	for i, c := range s.b[from:] {
		switch {
		case c == '"':
			text := s.b[from : from+i]
			if high >= utf8.RuneSelf && !utf8.Valid(text) {
				s.stopped = 1
			}
			s.at = from + i + 1
			return text
		case c < ' ' || c == '\\':
			s.stopped = 1
			return nil
		}
		high |= c
	}
	s.stopped = -1
	return nil
}
