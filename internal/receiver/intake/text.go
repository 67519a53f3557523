package intake

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"diaoxiao/api"
)

// MaxText bounds what operators write, in bytes.
const MaxText = 2000

// CheckText wants something written that every database can hold.
func CheckText(what, s string) error {
	control := func(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune("\t\r\n", r) }
	if api.Blank(s) || len(s) > MaxText || !utf8.ValidString(s) || strings.ContainsFunc(s, control) {
		return invalid("须写明%s（不超过%d字节，不含控制字符）", what, MaxText)
	}
	return nil
}

// Clip bounds what a refused request may leave behind; it never changes a value that was accepted. What not every
// database can hold is replaced.
func Clip(s string, codePoints int) string {
	n := 0
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\u2400")
	for i := range s {
		if n++; n > codePoints {
			return s[:i]
		}
	}
	return s
}

// IsControl reports whether a character is a control character of ASCII or Latin-1.
func IsControl(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }

// IsCalendarDay reports whether a text is a day, yyyy-MM-dd.
func IsCalendarDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}
