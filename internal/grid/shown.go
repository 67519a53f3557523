package grid

import (
	"math"
	"strconv"
	"strings"
)

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

// scales reports whether the comma at i stands behind all places for digits, or before the point: it divides by a
// thousand.
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
