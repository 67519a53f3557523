package api

import (
	"fmt"
	"strings"
)

// Problem is one thing wrong with a request: an entry of the answer's errors (clause 2.3, C3).
type Problem struct {
	Code   Code
	Field  string // path of the offending member, such as penaltylist[3].uniscid; "" where there is none
	Item   int    // number of the item of the list that it is of, from 1; 0: of none
	Member string // of that item; "": the item itself
	Detail string // what exactly, in Chinese; follows the catalogue's text in message
	Quote  string // the sender's value that the message ends with, made visible, cut, and without numbers of persons
}

// Message is the text of chapter 5 (or ours, for 19xxx) followed by the detail. Of a code that the catalogue does not
// have, as another implementation may answer it, it is the detail alone.
func (p Problem) Message() string {
	detail := p.detail()
	if _, known := codeIndex[p.Code]; !known && detail != "" {
		return detail
	}
	if detail == "" {
		return p.Code.Info().Message
	}
	return p.Code.Info().Message + "：" + detail
}

// Exactly is what exactly is wrong, with the value that is quoted and without the item and the member; "" where the
// code says it all.
func (p Problem) Exactly() string {
	if p.Quote == "" {
		return p.Detail
	}
	return p.Detail + "“" + p.Quote + "”"
}

// detail is what exactly, after the item and the member that it is about.
func (p Problem) detail() string {
	what := p.Exactly()
	if p.Item == 0 {
		return what
	}
	text := fmt.Sprintf("第%d条", p.Item)
	for _, part := range []string{p.Member, what} {
		if part != "" {
			text += " " + part
		}
	}
	return text
}

// Refusal is the error of a refused request, with the problems that the answer lists. The receiver returns it from its
// checks; the client makes it from the answer.
type Refusal struct{ Problems []Problem }

// Error lists the codes with their messages, in Chinese.
func (r *Refusal) Error() string {
	var b strings.Builder
	for i, p := range r.Problems {
		if i > 0 {
			b.WriteString("; ")
		}
		fmt.Fprintf(&b, "%s %s", p.Code, p.Message())
	}
	return b.String()
}

// Is reports whether target is the Code of one of the problems.
func (r *Refusal) Is(target error) bool {
	c, ok := target.(Code)
	if !ok {
		return false
	}
	for _, p := range r.Problems {
		if p.Code == c {
			return true
		}
	}
	return false
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
