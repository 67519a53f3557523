package sheet

import (
	"bytes"
	"strconv"
)

// value is a cell by its type (ECMA-376, ST_CellType) and style. An inline text is that of its own type alone.
func (s *sheetRows) value(kindName, style string, in content) (cell, error) {
	if in.isFx && (!in.hasValue || len(in.value) == 0 && kindName != "str") {
		return cell{kind: uncomputed}, nil
	}
	if kindName == "inlineStr" {
		if in.hasInline {
			return s.shownText(style, unescape(in.inline))
		}
		return s.shownText(style, unescape(in.value))
	}
	if in.hasInline && !in.hasValue {
		return cell{}, partError("inline text in a cell of type %q", brief(kindName))
	}
	if kindName == "str" {
		return s.shownText(style, unescape(in.value))
	}
	raw := bytes.TrimSpace(in.value)
	if len(raw) == 0 {
		return cell{}, nil
	}
	switch kindName {
	case "s":
		from, err := len(s.bytes), error(nil)
		struck := false
		if s.bytes, struck, err = s.book.strings.at(s.bytes, string(raw)); err != nil {
			return cell{}, err
		}
		c, err := s.shownText(style, s.bytes[from:len(s.bytes):len(s.bytes)])
		c.struck = struck
		return c, err
	case "b":
		return cell{kind: boolean, raw: []byte(map[bool]string{true: "TRUE", false: "FALSE"}[isTrue(string(raw))])}, nil
	case "e":
		return cell{kind: fault, raw: raw}, nil
	case "d":
		return s.isoDate(style, raw)
	case "", "n":
		return s.number(style, raw)
	}
	return cell{}, partError("cell of type %q", brief(kindName))
}

// shownText is a text, with what its format makes of it.
func (s *sheetRows) shownText(style string, raw []byte) (cell, error) {
	f, err := s.book.styles.of(style)
	if err != nil || !f.altersTexts() || len(raw) == 0 {
		return cell{raw: raw}, err
	}
	c := cell{raw: raw}
	if shown := f.ofText(string(raw)); bytes.Equal(bytes.TrimSpace([]byte(shown)), bytes.TrimSpace(raw)) {
		return c, nil
	} else {
		c.odd = &odd{doubt: shownElse, seen: brief(shown)}
	}
	return c, nil
}

func (s *sheetRows) isoDate(style string, raw []byte) (cell, error) {
	f, err := s.book.styles.of(style)
	if err != nil {
		return cell{}, err
	}
	shown, isDate := f.isDate(1)
	if !isDate {
		shown = section{year: true, month: true, day: true}
	}
	c, ok := isoCell(string(raw), shown)
	if !ok {
		return c, partError("date %q", brief(raw))
	}
	return c, nil
}

// number is a number, or a date where its format shows one.
func (s *sheetRows) number(style string, raw []byte) (cell, error) {
	f, err := s.book.styles.of(style)
	if err != nil {
		return cell{}, err
	}
	c := cell{kind: number, raw: raw}
	n, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || bytes.ContainsAny(raw, "xXnN_") { // forms that Go alone knows
		return cell{}, partError("number %q", brief(raw))
	}
	if shown, isDate := f.isDate(n); isDate {
		if day, ok := serialCell(n, s.book.base, shown); ok {
			return day, nil
		}
	}
	c.wide = f.wide
	c.odd = f.oddOf(n, raw)
	return c, nil
}
