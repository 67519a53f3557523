package cli_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
)

// A line takes the place of the one before, stays on one row of the screen, and is gone before anything else is
// printed.
func TestLine(t *testing.T) {
	var screen bytes.Buffer
	l := cli.NewLine(&screen)
	l.Clear()
	l.Show("第 %d 项", 1)
	l.Show("%s", strings.Repeat("核", display.Width))
	err := l.Above(func() error { _, err := fmt.Fprintln(&screen, "完成"); return err })
	l.Clear()
	want := "\r\x1b[K第 1 项\r\x1b[K" + strings.Repeat("核", (display.Width-1)/2) + "\r\x1b[K完成\n"
	if got := screen.String(); got != want || err != nil {
		t.Errorf("%q, want %q; %v", got, want, err)
	}
	if cli.IsTerminal(&screen) {
		t.Error("a buffer is no terminal")
	}
}
