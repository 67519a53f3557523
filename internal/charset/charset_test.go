package charset_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"

	"diaoxiao/internal/charset"
)

func TestParseCharset(t *testing.T) {
	for in, want := range map[string]charset.Charset{
		"":            charset.UTF8,
		"utf-8":       charset.UTF8,
		"UTF-8":       charset.UTF8,
		"utf8":        charset.UTF8,
		"Utf8":        charset.UTF8,
		"gbk":         charset.GBK,
		"GBK":         charset.GBK,
		"gb2312":      charset.GBK,
		"GB2312":      charset.GBK,
		"cp936":       charset.GBK,
		"MS936":       charset.GBK,
		"windows-936": charset.GBK,
		"gb18030":     charset.GB18030,
		"GB18030":     charset.GB18030,
	} {
		if got, err := charset.Parse(in); got != want || err != nil {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
	for _, in := range []string{
		"utf-16", "iso-8859-1", "big5", "hz-gb-2312", "latin1", " utf-8", "utf-8;", "gb-18030",
	} {
		if got, err := charset.Parse(in); err == nil {
			t.Errorf("%q: %q", in, got)
		}
	}
}

// transcode reads all of src, in pieces of at most a few bytes where slow.
func transcode(c charset.Charset, src []byte, slow bool) (string, error) {
	var r io.Reader = bytes.NewReader(src)
	if slow {
		r = iotest.OneByteReader(r)
	}
	got, err := io.ReadAll(c.Reader(r))
	return string(got), err
}

// reference decodes one character after the other by the tables of x/text; false where one of them is none.
func reference(c charset.Charset, src []byte) (string, bool) {
	var e encoding.Encoding = simplifiedchinese.GBK
	if c == charset.GB18030 {
		e = simplifiedchinese.GB18030
	}
	var b strings.Builder
	for len(src) > 0 {
		n, user := length(c, src)
		if n == 0 || n > len(src) {
			return "", false
		}
		if user != 0 {
			b.WriteRune(user)
			src = src[n:]
			continue
		}
		text, err := e.NewDecoder().Bytes(src[:n])
		if err != nil || strings.ContainsRune(string(text), '\uFFFD') && string(src[:n]) != "\x84\x31\xA4\x37" {
			return "", false
		}
		b.Write(text)
		src = src[n:]
	}
	return b.String(), true
}

// length is how many bytes the first character has, 0 where it is none; user is the code point of a user-defined one.
func length(c charset.Charset, src []byte) (n int, user rune) {
	lead := src[0]
	if lead < 0x80 || lead == 0x80 && c == charset.GBK {
		return 1, 0
	}
	if lead == 0x80 || lead == 0xFF || len(src) < 2 {
		return 0, 0
	}
	trail := src[1]
	if trail >= 0x30 && trail <= 0x39 && c == charset.GB18030 {
		if len(src) >= 4 && src[2] >= 0x81 && src[2] <= 0xFE && src[3] >= 0x30 && src[3] <= 0x39 {
			return 4, 0
		}
		return 0, 0
	}
	if trail < 0x40 || trail == 0x7F || trail == 0xFF {
		return 0, 0
	}
	return 2, userDefined[string(src[:2])]
}

// userDefined is the three areas of the standard's appendix.
var userDefined = func() map[string]rune {
	m := make(map[string]rune)
	for _, area := range []struct {
		first, last, from, to int
		base                  rune
	}{{0xAA, 0xAF, 0xA1, 0xFE, 0xE000}, {0xF8, 0xFE, 0xA1, 0xFE, 0xE234}, {0xA1, 0xA7, 0x40, 0xA0, 0xE4C6}} {
		for lead := area.first; lead <= area.last; lead++ {
			for trail := area.from; trail <= area.to; trail++ {
				if trail != 0x7F {
					m[string([]byte{byte(lead), byte(trail)})] = area.base
					area.base++
				}
			}
		}
	}
	return m
}()

func holdCharset(t testing.TB, c charset.Charset, src []byte) {
	t.Helper()
	want, ok := reference(c, src)
	for _, slow := range []bool{false, true} {
		switch got, err := transcode(c, src, slow); {
		case err == nil && !utf8.ValidString(got):
			t.Errorf("%s % x: %q is not UTF-8", c, src, got)
		case err != nil && !errors.Is(err, charset.ErrInvalid):
			t.Errorf("%s % x: %v", c, src, err)
		case (err == nil) != ok:
			t.Errorf("%s % x: %q, %v; want valid: %t", c, src, got, err, ok)
		case ok && got != want:
			t.Errorf("%s % x: %q, want %q", c, src, got, want)
		}
	}
}

var both = []charset.Charset{charset.GBK, charset.GB18030}

// Every sequence of two bytes, and every four-byte sequence's corners.
func TestTwoBytes(t *testing.T) {
	for _, c := range both {
		for a := range 256 {
			for b := range 256 {
				src := []byte{byte(a), byte(b)}
				want, ok := reference(c, src)
				got, err := transcode(c, src, false)
				if (err == nil) != ok || ok && got != want {
					t.Errorf("%s % x: %q, %v; want %q, valid: %t", c, src, got, err, want, ok)
				}
			}
		}
	}
}

// Anything that is not valid is refused, never patched, wherever it stands.
func TestCharsetStrict(t *testing.T) {
	for _, bad := range []string{
		"\x80\x81", "\xFF", "\x81", "\x81\x20", "\x81\x7F", "\x81\xFF", "\xB0", "\xB0\xA1\xB0",
		"\x81\x30", "\x81\x30\x81", "\x81\x30\x20\x30", "\x81\x30\x81\x3A", "\x81\x3A\x81\x30", "\x81\x3F\x81\x30",
		"\x84\x31\xA4", "\x84\x31\xA5\x30", // past U+FFFF
		"\xE3\x32\x9A\x36", "\xFE\x39\xFE\x39", // past U+10FFFF
		"\x84\x31\xA4\x37\x81", "\x84\x31\xA4\x37\xFF", // the genuine replacement character does not excuse others
		// Read out of step, the first is one replacement character and the second none, or the other way round.
		"\x81\x30\x20\x81\x84\x31\xA4\x37\x81\x30\x81\x30",
		"\xE4\x30\x81\x30\x84\x31\xA4\x37\x81\x30\x81\x30",
		"\xE4\x30\x81\x30\x84\x31\xA4\x37\x84\x31\xA4\x37x",
	} {
		for _, c := range both {
			for _, around := range []string{"", "x", "\xD5\xC5\xC8\xFD", strings.Repeat("\xC0\xEE", 2047)} {
				holdCharset(t, c, []byte(around+bad))
				holdCharset(t, c, []byte(around+bad+around))
			}
			if got, err := transcode(c, []byte(bad), false); !errors.Is(err, charset.ErrInvalid) {
				t.Errorf("%s % x: %q, %v", c, bad, got, err)
			}
		}
	}
}

func TestCharsetPasses(t *testing.T) {
	long := strings.Repeat("阿拉坦·仓，𠮷野家，€，\uFFFD。", 1000)
	data, err := simplifiedchinese.GB18030.NewEncoder().String(long)
	if err != nil {
		t.Fatal(err)
	}
	for _, slow := range []bool{false, true} {
		if got, err := transcode(charset.GB18030, []byte(data), slow); got != long || err != nil {
			t.Errorf("%d bytes, %v", len(got), err)
		}
	}
	for charset, in := range map[charset.Charset]string{charset.GBK: "\x80", charset.GB18030: "\xA2\xE3"} {
		if got, err := transcode(charset, []byte(in), false); got != "€" || err != nil {
			t.Errorf("%s: %q, %v", charset, got, err)
		}
	}
	// UTF-8 passes as it is: the decoder of JSON checks it.
	if got, err := transcode(charset.UTF8, []byte("\xff张"), false); got != "\xff张" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	broken := iotest.ErrReader(io.ErrNoProgress)
	for _, c := range append(both, charset.UTF8) {
		if _, err := io.ReadAll(c.Reader(broken)); err != io.ErrNoProgress {
			t.Errorf("%s: %v", c, err)
		}
	}
}

func FuzzCharset(f *testing.F) {
	for _, s := range []string{"张三", "阿拉坦·仓", "𠮷\uFFFD€", "{}"} {
		for _, e := range []encoding.Encoding{simplifiedchinese.GBK, simplifiedchinese.GB18030} {
			if b, err := e.NewEncoder().Bytes([]byte(s)); err == nil {
				f.Add(b)
			}
		}
		f.Add([]byte(s))
	}
	for _, s := range []string{
		"\x81\x3A\x81\x30", "\xAA\xA1\xF8\xA1", "\xE4\x30\x81\x30\x84\x31\xA4\x37\x84\x31\xA4\x37x", "\x80",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		for _, c := range both {
			holdCharset(t, c, src)
		}
	})
}
