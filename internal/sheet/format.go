package sheet

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// format is what the number format of a cell makes of a number or a text (ECMA-376, 18.8.31).
type format struct {
	code     string
	sections []section
	wide     int // digits that a format of zeros alone pads to, 0 for none
}

// section is one of the parts of a format, for numbers of some kind or for texts.
type section struct {
	marks []mark
	when  condition
	// What it shows of a date: a format that shows a year or a day makes one of a number.
	year, month, day bool
	dates            bool // as years, days, or times of day
	text             bool // it says what becomes of a text
	unsure           bool // it shows what is not worked out here: fractions, exponents, Chinese numerals
}

// mark is a place for a digit, a text that stands for itself, or another sign of a section.
type mark struct {
	kind byte // one of 0 # ? . , % @ G, or L for a literal
	text string
}

// condition is one like [>5]; op is "" where there is none.
type condition struct {
	op string
	to float64
}

// general is the format of cells without one.
var general = formatOf("0", "")

// formatOf tells a format by its code, or by its number if it is built in.
func formatOf(id, code string) *format {
	if code == "" {
		code = builtIn[id]
	}
	f := &format{code: code}
	if len(code) > 1 && len(code) <= 64 && strings.Trim(code, "0") == "" {
		f.wide = len(code)
	}
	if code == "" {
		code, f.code = "General", "General"
	}
	for len(f.sections) < 8 {
		s, rest, more := parseSection(code)
		f.sections = append(f.sections, s)
		if code = rest; !more {
			break
		}
	}
	return f
}

// of returns the section for a number, false where there is none that shows it.
func (f *format) of(n float64) (section, bool) {
	numbers := f.sections
	if k := len(numbers) - 1; k == 3 || numbers[k].text && k > 0 {
		numbers = numbers[:k]
	}
	for _, s := range numbers {
		if s.when.op != "" && s.when.holds(n) {
			return s, true
		}
	}
	for i, s := range numbers {
		last := i == len(numbers)-1
		switch {
		case s.when.op != "":
		case last, len(numbers) > 1 && i == 0 && (n > 0 || n == 0 && len(numbers) == 2), i == 1 && n < 0:
			return s, true
		}
	}
	return section{unsure: true}, false
}

func (c condition) holds(n float64) bool {
	switch c.op {
	case ">":
		return n > c.to
	case ">=":
		return n >= c.to
	case "<":
		return n < c.to
	case "<=":
		return n <= c.to
	case "=":
		return n == c.to
	}
	return n != c.to
}

// ofText returns what a text is shown as.
func (f *format) ofText(text string) string {
	last := f.sections[len(f.sections)-1]
	if len(f.sections) < 4 && !last.text {
		return text
	}
	var b strings.Builder
	for _, m := range last.marks {
		switch m.kind {
		case '@', 'G':
			b.WriteString(text)
		case 'L':
			b.WriteString(m.text)
		}
	}
	return b.String()
}

// isDate reports whether a number is a day: whether its section shows a year or a day.
func (f *format) isDate(n float64) (section, bool) {
	s, _ := f.of(n)
	return s, s.year || s.day
}

// show returns what a number is shown as, false where that is not worked out.
func (f *format) show(n float64) (string, bool) {
	s, ok := f.of(n)
	if !ok || s.unsure || s.dates || math.Abs(n) >= 1e15 || math.IsNaN(n) {
		return "", false
	}
	text := s.show(math.Abs(n))
	if n < 0 && len(f.sections) == 1 {
		text = "-" + text
	}
	return text, true
}

// show puts the digits of a number that is not negative into the places for them.
func (s section) show(n float64) string {
	whole, decimals, scale := s.shape()
	digits, fraction, _ := strings.Cut(strconv.FormatFloat(n*scale, 'f', decimals, 64), ".")
	if digits == "0" {
		digits = ""
	}
	p := places{left: whole, digits: digits, first: true, grouped: s.grouped()}
	for _, m := range s.marks {
		switch {
		case m.kind == 'G' || m.kind == '@':
			p.out.WriteString(strconv.FormatFloat(n, 'f', -1, 64))
		case m.kind == '.':
			p.out.WriteByte('.')
			p.after = true
		case m.kind == '%' || m.kind == 'L':
			p.out.WriteString(m.text)
		case m.kind == ',':
		case p.after:
			p.out.WriteByte(fraction[0])
			fraction = fraction[1:]
		default:
			p.put(m.kind)
		}
	}
	return p.out.String()
}

