package display

import (
	"runtime"
	"strings"
	"unicode"
)

// ShellQuote quotes s for a shell of this system where it has to be, so that a command can be pasted: cmd.exe and
// PowerShell on Windows.
func ShellQuote(s string) string { return ShellQuoteFor(runtime.GOOS, s) }

// ShellQuoteFor is ShellQuote on the system goos, as runtime.GOOS has it.
func ShellQuoteFor(goos, s string) string {
	special := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("/._-:", r) &&
			(goos != "windows" || r != '\\')
	}
	switch {
	case s != "" && s[0] != '-' && !strings.ContainsFunc(s, special):
		return s
	case goos == "windows":
		return windowsQuote(s)
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// windowsQuote quotes as programs take their command line apart: cmd.exe and PowerShell pass double quotes on.
// Backslashes double before a quote. Anything that a file's name there cannot hold, such as a quote, is kept as far as
// both shells let it.
func windowsQuote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	back := 0
	for _, r := range s {
		if r == '"' {
			b.WriteString(strings.Repeat(`\`, back+1))
		}
		if back++; r != '\\' {
			back = 0
		}
		b.WriteRune(r)
	}
	return b.String() + strings.Repeat(`\`, back) + `"`
}
