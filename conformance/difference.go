package conformance

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Exchange is a request and its answer, beside which a later one is held.
type Exchange struct {
	Sent   string `json:"sent"`
	Came   string `json:"came"`
	Answer string `json:"answer"`
}

// after puts the exchange before into the report of this one, both cut around the place where their bodies differ.
func (a *answer) after(before *answer) *answer {
	at, differs := whole, "两次的正文完全相同"
	if one, other := before.sent.body, a.sent.body; !bytes.Equal(one, other) {
		at = firstDifference(one, other)
		differs = "先 " + part(one, other, at) + "，后 " + part(other, one, at)
	}
	a.step.Before = &Exchange{before.sent.show(a.t.wire, at), before.came(), before.show()}
	a.step.Sent, a.step.Differs = a.sent.show(a.t.wire, at), differs
	return a
}

// firstDifference is the offset of the first character that differs.
func firstDifference(a, b []byte) int {
	at := 0
	for at < len(a) && at < len(b) && a[at] == b[at] {
		at++
	}
	for at > 0 && (at < len(a) && !utf8.RuneStart(a[at]) || at < len(b) && !utf8.RuneStart(b[at])) {
		at--
	}
	return at
}

// part is what a has at the place where b differs. Characters that can look like others are shown by their number as
// well.
func part(a, b []byte, at int) string {
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
		return "“" + visible([]byte(text)[:min(len(text), 24)]) + "”"
	case n == 0:
		return "没有"
	case n > 24:
		return "“" + told(string([]rune(text)[:24])) + "……”"
	case n <= 4:
		return "“" + told(text) + "”（" + numbers(text) + "）"
	default:
		return "“" + told(text) + "”"
	}
}

// told is text in which nothing is overlooked: blanks and marks that cannot be seen by themselves are written out.
func told(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == ' ':
			b.WriteRune('␣')
		case unicode.IsSpace(r) || unicode.Is(unicode.M, r):
			fmt.Fprintf(&b, "<U+%04X>", r)
		default:
			b.WriteString(visible([]byte(string(r))))
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
		b.WriteString(visible(body[:start]) + "\n……（略去 " + strconv.Itoa(from-start) + " 字节）……\n")
	} else {
		from = 0
	}
	if len(body)-to < 40 {
		to = len(body)
	}
	b.WriteString(visible(body[from:to]))
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
