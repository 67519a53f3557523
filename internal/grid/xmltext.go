package grid

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"regexp"
	"strings"

	"diaoxiao/internal/charset"
)

// declaration is the encoding that a part declares.
var declaration = regexp.MustCompile(`^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._:-]+)["']`)

// xmlText returns a part in UTF-8. A mark, or the zeros of UTF-16, say how it is written; else what it declares does.
func xmlText(r io.Reader, place Place, name string) (io.Reader, error) {
	in := bufio.NewReaderSize(r, 4096)
	head, err := in.Peek(256)
	if err != nil && err != io.EOF && len(head) == 0 {
		return nil, err
	}
	switch {
	case bytes.HasPrefix(head, bomUTF16LE), bytes.HasPrefix(head, []byte("<\x00")):
		return newUTF16Part(in, binary.LittleEndian, place, name), nil
	case bytes.HasPrefix(head, bomUTF16BE), bytes.HasPrefix(head, []byte("\x00<")):
		return newUTF16Part(in, binary.BigEndian, place, name), nil
	case bytes.HasPrefix(head, bomUTF8):
		in.Discard(len(bomUTF8))
		return in, nil
	}
	m := declaration.FindSubmatch(head)
	if m == nil {
		return in, nil
	}
	switch said := strings.ToLower(string(m[1])); said {
	case "utf-8", "utf8", "utf-16": // .NET declares UTF-16 for what it keeps in memory, whatever it is written as
		return in, nil
	case "gbk", "gb2312", "gb18030", "cp936", "windows-936", "x-gbk":
		return &strictPart{r: charset.GB18030.Reader(in), place: place, name: name, charset: "GB18030"}, nil
	case "us-ascii", "ascii", "iso-8859-1", "latin1", "windows-1252":
		return &strictPart{r: &asciiText{in}, place: place, name: name, charset: "ASCII"}, nil
	default:
		return nil, &Problem{
			Place: place,
			Text:  "部件“" + Brief(name) + "”声明的编码 " + said + " 不支持",
			Next:  resaveStep,
			Fatal: true,
		}
	}
}

// newUTF16Part reads a part in UTF-16, with or without a mark.
func newUTF16Part(in *bufio.Reader, order binary.ByteOrder, place Place, name string) io.Reader {
	if head, _ := in.Peek(2); order.Uint16(head) == 0xFEFF {
		in.Discard(2)
	}
	return &strictPart{r: &utf16Text{in: in, order: order, place: place}, place: place, name: name, charset: "UTF-16"}
}

// strictPart words the error of a charset that does not hold.
type strictPart struct {
	r             io.Reader
	place         Place
	name, charset string
}

func (s *strictPart) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if _, bad := errors.AsType[*Problem](err); bad || errors.Is(err, charset.ErrInvalid) {
		err = &Problem{
			Place: s.place,
			Text:  "部件“" + Brief(s.name) + "”的文字不是有效的 " + s.charset,
			Next:  resaveStep,
			Fatal: true,
		}
	}
	return n, err
}

// asciiText reads text that says it has one byte a character. Anything that is not ASCII in it is hardly what it was:
// such a charset has no Chinese.
type asciiText struct{ r io.Reader }

func (a *asciiText) Read(p []byte) (int, error) {
	n, err := a.r.Read(p)
	for _, b := range p[:n] {
		if b >= 0x80 {
			return 0, charset.ErrInvalid
		}
	}
	return n, err
}
