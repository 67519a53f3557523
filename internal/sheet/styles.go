package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"regexp"
	"strconv"
	"strings"
)

// format is what the number format of a cell makes of a number.
type format struct {
	date bool
	wide int // digits that a format of zeros alone pads to, 0 for none
}

// readStyles reads the number formats of the cell styles.
func (w *workbook) readStyles(p *zip.File) error {
	codes, inCells := make(map[string]string), false
	return w.eachElement(p, func(_ *xmlPart, e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmt":
			codes[attr(e, "numFmtId")] = attr(e, "formatCode")
		case "cellXfs":
			inCells = true
		case "cellStyles", "cellStyleXfs", "dxfs":
			inCells = false
		case "xf":
			if inCells && len(w.formats) < 1<<16 {
				id := attr(e, "numFmtId")
				w.formats = append(w.formats, formatOf(id, codes[id]))
			}
		}
		return nil
	})
}

// formatOf tells a format by its number, if built in, or its code.
func formatOf(id, code string) format {
	if code != "" {
		f := format{date: isDateCode(code)}
		if len(code) > 1 && len(code) <= 64 && strings.Trim(code, "0") == "" {
			f.wide = len(code)
		}
		return f
	}
	n, _ := strconv.Atoi(id)
	// Built in, among them those of the Chinese editions (ECMA-376, 18.8.30).
	return format{date: n >= 14 && n <= 17 || n == 22 || n >= 27 && n <= 31 || n == 36 || n >= 50 && n <= 54 || n == 57 || n == 58}
}

// quotedCode are the parts of a format code that stand for themselves, and colours and conditions.
var quotedCode = regexp.MustCompile(`"[^"]*"|\\.|\[[^\]]*\]|[_*].`)

// isDateCode reports whether a format shows a year or a day.
func isDateCode(code string) bool {
	code = quotedCode.ReplaceAllString(code, "")
	return strings.ContainsAny(code, "yYdD") && !strings.EqualFold(code, "standard")
}

// sharedStrings are the texts of a workbook, packed.
type sharedStrings struct {
	bytes []byte
	ends  []uint32
}

func (s *sharedStrings) read(w *workbook, p *zip.File) error {
	return w.eachElement(p, func(x *xmlPart, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		from := len(s.bytes)
		var err error
		if s.bytes, err = x.strings(s.bytes); err != nil {
			return err
		}
		if n := len(unescape(s.bytes[from:])); n < len(s.bytes)-from {
			s.bytes = append(s.bytes[:from], unescape(s.bytes[from:])...)
		}
		if len(s.bytes) > maxStrings {
			return &Problem{Place: w.place, Text: "工作簿的文字超过256MiB", Next: "把文件拆成几个，或另存为 CSV UTF-8", Fatal: true}
		}
		s.ends = append(s.ends, uint32(len(s.bytes)))
		return nil
	})
}

// strings appends the texts up to the end of an element whose start was read, si or is: its t and those of its runs, not the
// phonetic ones.
func (x *xmlPart) strings(b []byte) ([]byte, error) {
	for depth, phonetic := 1, 0; depth > 0; {
		t, err := x.RawToken()
		if err != nil {
			return b, noEOF(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			depth++
			switch {
			case t.Name.Local == "rPh":
				phonetic = depth
			case t.Name.Local == "t" && phonetic == 0:
				if b, err = x.text(b, "t"); err != nil {
					return b, err
				}
				depth--
			}
		case xml.EndElement:
			if depth == phonetic {
				phonetic = 0
			}
			depth--
		}
	}
	return b, nil
}

func (s *sharedStrings) at(index string) ([]byte, bool) {
	i, err := strconv.Atoi(index)
	if err != nil || i < 0 || i >= len(s.ends) {
		return nil, false
	}
	from := uint32(0)
	if i > 0 {
		from = s.ends[i-1]
	}
	return s.bytes[from:s.ends[i]:s.ends[i]], true
}

// escaped is a character that XML cannot hold, as XLSX writes it (ECMA-376, 22.9.2.19).
var escaped = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// unescape puts characters in place of _x000D_ and its like.
func unescape(b []byte) []byte {
	if !bytes.Contains(b, []byte("_x")) {
		return b
	}
	return escaped.ReplaceAllFunc(b, func(e []byte) []byte {
		n, _ := strconv.ParseUint(string(e[2:6]), 16, 16)
		if n >= 0xD800 && n < 0xE000 {
			return e
		}
		return []byte(string(rune(n)))
	})
}
