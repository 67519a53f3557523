// Package charset reads the text of bodies and files in the charsets that senders use, strictly: bytes that are no text
// of their charset are an error and never patched.
package charset

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"
)

// Charset is the encoding a body was sent in (S11).
type Charset string

// The charsets. GB2312 is read as GBK, its superset.
const (
	UTF8    Charset = "utf-8"
	GBK     Charset = "gbk"
	GB18030 Charset = "gb18030"
)

// ErrInvalid: the bytes are not valid in the charset they are declared in.
var ErrInvalid = errors.New("invalid in the declared charset")

// Parse reads the charset parameter of a Content-Type; "" is UTF8.
func Parse(s string) (Charset, error) {
	switch strings.ToLower(s) {
	case "", "utf-8", "utf8":
		return UTF8, nil
	case "gbk", "gb2312", "gb_2312-80", "cp936", "ms936", "windows-936":
		return GBK, nil
	case "gb18030":
		return GB18030, nil
	}
	return "", fmt.Errorf("unknown charset %q", s)
}

// Known reports whether c is one of those above.
func (c Charset) Known() bool { return c == UTF8 || c == GBK || c == GB18030 }

// Reader returns r transcoded to UTF-8. Invalid input ends it with ErrInvalid and is never patched. UTF-8 passes as it
// is: the decoder checks it.
func (c Charset) Reader(r io.Reader) io.Reader {
	switch c {
	case GBK:
		return transform.NewReader(r, &strict{simplifiedchinese.GBK.NewDecoder().Transformer, false})
	case GB18030:
		return transform.NewReader(r, &strict{simplifiedchinese.GB18030.NewDecoder().Transformer, true})
	}
	return r
}

// strict decodes by the tables of the wrapped decoder, which would replace what it cannot read and accepts some second
// bytes that GB 18030 does not have. The user-defined characters (造字), which those tables lack and names in old systems
// contain, are decoded here.
type strict struct {
	transform.Transformer
	gb18030 bool
}

// kind is what a character of GBK or GB18030 text is.
type kind int

const (
	ordinary    kind = iota
	userDefined      // two bytes, of the private use area
	broken           // none
	cut              // perhaps one, but src ends within
)

func (s *strict) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for nSrc < len(src) {
		run, next := s.run(src[nSrc:])
		d, n, err := s.ordinary(dst[nDst:], src[nSrc:nSrc+run])
		nDst, nSrc = nDst+d, nSrc+n
		switch {
		case err != nil:
			return nDst, nSrc, err
		case next == broken || next == cut && atEOF:
			return nDst, nSrc, ErrInvalid
		case next == cut:
			return nDst, nSrc, transform.ErrShortSrc
		case next == userDefined && len(dst)-nDst < utf8.UTFMax:
			return nDst, nSrc, transform.ErrShortDst
		case next == userDefined:
			nDst += utf8.EncodeRune(dst[nDst:], privateUse(src[nSrc], src[nSrc+1]))
			nSrc += 2
		}
	}
	return nDst, nSrc, nil
}

// run returns how many bytes of ordinary characters src begins with and what follows them.
func (s *strict) run(src []byte) (n int, next kind) {
	for n < len(src) {
		size, k := s.character(src[n:])
		if k != ordinary {
			return n, k
		}
		n += size
	}
	return n, ordinary
}

// character classifies the first character of src by its bytes (GB 18030-2005, clause 5; 80 is the euro sign of code
// page 936).
func (s *strict) character(src []byte) (size int, k kind) {
	lead := src[0]
	switch {
	case lead < 0x80 || lead == 0x80 && !s.gb18030:
		return 1, ordinary
	case lead == 0x80 || lead == 0xFF:
		return 0, broken
	case len(src) < 2:
		return 0, cut
	}
	switch trail := src[1]; {
	case trail >= '0' && trail <= '9' && s.gb18030:
		return fourBytes(src)
	case trail < 0x40 || trail == 0x7F || trail == 0xFF:
		return 0, broken
	case privateUse(lead, trail) != 0:
		return 2, userDefined
	}
	return 2, ordinary
}

func fourBytes(src []byte) (size int, k kind) {
	switch {
	case len(src) > 2 && (src[2] < 0x81 || src[2] == 0xFF), len(src) > 3 && (src[3] < '0' || src[3] > '9'):
		return 0, broken
	case len(src) < 4:
		return 0, cut
	}
	// Those of the basic plane end at 84 31 A4 39, the others are 90 30 81 30 to E3 32 9A 35. Anything else would get
	// the tables out of step with the characters here.
	n := ((int(src[0]-0x81)*10+int(src[1]-'0'))*126+int(src[2]-0x81))*10 + int(src[3]-'0')
	if n >= 39420 && n < 189000 || n >= 189000+0x100000 {
		return 0, broken
	}
	return 4, ordinary
}

// privateUse is the code point of a two-byte user-defined character, 0 for any other: AAA1–AFFE are U+E000–U+E233,
// F8A1–FEFE U+E234–U+E4C5 and A140–A7A0 U+E4C6–U+E765 (GB 18030-2005, appendix).
func privateUse(lead, trail byte) rune {
	row := func(first byte) rune { return rune(lead - first) }
	switch {
	case lead >= 0xAA && lead <= 0xAF && trail >= 0xA1:
		return 0xE000 + row(0xAA)*94 + rune(trail-0xA1)
	case lead >= 0xF8 && trail >= 0xA1:
		return 0xE234 + row(0xF8)*94 + rune(trail-0xA1)
	case lead >= 0xA1 && lead <= 0xA7 && trail <= 0xA0:
		column := rune(trail - 0x40)
		if trail > 0x7F {
			column--
		}
		return 0xE4C6 + row(0xA1)*96 + column
	}
	return 0
}

// ordinary decodes whole characters. The replacement character in the result is an error unless the text says it
// itself, as GB18030 can by 84 31 A4 37.
func (s *strict) ordinary(dst, src []byte) (nDst, nSrc int, err error) {
	nDst, nSrc, err = s.Transformer.Transform(dst, src, true)
	if n := bytes.Count(dst[:nDst], replacement); n > 0 && n != s.genuine(src[:nSrc]) {
		return 0, 0, ErrInvalid
	}
	return nDst, nSrc, err
}

var (
	replacement   = []byte("\uFFFD")
	gbReplacement = []byte{0x84, 0x31, 0xA4, 0x37}
)

// genuine counts the characters 84 31 A4 37 in whole characters.
func (s *strict) genuine(src []byte) (n int) {
	for len(src) > 0 {
		if bytes.HasPrefix(src, gbReplacement) {
			n++
		}
		size, _ := s.character(src)
		src = src[size:]
	}
	return n
}
