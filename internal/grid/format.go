package grid

import (
	"math"
	"strconv"
	"strings"
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
	// Parts of a date that the format shows: a format that shows a year or a day makes one of a number.
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

// altersTexts reports whether the format has a part for texts that is more than @.
func (f *format) altersTexts() bool {
	last := f.sections[len(f.sections)-1]
	return (last.text || len(f.sections) > 3) && !(len(last.marks) == 1 && last.marks[0].kind == '@')
}

// oddOf is what is doubtful about a number that is written as raw, nil for nothing. Zeros before it are taken as they
// are shown.
func (f *format) oddOf(n float64, raw []byte) *Odd {
	s, ok := f.of(n)
	shown, sure := f.show(n)
	plain := strconv.FormatFloat(n, 'f', -1, 64)
	switch trimmed := strings.TrimSpace(shown); {
	case f.wide > 0 || ok && s.plain() || math.Abs(n) >= 1e15:
	case !sure:
		return &Odd{Doubt: ShownSome, Seen: Brief(f.code)}
	case s.grouped() && strings.ReplaceAll(trimmed, ",", "") == plain && trimmed != plain:
		return &Odd{Doubt: ShownSplit, Seen: trimmed}
	case trimmed != plain:
		return &Odd{Doubt: ShownElse, Seen: Brief(trimmed)}
	}
	if exponent(raw) > 0 && n == math.Trunc(n) && math.Abs(n) < 1e15 {
		return &Odd{Doubt: FewDigits, Seen: Brief(raw)}
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
