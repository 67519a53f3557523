package wire

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// FirstDifference is the offset of the first character that differs.
func FirstDifference(a, b []byte) int {
	at := 0
	for at < len(a) && at < len(b) && a[at] == b[at] {
		at++
	}
	for at > 0 && (at < len(a) && !utf8.RuneStart(a[at]) || at < len(b) && !utf8.RuneStart(b[at])) {
		at--
	}
	return at
}

// Part is what a has at the place where b differs. Characters that can look like others are shown by their number as
// well.
func Part(a, b []byte, at int) string {
	end := len(a)
	for other := len(b); end > at && other > at && a[end-1] == b[other-1]; other-- {
		end--
	}
	for end < len(a) && !utf8.RuneStart(a[end]) {
		end++
	}
	text := string(a[at:end])
	switch n := utf8.RuneCountInString(text); {
	case !utf8.ValidString(text):
		return "“" + Visible([]byte(text)[:min(len(text), 24)]) + "”"
	case n == 0:
		return "没有"
	case n > 24:
		return "“" + Told(string([]rune(text)[:24])) + "……”"
	case n <= 4:
		return "“" + Told(text) + "”（" + numbers(text) + "）"
	default:
		return "“" + Told(text) + "”"
	}
}

// Told is text in which nothing is overlooked: blanks and marks that cannot be seen by themselves are written out.
func Told(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == ' ':
			b.WriteRune('␣')
		case unicode.IsSpace(r) || unicode.Is(unicode.M, r):
			fmt.Fprintf(&b, "<U+%04X>", r)
		default:
			b.WriteString(Visible([]byte(string(r))))
		}
	}
	return b.String()
}

func numbers(text string) string {
	var all []string
	for _, r := range text {
		all = append(all, fmt.Sprintf("U+%04X", r))
	}
	return strings.Join(all, " ")
}

// around is the body for people, cut so that the place at is in what is shown.
func around(body []byte, at int) string {
	const head, before, behind = 60, 110, 120
	from, to := runeStart(body, at-before), runeStart(body, at+behind)
	var b strings.Builder
	if start := runeStart(body, head); from > start+20 {
		b.WriteString(Visible(body[:start]) + "\n……（略去 " + strconv.Itoa(from-start) + " 字节）……\n")
	} else {
		from = 0
	}
	if len(body)-to < 40 {
		to = len(body)
	}
	b.WriteString(Visible(body[from:to]))
	if to < len(body) {
		b.WriteString("\n……（略去 " + strconv.Itoa(len(body)-to) + " 字节）")
	}
	return b.String()
}

// runeStart is the beginning of the character at an offset, within the body.
func runeStart(body []byte, at int) int {
	at = min(max(at, 0), len(body))
	for at > 0 && at < len(body) && !utf8.RuneStart(body[at]) {
		at--
	}
	return at
}

// Whole is no place of a body in particular.
const Whole = -1

// Show is r as the report shows it, still with its secrets; of a long body what is around the byte at, if it is not
// whole.
func (r Request) Show(w *Wire, at int) string {
	if r.Raw != "" {
		return Excerpt([]byte(w.fill(r)))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n", r.verb(), w.target(r))
	b.WriteString(ShowHeader(r.head()))
	switch {
	case len(r.Body) > 0 && at == Whole:
		b.WriteString("\n" + Excerpt(r.Body))
	case len(r.Body) > 0:
		b.WriteString("\n" + around(r.Body, at))
	}
	return b.String()
}

// ShowHeader is a header as the report shows it, without what says nothing about the interface.
func ShowHeader(h http.Header) string {
	var b bytes.Buffer
	h.WriteSubset(&b, map[string]bool{"Date": true, "Server": true, "Set-Cookie": true})
	return strings.ReplaceAll(b.String(), "\r\n", "\n")
}

// Excerpt is a body for people: what is not UTF-8 or not visible is escaped, the middle of a long one is left out.
func Excerpt(body []byte) string {
	const head, tail = 700, 120
	if len(body) > head+tail+80 {
		return Visible(body[:head]) + fmt.Sprintf("\n……（共 %d 字节，此处略去）……\n", len(body)) + Visible(body[len(body)-tail:])
	}
	return Visible(body)
}

// Visible is text in which bytes that are not UTF-8 and characters that cannot be seen are escaped.
func Visible(b []byte) string {
	var s strings.Builder
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&s, `\x%02x`, b[0])
		case r == '\r' && len(b) > 1 && b[1] == '\n':
		case r == '\n' || strconv.IsGraphic(r):
			s.WriteRune(r)
		default:
			fmt.Fprintf(&s, `<U+%04X>`, r)
		}
		b = b[n:]
	}
	return s.String()
}
