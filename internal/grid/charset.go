package grid

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"diaoxiao/internal/charset"
	"diaoxiao/internal/rules"
)

// Charset is the encoding of the text of a CSV file.
type Charset uint8

// The charsets that are told apart.
const (
	utf8Text Charset = iota
	GB18030
	utf16LE
	utf16BE
)

// String is the name of the charset.
func (c Charset) String() string {
	return [...]string{"UTF-8", "GB18030", "UTF-16", "UTF-16"}[c]
}

var (
	bomUTF8    = []byte("\xef\xbb\xbf")
	bomUTF16LE = []byte("\xff\xfe")
	bomUTF16BE = []byte("\xfe\xff")
)

// CharsetOf reads a file through. Text without a mark that is not valid UTF-8 is GB18030, as Windows writes it, unless
// it is UTF-8 all but a few bytes: that is a damaged file, and reading it as GB18030 would give wrong names.
func CharsetOf(f io.ReaderAt, place Place) (Charset, error) {
	var head [3]byte
	n, err := f.ReadAt(head[:], 0)
	switch {
	case err != nil && err != io.EOF:
		return 0, err
	case bytes.HasPrefix(head[:n], bomUTF16LE):
		return utf16LE, nil
	case bytes.HasPrefix(head[:n], bomUTF16BE):
		return utf16BE, nil
	}
	valid, doubtful, err := isUTF8(WholeFile(f))
	switch {
	case err != nil:
		return 0, err
	case doubtful && !bytes.Equal(head[:n], bomUTF8):
		return 0, badText(place, "文件太短，无法判断文字是 UTF-8 还是 GB18030（GBK）")
	case valid:
		return utf8Text, nil
	}
	s, err := takeSurvey(WholeFile(f))
	if err == nil && (bytes.Equal(head[:n], bomUTF8) || s.wide > 4*s.bad || s.before >= 8) {
		place.Row = s.badRow
		err = &Problem{
			Place: place,
			Text:  "文件已损坏：此处不是有效的 UTF-8，其余各行是",
			Next:  "该行可能来自另一个编码（GBK）的文件；从原系统重新导出，不要把不同编码的文件拼在一起",
			Fatal: true,
		}
	}
	return GB18030, err
}

// HasUTF16Mark reports whether text begins with a byte order mark of UTF-16.
func HasUTF16Mark(text []byte) bool {
	return bytes.HasPrefix(text, bomUTF16LE) || bytes.HasPrefix(text, bomUTF16BE)
}

// WholeFile reads a file from its beginning.
func WholeFile(f io.ReaderAt) io.Reader { return io.NewSectionReader(f, 0, 1<<62) }

// isUTF8 reads text through. It is doubtful where all that is not ASCII are characters of two bytes: no Chinese in
// UTF-8, but the bytes of 毛伟 in GBK are of that kind.
func isUTF8(r io.Reader) (valid, doubtful bool, err error) {
	var two, more bool
	buf, kept := make([]byte, 64<<10), 0
	for {
		n, err := r.Read(buf[kept:])
		n += kept
		whole := n
		for i := 1; err == nil && i < utf8.UTFMax && i <= n; i++ { // a character may be cut by the end of the buffer
			if b := buf[n-i]; utf8.RuneStart(b) {
				if !utf8.FullRune(buf[n-i : n]) {
					whole = n - i
				}
				break
			}
		}
		for _, b := range buf[:whole] {
			two, more = two || b >= 0xC0, more || b >= 0xE0
		}
		if !utf8.Valid(buf[:whole]) {
			return false, false, nil
		}
		if err != nil {
			return err == io.EOF, two && !more, IgnoreEOF(err)
		}
		kept = copy(buf, buf[whole:n])
	}
}

// IgnoreEOF is err, nil where it is io.EOF.
func IgnoreEOF(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}

// survey is what tells damaged UTF-8 from other text.
type survey struct {
	bad, wide int // bytes that are not UTF-8, characters of three bytes or more
	before    int // of wide, those before the first bad byte
	badRow    int // of the first bad byte
}

func takeSurvey(r io.Reader) (s survey, err error) {
	err = records(r, func(row int, b []byte) bool {
		for len(b) > 0 {
			c, size := utf8.DecodeRune(b)
			switch {
			case c == utf8.RuneError && size == 1:
				if s.bad++; s.bad == 1 {
					s.badRow, s.before = row, s.wide
				}
			case size > 2:
				s.wide++
			}
			b = b[size:]
		}
		return true
	})
	return s, err
}

// CheckGB18030 reads a file through, so that no case of it goes out before all of it is known to be readable. held is
// what holds its cases.
func CheckGB18030(f io.ReaderAt, place Place) (held []Problem, err error) {
	if held, err = strayUTF8(f, place); err != nil {
		return nil, err
	}
	_, err = io.Copy(io.Discard, GB18030.TextOf(f, place))
	return held, err
}

