package grid

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

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
