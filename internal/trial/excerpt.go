package trial

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/intake"
)

// The lines of a long body that are shown.
const (
	firstLines = 13 // the texts and two entities
	lastLines  = 4
)

// excerpt shortens a body: its lines in their middle, and itself, saying how much was left out.
func excerpt(body string) []string {
	lines := strings.Split(body, "\n")
	if len(lines) > firstLines+lastLines {
		left := lines[firstLines : len(lines)-lastLines]
		note := fmt.Sprintf("  ……（此处略去 %s 行，%s 字节）……", display.Count(len(left)),
			display.Count(len(strings.Join(left, "\n"))))
		lines = append(append(lines[:firstLines:firstLines], note), lines[len(lines)-lastLines:]...)
	}
	for i := range lines {
		lines[i] = display.Shorten(lines[i], 80)
	}
	return lines
}

// chop cuts a line of ASCII into pieces of n columns.
func chop(s string, n int) (pieces []string) {
	for len(s) > n {
		pieces, s = append(pieces, s[:n]), s[n:]
	}
	return append(pieces, s)
}

// readable is an answer with its escapes decoded: on one line if that fits, else a line for each member.
func readable(answer []byte) []string {
	v := jsontext.Value(bytes.Clone(answer))
	if err := v.Compact(); err != nil {
		return []string{"（不是有效的 JSON：" + err.Error() + "）"}
	}
	if v.Format(jsontext.SpaceAfterComma(true)); display.Columns(string(v)) > 80 {
		v.Format(jsontext.WithIndent("  "))
	}
	return strings.Split(display.Prose(string(v)), "\n")
}

func loginBody(c intake.Credentials) []byte {
	return fmt.Appendf(nil, "{\n\"appKey\": \"%s\",\n\"appSecret\": \"%s\",\n\"account\": \"%s\"\n}", c.AppKey,
		c.AppSecret, demoAccount)
}
