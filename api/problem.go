package api

import "strings"

// Problem is one thing wrong with a request: an entry of the answer's errors (clause 2.3, C3).
type Problem struct {
	Code   Code
	Field  string // path of the offending member, such as penaltylist[3].uniscid; "" where there is none
	Detail string // what exactly, in Chinese; follows the catalogue's text in message
}

// Message is the text of chapter 5 (or ours, for 19xxx) followed by the detail.
func (p Problem) Message() string {
	if p.Detail == "" {
		return p.Code.Info().Message
	}
	return p.Code.Info().Message + "：" + p.Detail
}

// CodeList joins the distinct codes of ps in their order, for logs and records: "14000,14008".
func CodeList(ps []Problem) string {
	var b strings.Builder
	seen := make(map[Code]bool, 4)
	for _, p := range ps {
		if seen[p.Code] {
			continue
		}
		if seen[p.Code] = true; b.Len() > 0 {
			b.WriteByte(',')
		}
		b.WriteString(string(p.Code))
	}
	return b.String()
}