// places puts digits into the places before the point.
type places struct {
	out            strings.Builder
	digits         string // still to be put
	left           int    // places that are not filled
	first, grouped bool
	after          bool // the point was put
}

// put fills one place; the first takes all that the others have no room for.
func (p *places) put(kind byte) {
	n := len(p.digits) - p.left + 1
	if !p.first {
		n = min(n, 1)
	}
	p.first = false
	p.left--
	for range n {
		p.digit(p.digits[0], len(p.digits)-1)
		p.digits = p.digits[1:]
	}
	switch {
	case n > 0:
	case kind == '0':
		p.digit('0', p.left)
	case kind == '?':
		p.out.WriteByte(' ')
	}
}

func (p *places) digit(d byte, behind int) {
	p.out.WriteByte(d)
	if p.grouped && behind > 0 && behind%3 == 0 {
		p.out.WriteByte(',')
	}
}

// shape counts the places before and behind the point, and tells by what a number is multiplied.
func (s section) shape() (whole, decimals int, scale float64) {
	scale = 1
	after := false
	for i, m := range s.marks {
		switch m.kind {
		case '.':
			after = true
		case '%':
			scale *= 100
		case ',':
			if s.scales(i) {
				scale /= 1000
			}
		case '0', '#', '?':
			if after {
				decimals++
			} else {
				whole++
			}
		}
	}
	return whole, decimals, scale
}

// plain reports whether the section shows a number as it is.
func (s section) plain() bool {
	return len(s.marks) == 1 && strings.IndexByte("G@", s.marks[0].kind) >= 0 && !s.unsure && !s.dates
}

// scales reports whether the comma at i stands behind all places for digits, or before the point: it divides by a thousand.
func (s section) scales(i int) bool {
	for _, m := range s.marks[i+1:] {
		switch m.kind {
		case '0', '#', '?':
			return false
		case '.':
			return true
		}
	}
	return true
}

// grouped reports whether the section shows separators of thousands.
func (s section) grouped() bool {
	for i, m := range s.marks {
		if m.kind == ',' && !s.scales(i) {
			return true
		}
	}
	return false
}

// parseSection reads up to the next semicolon.
func parseSection(code string) (s section, rest string, more bool) {
	for len(code) > 0 {
		c := code[0]
		if c == ';' {
			return s, code[1:], true
		}
		code = s.sign(code)
	}
	return s, "", false
}

func (s *section) literal(text string) { s.marks = append(s.marks, mark{'L', text}) }

// sign takes the first sign of a code.
func (s *section) sign(code string) (rest string) {
	for _, word := range []string{"General", "G/通用格式", "G/標準", "Standard"} {
		if len(code) >= len(word) && strings.EqualFold(code[:len(word)], word) {
			s.marks = append(s.marks, mark{kind: 'G'})
			return code[len(word):]
		}
	}
	_, size := utf8.DecodeRuneInString(code)
	switch c := code[0]; c {
	case '"':
		inner, after, _ := strings.Cut(code[1:], `"`)
		s.literal(inner)
		return after
	case '\\', '!':
		if _, n := utf8.DecodeRuneInString(code[1:]); n > 0 {
			s.literal(code[1 : 1+n])
			return code[1+n:]
		}
		return ""
	case '_', '*': // a blank of the width of the next, the next as often as there is room
		_, n := utf8.DecodeRuneInString(code[1:])
		if c == '*' && code[1:1+n] != " " {
			s.unsure = true
		}
		return code[1+n:]
	case '[':
		inner, after, _ := strings.Cut(code[1:], "]")
		s.bracket(inner)
		return after
	case '0', '#', '?', '.', ',':
		s.marks = append(s.marks, mark{kind: c})
		return code[1:]
	case '%':
		s.marks = append(s.marks, mark{c, "%"})
		return code[1:]
	case '@':
		s.text = true
		s.marks = append(s.marks, mark{kind: c})
		return code[1:]
	}
	return s.letter(code, size)
}

