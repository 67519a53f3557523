package api

import (
	"fmt"
	"io"
	"strconv"
)

// ListRequest is the request of listCaseinfo (S24). Zero members do not select.
type ListRequest struct {
	From, To string // days of receipt in Beijing time, yyyy-MM-dd, both included
	After    string // acceptid: the cases after this one
	Limit    int    // most cases of one page, up to MaxPage; 0: DefaultPage
}

// The sizes of one page of listCaseinfo.
const (
	DefaultPage = 500
	MaxPage     = 1000
)

// CaseEntry is one case of the app's own as listCaseinfo tells it (S24).
type CaseEntry struct {
	AcceptID string
	CaseStatus
	Account string // who sent it
	Digest  string // of the values, see Digest: 64 hex digits
	SHA256  string // of the body as sent: 64 hex digits
}

// ReadList reads a listCaseinfo body, all of whose members may be missing. A day that is none is InvalidDate, a limit
// outside 1 to MaxPage is WrongType. The error is that of r alone.
func ReadList(r io.Reader) (ListRequest, []Problem, error) {
	t, ps, err := readTexts(r, []member{{"from", "", 200}, {"to", "", 200}, {"after", "", 200}, {"limit", "", 200}})
	if err != nil || len(ps) > 0 {
		return ListRequest{}, ps, err
	}
	in := ListRequest{From: t[0], To: t[1], After: t[2], Limit: DefaultPage}
	for _, day := range []struct{ name, text string }{{"from", in.From}, {"to", in.To}} {
		if day.text != "" && !isDate([]byte(day.text)) {
			ps = append(ps, *actual(InvalidDate, day.name, []byte(day.text)))
		}
	}
	if t[3] != "" {
		in.Limit, err = strconv.Atoi(t[3])
		if err != nil || in.Limit < 1 || in.Limit > MaxPage {
			ps = append(ps, Problem{Code: WrongType, Field: "limit", Detail: fmt.Sprintf("应为1至%d的整数", MaxPage)})
		}
	}
	return in, ps, nil
}

// Cut returns a page of so many bytes at most, though always of one case: the cases after that are on the next page.
func (a Answer) Cut(most int) Answer {
	var entry []byte
	size := 0
	for i, c := range a.Cases {
		entry = c.append(entry[:0])
		if size += len(entry); i > 0 && size > most {
			a.Cases, a.Next = a.Cases[:i], a.Cases[i-1].AcceptID
			break
		}
	}
	return a
}

// appendPage appends the members of one page. Their names are ours, so they are the same in every dialect.
func (a Answer) appendPage(b []byte) []byte {
	b = append(b, `"cases":[`...)
	for i, c := range a.Cases {
		if b = c.append(b); i == len(a.Cases)-1 {
			b = b[:len(b)-1]
		}
	}
	b = append(b, "],"...)
	if a.Next != "" {
		b = appendMember(b, "next", a.Next)
	}
	return b
}

// append appends the case as an object, with a comma after it.
func (c *CaseEntry) append(b []byte) []byte {
	b = append(b, '{')
	b = appendMember(b, "acceptid", c.AcceptID)
	b = c.CaseStatus.append(b)
	b = appendMember(b, "account", c.Account)
	b = appendMember(b, "digest", c.Digest)
	b = appendMember(b, "sha256", c.SHA256)
	b[len(b)-1] = '}'
	return append(b, ',')
}
