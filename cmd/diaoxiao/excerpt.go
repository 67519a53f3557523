package main

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"diaoxiao/api"
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
		note := fmt.Sprintf("  ……（此处略去 %s 行，%s 字节）……", display.Count(len(left)), display.Count(len(strings.Join(left, "\n"))))
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

// caseBody writes a case as a request body, each member and each pair of an entity's members on a line of its own.
func caseBody(c api.Case) []byte {
	var b bytes.Buffer
	b.WriteString("{\n")
	for _, m := range [][2]string{{"caseid", c.CaseID}, {"casename", c.CaseName}, {"caseintroduction", c.CaseIntroduction}, {"illegality", c.Illegality},
		{"penalty", c.Penalty}, {"penaltydate", c.PenaltyDate}, {"penaltyorg", c.PenaltyOrg}} {
		fmt.Fprintf(&b, "%q: %s,\n", m[0], quoted(m[1]))
	}
	b.WriteString(`"penaltylist": [`)
	for i, e := range c.PenaltyList {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "\n  {\"pripid\":%s,\"uniscid\":%s,\n   \"legal\":%s,\"enttype\":%s}", quoted(e.PripID), quoted(e.UniscID), quoted(e.Legal), quoted(e.EntType))
	}
	b.WriteString("\n]\n}")
	return b.Bytes()
}

func quoted(s string) []byte {
	b, err := jsontext.AppendQuote(nil, s)
	if err != nil {
		panic(err) // made-up values are valid UTF-8
	}
	return b
}

func loginBody(c intake.Credentials) []byte {
	return fmt.Appendf(nil, "{\n\"appKey\": \"%s\",\n\"appSecret\": \"%s\",\n\"account\": \"%s\"\n}", c.AppKey, c.AppSecret, demoAccount)
}
