package sandbox

import (
	"bytes"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"

	"diaoxiao/api"
)

// CaseBody writes a case as a request body, each member and each pair of an entity's members on a line of its own.
func CaseBody(c api.Case) []byte {
	var b bytes.Buffer
	b.WriteString("{\n")
	for _, m := range [][2]string{
		{"caseid", c.CaseID},
		{"casename", c.CaseName},
		{"caseintroduction", c.CaseIntroduction},
		{"illegality", c.Illegality},
		{"penalty", c.Penalty},
		{"penaltydate", c.PenaltyDate},
		{"penaltyorg", c.PenaltyOrg},
	} {
		fmt.Fprintf(&b, "%q: %s,\n", m[0], quoted(m[1]))
	}
	b.WriteString(`"penaltylist": [`)
	for i, e := range c.PenaltyList {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "\n  {\"pripid\":%s,\"uniscid\":%s,\n   \"legal\":%s,\"enttype\":%s}",
			quoted(e.PripID), quoted(e.UniscID), quoted(e.Legal), quoted(e.EntType))
	}
	b.WriteString("\n]\n}")
	return b.Bytes()
}

// quoted writes a JSON string.
func quoted(s string) []byte {
	b, err := jsontext.AppendQuote(nil, s)
	if err != nil {
		panic(err) // made-up values are valid UTF-8
	}
	return b
}