// strayUTF8 finds the rows of a GB18030 file that are in UTF-8 all the same: they are valid in both, and read as
// GB18030 they are other characters. Three ideographs and more are never so by chance; two hold the case.
func strayUTF8(f io.ReaderAt, place Place) (held []Problem, err error) {
	failed := records(WholeFile(f), func(row int, b []byte) bool {
		found, n := chineseInUTF8(b)
		if n < 2 || n == 2 && held != nil {
			return true
		}
		p := &Problem{
			Place: place,
			Text:  "文件是 GB18030（GBK）编码，该行却有 UTF-8 文字，如“" + Brief(found) + "”，会被读成别的字",
			Fatal: n > 2,
			Held:  n == 2,
			Next:  "从原系统重新导出，不要把不同编码的文件拼在一起",
		}
		p.Row = row
		switch {
		case p.Fatal:
			err = p
		default:
			held = append(held, *p)
		}
		return err == nil
	})
	if failed != nil {
		return nil, failed
	}
	return held, err
}

// chineseInUTF8 returns the longest run of bytes beyond ASCII that is common Chinese in UTF-8, and how many ideographs
// it has.
func chineseInUTF8(b []byte) (found string, most int) {
	for len(b) > 0 {
		n := 0
		for n < len(b) && b[n] < utf8.RuneSelf {
			n++
		}
		b = b[n:]
		for n = 0; n < len(b) && b[n] >= utf8.RuneSelf; {
			n++
		}
		if n >= 6 && b[0] >= 0xe0 && utf8.Valid(b[:n]) {
			if han := rules.PlainChinese(b[:n]); han > most {
				found, most = string(b[:n]), han
			}
		}
		b = b[n:]
	}
	return found, most
}

// badRow is the row of the first bytes that are not valid in GB18030.
func badRow(f io.ReaderAt) (bad int) {
	records(WholeFile(f), func(row int, b []byte) bool {
		if _, err := io.Copy(io.Discard, charset.GB18030.Reader(bytes.NewReader(b))); err != nil {
			bad = row
		}
		return bad == 0
	})
	return bad
}

// TextOf returns the text of a file in UTF-8, without its mark. Text that is not valid in the charset ends it with a
// *Problem; one that does not know its row is in the row where the reader stands.
func (c Charset) TextOf(f io.ReaderAt, place Place) io.Reader {
	r := WholeFile(f)
	switch c {
	case GB18030:
		return &strictText{charset.GB18030.Reader(r), f, place}
	case utf16LE:
		return newUTF16(r, binary.LittleEndian, place)
	case utf16BE:
		return newUTF16(r, binary.BigEndian, place)
	}
	in := bufio.NewReaderSize(r, 64<<10)
	if head, _ := in.Peek(len(bomUTF8)); bytes.Equal(head, bomUTF8) {
		in.Discard(len(bomUTF8))
	}
	return in
}

// strictText words the error of a charset that does not hold.
type strictText struct {
	r     io.Reader
	f     io.ReaderAt
	place Place
}

func (s *strictText) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if errors.Is(err, charset.ErrInvalid) {
		p := badText(s.place, "文字既不是有效的 UTF-8，也不是有效的 GB18030")
		p.Row = badRow(s.f)
		err = p
	}
	return n, err
}

func badText(place Place, what string) *Problem {
	return &Problem{Place: place, Text: what, Next: "从原系统重新导出为 UTF-8 编码的 CSV 或 xlsx；不要用表格软件打开后另存，长编号会被改", Fatal: true}
}

// utf16Text reads UTF-16 strictly: x/text would put U+FFFD in place of half a character.
type utf16Text struct {
	in    *bufio.Reader
	order binary.ByteOrder
	place Place
	rest  []byte
	err   error
}

func newUTF16(r io.Reader, order binary.ByteOrder, place Place) *utf16Text {
	in := bufio.NewReaderSize(r, 64<<10)
	in.Discard(2) // the mark
	return &utf16Text{in: in, order: order, place: place}
}

func (u *utf16Text) Read(p []byte) (n int, err error) {
	for len(u.rest) < len(p) && len(u.rest) < 16<<10 && u.err == nil {
		var c rune
		if c, u.err = u.rune(); u.err == nil {
			u.rest = utf8.AppendRune(u.rest, c)
		}
	}
	n = copy(p, u.rest)
	u.rest = u.rest[:copy(u.rest, u.rest[n:])]
	if len(u.rest) == 0 {
		err = u.err
	}
	return n, err
}

func (u *utf16Text) rune() (rune, error) {
	first, err := u.unit()
	if err != nil || !utf16.IsSurrogate(first) {
		return first, err
	}
	second, err := u.unit()
	c := utf16.DecodeRune(first, second)
	if err == io.EOF || err == nil && c == utf8.RuneError {
		return 0, badText(u.place, "文字不是有效的 UTF-16")
	}
	return c, err
}

func (u *utf16Text) unit() (rune, error) {
	var b [2]byte
	_, err := io.ReadFull(u.in, b[:])
	if err == io.ErrUnexpectedEOF {
		return 0, badText(u.place, "文字不是有效的 UTF-16，末尾缺一个字节")
	}
	return rune(u.order.Uint16(b[:])), err
}
