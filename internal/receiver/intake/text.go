package intake

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"diaoxiao/api"
)

// maxText bounds what operators write, in bytes.
const maxText = 2000

// checkText wants something written that every database can hold.
func checkText(what, s string) error {
	control := func(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune("\t\r\n", r) }
	if api.Blank(s) || len(s) > maxText || !utf8.ValidString(s) || strings.ContainsFunc(s, control) {
		return invalid("须写明%s（不超过%d字节，不含控制字符）", what, maxText)
	}
	return nil
}

// clip bounds what a refused request may leave behind; it never changes a value that was accepted. What not every
// database can hold is replaced.
func clip(s string, codePoints int) string {
	n := 0
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\u2400")
	for i := range s {
		if n++; n > codePoints {
			return s[:i]
		}
	}
	return s
}

func isControl(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }

func isCalendarDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}
