package api

import (
	"fmt"
	"strings"
	"unicode/utf16"
)

// Dialect (应答报文格式) says which of the document's contradicting spellings an app is answered in (C1–C3).
type Dialect string

// The dialects. All is for senders that read by name and skip what they do not know; the others are for strict readers.
const (
	All      Dialect = "all"      // every spelling, and field in error entries
	Table    Dialect = "table"    // ackCode, access_token, acceptid: the tables of clauses 2.4 and 3
	Example  Dialect = "example"  // ackCode, accessToken, accpetid: the examples of clause 3
	Overview Dialect = "overview" // login: ack_code, access_token; else as the table: clause 2.4
)

// NoApp is the dialect of answers to requests that no app is known of (S25). They are failures, and those of Table have
// the form of clause 2.3 alone, ackCode and errors with name, errorCode and message, which is what readers of every
// dialect can take.
const NoApp = Table

// Dialects lists the dialects, the default first.
func Dialects() []Dialect { return []Dialect{All, Table, Example, Overview} }

// ParseDialect reads the name of a dialect; "" is All.
func ParseDialect(s string) (Dialect, error) {
	if s == "" {
		return All, nil
	}
	for _, d := range Dialects() {
		if s == string(d) {
			return d, nil
		}
	}
	return "", fmt.Errorf("没有名为%q的应答报文格式；可用：all、table、example、overview", s)
}

// spelling is the member names of one dialect's answers to one call.
type spelling struct{ ack, token, id []string }

func (d Dialect) spelling(c Call) spelling {
	ack, token, id := []string{"ackCode"}, []string{"access_token"}, []string{"acceptid"}
	switch {
	case d == All || d == "":
		return spelling{
			[]string{"ackCode", "ack_code"},
			[]string{"accessToken", "access_token"},
			[]string{"acceptid", "accpetid"},
		}
	case d == Example:
		token, id = []string{"accessToken"}, []string{"accpetid"}
	case d == Overview && c == Login:
		ack = []string{"ack_code"}
	}
	return spelling{ack, token, id}
}

// Answer is what a call answers, before it is spelled out. Without problems it is a success.
type Answer struct {
	Call     Call
	Problems []Problem
	Token    string // login
	AcceptID string // receiveCaseinfo, queryCaseinfo, receiptCaseinfo
	Status   *CaseStatus
	Cases    []CaseEntry // listCaseinfo
	Next     string      // listCaseinfo: go on after this acceptid; "" on the last page
	Receipt  string      // receiptCaseinfo: the file of the receipt
}

// The states of a case as queryCaseinfo and listCaseinfo tell them (S22).
const (
	StateAccepted = "已受理"
	StateVerified = "已核验" // stays
	StateReturned = "已退回" // stays
)

// CaseStatus is what queryCaseinfo tells of a case besides its acceptid (S22).
type CaseStatus struct {
	CaseID     string
	State      string      // StateAccepted, StateVerified or StateReturned
	ReceivedAt string      // Beijing time, RFC 3339
	Items      int         // entities received
	Findings   int         // 核验提示 so far; meaningful once State is StateVerified
	Firms      *FirmCounts // by state, where the receiver tells them; never in listCaseinfo
	Return     *CaseReturn // of a returned case, where the receiver tells it; never in listCaseinfo
}

// Ack is the value of ackCode.
func (a Answer) Ack() string {
	if len(a.Problems) == 0 {
		return "SUCCESS"
	}
	return "FAILURE"
}

// HTTPStatus is the status of the answer (S1): that of its first problem.
func (a Answer) HTTPStatus() int {
	if len(a.Problems) == 0 {
		return 200
	}
	return a.Problems[0].Code.Info().Status
}

// Append appends the answer as one line of JSON in dialect d, members in a fixed order, and returns the longer slice.
// The text is ASCII only, so that senders which read answers in the platform's charset are not misled.
func (d Dialect) Append(b []byte, a Answer) []byte {
	s := d.spelling(a.Call)
	b = append(b, '{')
	b = appendMembers(b, s.ack, a.Ack())
	b = append(b, `"errors":[`...)
	for i, p := range a.Problems {
		if i > 0 {
			b = append(b, ',')
		}
		b = d.appendProblem(b, a.Call, p)
	}
	b = append(b, "],"...)
	if a.Token != "" {
		b = appendMembers(b, s.token, a.Token)
	}
	if a.AcceptID != "" {
		b = appendMembers(b, s.id, a.AcceptID)
	}
	if a.Status != nil {
		b = a.Status.append(b)
	}
	if a.Receipt != "" {
		b = appendMember(b, "receipt", a.Receipt)
	}
	if a.Call == List && len(a.Problems) == 0 {
		b = a.appendPage(b)
	}
	b[len(b)-1] = '}' // the last comma
	return b
}

func (d Dialect) appendProblem(b []byte, c Call, p Problem) []byte {
	b = append(b, '{')
	b = appendMember(b, "name", c.Failure())
	b = appendMember(b, "errorCode", string(p.Code))
	b = appendMember(b, "message", p.Message())
	if (d == All || d == "") && p.Field != "" {
		b = appendMember(b, "field", p.Field)
	}
	b[len(b)-1] = '}'
	return b
}

func (s *CaseStatus) append(b []byte) []byte {
	b = appendMember(b, "caseid", s.CaseID)
	b = appendMember(b, "state", s.State)
	b = appendMember(b, "receivedAt", s.ReceivedAt)
	b = fmt.Appendf(b, `"items":%d,"findings":%d,`, s.Items, s.Findings)
	if s.Firms != nil {
		b = s.Firms.append(b)
	}
	if s.Return != nil {
		b = s.Return.append(b)
	}
	return b
}

func appendMembers(b []byte, names []string, value string) []byte {
	for _, n := range names {
		b = appendMember(b, n, value)
	}
	return b
}

// appendMember appends "name":"value", with a comma after it. Names are plain ASCII.
func appendMember(b []byte, name, value string) []byte {
	b = append(append(append(b, '"'), name...), `":`...)
	return append(appendASCII(b, value), ',')
}

// appendASCII appends s as a JSON string in ASCII.
func appendASCII(b []byte, s string) []byte {
	b = append(b, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r >= ' ' && r < 0x7f:
			b = append(b, byte(r))
		case r > 0xffff:
			hi, lo := utf16.EncodeRune(r)
			b = fmt.Appendf(b, `\u%04x\u%04x`, hi, lo)
		default:
			b = fmt.Appendf(b, `\u%04x`, r)
		}
	}
	return append(b, '"')
}

// CodeTable is the published documentation of the codes: a Markdown table in Chinese, from the one catalogue.
func CodeTable() string {
	var b strings.Builder
	b.WriteString("| 错误代码 | 错误说明 | HTTP 状态 | 来源 | 建议处理方式 |\n|---|---|---|---|---|\n")
	for _, c := range codes {
		from := "扩展"
		if c.Document {
			from = "规范第5章"
		}
		fmt.Fprintf(&b, "| %s | %s | %d | %s | %s |\n", c.Code, c.Message, c.Status, from, c.Advice)
	}
	return b.String()
}
