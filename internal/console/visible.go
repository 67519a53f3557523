package console

import (
	"fmt"
	"strings"
	"unicode"
)

// plain shows what cannot be seen, such as marks that turn the direction of writing round, by its number: \u202e.
func plain(s string) string { return visible(s, "") }

// prose is plain for texts of several lines.
func prose(s string) string { return visible(s, "\n\t") }

func visible(s, keep string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
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

// isHidden: characters of private use stay, rare names are written with them.
func isHidden(r rune) bool { return !unicode.IsGraphic(r) && !unicode.Is(unicode.Co, r) }
