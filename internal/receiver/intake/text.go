package intake

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"diaoxiao/api"
)

// MaxText is the most bytes of a text that an operator writes.
const MaxText = 2000

// CheckText returns ErrInvalid unless s is a text that is not blank and that every database can hold. what names the
// text in the message.
func CheckText(what, s string) error {
	control := func(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune("\t\r\n", r) }
	if api.Blank(s) || len(s) > MaxText || !utf8.ValidString(s) || strings.ContainsFunc(s, control) {
		return invalid("须写明%s（不超过%d字节，不含控制字符）", what, MaxText)
	}
	return nil
}

// Clip shortens a text to codePoints characters, and replaces characters that not every database can hold. It is for
// texts that a record or a message quotes, such as those of a refused request; a value that was accepted is never
// clipped.
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

// Quote puts a text in Chinese quotation marks, with what cannot be seen in it escaped as in Go.
func Quote(s string) string {
	quoted := strconv.Quote(s)
	return "“" + strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`) + "”"
}

// IsControl reports whether a character is a control character of ASCII or Latin-1.
func IsControl(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }

// IsCalendarDay reports whether a text is a day, yyyy-MM-dd.
func IsCalendarDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}