// letter takes a letter that stands for a part of a date or a time, or for itself.
func (s *section) letter(code string, size int) (rest string) {
	c := code[0] | 0x20
	n := 1
	for n < len(code) && code[n]|0x20 == c {
		n++
	}
	switch {
	case size > 1:
		s.literal(code[:size])
		return code[size:]
	case c == 'e' && len(code) > 1 && (code[1] == '+' || code[1] == '-'):
		s.unsure = true
		return code[2:]
	case c == 'y' || c == 'e' || c == 'b' || c == 'g':
		s.year, s.dates = s.year || c != 'g', true
	case c == 'd':
		s.day, s.dates = s.day || n < 3, true // ddd is the day of the week
	case c == 'm':
		s.month, s.dates = true, true
	case c == 'h' || c == 's' || c == 'a':
		s.dates = true
		if strings.HasPrefix(strings.ToUpper(code), "AM/PM") {
			return code[5:]
		}
		if strings.HasPrefix(strings.ToUpper(code), "A/P") {
			return code[3:]
		}
	case c == '/' && !s.dates: // of a fraction
		s.unsure, n = true, 1
	default:
		s.literal(code[:1])
		n = 1
	}
	return code[n:]
}

// bracket takes a condition, a colour, a currency or a span of time.
func (s *section) bracket(inner string) {
	low := strings.ToLower(inner)
	switch {
	case inner == "":
	case strings.ContainsAny(inner[:1], "<>="):
		op := inner[:1]
		if len(inner) > 1 && strings.ContainsAny(inner[1:2], "=>") {
			op = inner[:2]
		}
		n, err := strconv.ParseFloat(strings.TrimSpace(inner[len(op):]), 64)
		s.when = condition{op, n}
		s.unsure = s.unsure || err != nil
	case inner[0] == '$':
		text, _, _ := strings.Cut(inner[1:], "-")
		s.literal(text)
	case strings.Trim(low, "h") == "" || strings.Trim(low, "m") == "" || strings.Trim(low, "s") == "":
		s.dates = true
	case strings.HasPrefix(low, "dbnum"):
		s.unsure = true
	}
}

// altersTexts reports whether the format has a part for texts that is more than @.
func (f *format) altersTexts() bool {
	last := f.sections[len(f.sections)-1]
	return (last.text || len(f.sections) > 3) && !(len(last.marks) == 1 && last.marks[0].kind == '@')
}

// oddOf is what is doubtful about a number that is written as raw, nil for nothing. Zeros before it are taken as they are shown.
func (f *format) oddOf(n float64, raw []byte) *odd {
	s, ok := f.of(n)
	shown, sure := f.show(n)
	plain := strconv.FormatFloat(n, 'f', -1, 64)
	switch trimmed := strings.TrimSpace(shown); {
	case f.wide > 0 || ok && s.plain() || math.Abs(n) >= 1e15:
	case !sure:
		return &odd{doubt: shownSome, seen: brief(f.code)}
	case s.grouped() && strings.ReplaceAll(trimmed, ",", "") == plain && trimmed != plain:
		return &odd{doubt: shownSplit, seen: trimmed}
	case trimmed != plain:
		return &odd{doubt: shownElse, seen: brief(trimmed)}
	}
	if exponent(raw) > 0 && n == math.Trunc(n) && math.Abs(n) < 1e15 {
		return &odd{doubt: fewDigits, seen: brief(raw)}
	}
	return nil
}

// exponent is by how many digits a number is longer than what is written before its exponent: 1 of 3.8020400046531E+14.
func exponent(raw []byte) int {
	mantissa, exp, ok := strings.Cut(strings.ToUpper(string(raw)), "E")
	n, err := strconv.Atoi(exp)
	if !ok || err != nil {
		return 0
	}
	_, fraction, _ := strings.Cut(mantissa, ".")
	return n - len(fraction)
}
