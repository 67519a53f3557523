package display

import (
	"fmt"
	"strings"
	"unicode"
)

// Plain is s as it may be shown on one line of a terminal or in a page: what cannot be seen, such as marks that turn
// the direction of writing round and sequences that steer a terminal, stands there by its number, \u202e. Characters of
// private use stay: rare names are written with them.
func Plain(s string) string { return visible(s, "") }

// Prose is Plain for texts of several lines, which end in "\n".
func Prose(s string) string { return visible(strings.ReplaceAll(s, "\r\n", "\n"), "\n\t") }

// Marked is Plain for a text of which every character counts, such as a number that looks like another: blanks that are
// not a single space between two other characters stand there by their number as well, and quotes need not show where
// it ends.
func Marked(s string) string {
	var b strings.Builder
	text := []rune(Plain(s))
	blank := func(i int) bool { return i < 0 || i >= len(text) || unicode.IsSpace(text[i]) }
	for i, r := range text {
		if unicode.IsSpace(r) && (r != ' ' || blank(i-1) || blank(i+1)) {
			fmt.Fprintf(&b, `\u%04x`, r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

func visible(s, keep string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	hidden := func(r rune) bool { return isHidden(r) && !strings.ContainsRune(keep, r) }
	if !strings.ContainsFunc(s, hidden) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if hidden(r) {
			fmt.Fprintf(&b, `\u%04x`, r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

func isHidden(r rune) bool { return !unicode.IsGraphic(r) && !unicode.Is(unicode.Co, r) }
