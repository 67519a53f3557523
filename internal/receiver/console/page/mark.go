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
