package sheet

import (
	"fmt"
	"strings"
	"unicode"
)

// isOutOfSight: white space, and characters that have no shape.
func isOutOfSight(r rune) bool {
	if '\u4e00' <= r && r <= '\u9fff' { // most are ideographs
		return false
	}
	return r >= 0x80 && r != '\u3000' && unicode.In(
		r, unicode.Cf, unicode.Zs, unicode.Zl, unicode.Zp, unicode.Cc, unicode.Other_Default_Ignorable_Code_Point,
	) ||
		unicode.IsSpace(r) || r < ' '
}

// outOfSight names the first characters of s that nobody sees, each once.
func outOfSight(s string) string {
	var names []string
	for _, r := range s {
		name := fmt.Sprintf("U+%04X", r)
		if isOutOfSight(r) && len(names) < 3 && !strings.Contains(strings.Join(names, "、"), name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, "、")
}

// strays names what nobody sees in a text of the case: around it whatever it is, and in it what no text needs. "" is
// nothing.
func strays(s string) string {
	bare := strings.TrimFunc(s, isOutOfSight)
	if bare == "" {
		return ""
	}
	inner := strings.Map(func(r rune) rune {
		if r >= 0x80 && r != '\u3000' && isOutOfSight(r) {
			return r
		}
		return -1
	}, bare)
	before, after, _ := strings.Cut(s, bare)
	return outOfSight(before + inner + after)
}
