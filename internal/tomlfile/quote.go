package tomlfile

import (
	"fmt"
	"strings"
)

// escapes are the escapes of a basic string that have a letter of their own.
var escapes = map[rune]string{'\t': `\t`, '\n': `\n`, '\r': `\r`, '"': `\"`, '\\': `\\`}

// Quote writes a text as a basic string.
func Quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch short, known := escapes[r]; {
		case known:
			b.WriteString(short)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// bareOrQuoted writes a key, in quotes where TOML wants them.
func bareOrQuoted(name string) string {
	bare := func(r rune) bool {
		return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_' || r == '-'
	}
	if name == "" || strings.ContainsFunc(name, func(r rune) bool { return !bare(r) }) {
		return Quote(name)
	}
	return name
}
