package intake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

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

// ErrEncoding: the bytes are not valid in the charset they are declared in.
var ErrEncoding = errors.New("invalid in the declared charset")

// ParseCharset reads the charset parameter of a Content-Type; "" is UTF8.
func ParseCharset(s string) (Charset, error) {
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

// Reader returns r transcoded to UTF-8. Invalid input ends it with ErrEncoding and is never patched. UTF-8 passes as it is:
// the decoder checks it.
func (c Charset) Reader(r io.Reader) io.Reader {
	switch c {
	case GBK:
		return transform.NewReader(r, &strict{simplifiedchinese.GBK.NewDecoder().Transformer})
	case GB18030:
		return transform.NewReader(r, &strict{simplifiedchinese.GB18030.NewDecoder().Transformer})
	}
	return r
}

// strict turns the decoder's replacement character into an error. GB18030 can say U+FFFD itself, as 84 31 A4 37: as many
// replacement characters as that sequence has are genuine.
type strict struct{ transform.Transformer }

var (
	replacement   = []byte("\uFFFD")
	gbReplacement = []byte{0x84, 0x31, 0xA4, 0x37}
)

func (s *strict) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	nDst, nSrc, err = s.Transformer.Transform(dst, src, atEOF)
	if n := bytes.Count(dst[:nDst], replacement); n > 0 && n != genuine(src[:nSrc]) {
		return nDst, nSrc, ErrEncoding
	}
	return nDst, nSrc, err
}

// genuine counts the characters 84 31 A4 37 in GB18030 text, walking it character by character.
func genuine(src []byte) (n int) {
	for i := 0; i < len(src); {
		switch {
		case src[i] <= 0x80:
			i++
		case i+1 < len(src) && src[i+1] >= '0' && src[i+1] <= '9':
			if bytes.HasPrefix(src[i:], gbReplacement) {
				n++
			}
			i += 4
		default:
			i += 2
		}
	}
	return n
}
