package grid

import (
	"bytes"
	"strconv"
)

// value is a cell by its type (ECMA-376, ST_CellType) and style. An inline text is that of its own type alone.
func (s *SheetRows) value(kindName, style string, in content) (Cell, error) {
	if in.isFx && (!in.hasValue || len(in.value) == 0 && kindName != "str") {
		return Cell{Kind: Uncomputed}, nil
	}
	if kindName == "inlineStr" {
		if in.hasInline {
			return s.shownText(style, Unescape(in.inline))
		}
		return s.shownText(style, Unescape(in.value))
	}
	if in.hasInline && !in.hasValue {
		return Cell{}, partError("inline text in a cell of type %q", Brief(kindName))
	}
	if kindName == "str" {
		return s.shownText(style, Unescape(in.value))
	}
	raw := bytes.TrimSpace(in.value)
	if len(raw) == 0 {
		return Cell{}, nil
	}
	switch kindName {
	case "s":
		from, err := len(s.bytes), error(nil)
		struck := false
		if s.bytes, struck, err = s.book.strings.at(s.bytes, string(raw)); err != nil {
			return Cell{}, err
		}
		c, err := s.shownText(style, s.bytes[from:len(s.bytes):len(s.bytes)])
		c.Struck = struck
		return c, err
	case "b":
		return Cell{Kind: Boolean, Raw: []byte(map[bool]string{true: "TRUE", false: "FALSE"}[isTrue(string(raw))])}, nil
	case "e":
		return Cell{Kind: Fault, Raw: raw}, nil
	case "d":
		return s.isoDate(style, raw)
	case "", "n":
		return s.number(style, raw)
	}
	return Cell{}, partError("cell of type %q", Brief(kindName))
}

// shownText is a text, with what its format makes of it.
func (s *SheetRows) shownText(style string, raw []byte) (Cell, error) {
	f, err := s.book.styles.of(style)
	if err != nil || !f.altersTexts() || len(raw) == 0 {
		return Cell{Raw: raw}, err
	}
	c := Cell{Raw: raw}
	if shown := f.ofText(string(raw)); bytes.Equal(bytes.TrimSpace([]byte(shown)), bytes.TrimSpace(raw)) {
		return c, nil
	} else {
		c.Odd = &Odd{Doubt: ShownElse, Seen: Brief(shown)}
	}
	return c, nil
}

func (s *SheetRows) isoDate(style string, raw []byte) (Cell, error) {
	f, err := s.book.styles.of(style)
	if err != nil {
		return Cell{}, err
	}
	shown, isDate := f.isDate(1)
	if !isDate {
		shown = section{year: true, month: true, day: true}
	}
	c, ok := isoCell(string(raw), shown)
	if !ok {
		return c, partError("date %q", Brief(raw))
	}
	return c, nil
}

// number is a number, or a date where its format shows one.
func (s *SheetRows) number(style string, raw []byte) (Cell, error) {
	f, err := s.book.styles.of(style)
	if err != nil {
		return Cell{}, err
	}
	c := Cell{Kind: Number, Raw: raw}
	n, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || bytes.ContainsAny(raw, "xXnN_") { // forms that Go alone knows
		return Cell{}, partError("number %q", Brief(raw))
	}
	if shown, isDate := f.isDate(n); isDate {
		if day, ok := serialCell(n, s.book.base, shown); ok {
			return day, nil
		}
	}
	c.Wide = f.wide
	c.Odd = f.oddOf(n, raw)
	return c, nil
}
