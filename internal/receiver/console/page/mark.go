package page

import (
	"html/template"
	"strings"

	"diaoxiao/internal/display"
)

// Marked writes runes with some of them marked, neighbours together.
func Marked(rs []rune, which map[int]bool) string {
	var b strings.Builder
	for i, r := range rs {
		if which[i] && !which[i-1] {
			b.WriteString("<mark>")
		}
		b.WriteString(template.HTMLEscapeString(display.Plain(string(r))))
		if which[i] && (i+1 == len(rs) || !which[i+1]) {
			b.WriteString("</mark>")
		}
	}
	return b.String()
}

// Escaped is a text made visible, as HTML.
func Escaped(s string) template.HTML {
	return template.HTML(template.HTMLEscapeString(display.Plain(s)))
}

// Differing are the positions of b at which it is not a; of another length, all after the first difference.
func Differing(a, b string) map[int]bool {
	ra, rb := []rune(a), []rune(b)
	which := make(map[int]bool)
	for i, r := range rb {
		which[i] = i >= len(ra) || ra[i] != r || len(ra) != len(rb) && i > 0 && which[i-1]
	}
	return which
}
