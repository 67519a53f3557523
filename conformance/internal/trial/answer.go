package trial

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"diaoxiao/api"
	"diaoxiao/conformance/internal/wire"
)

// Answer is the result of a request. It is read generously: with any spelling, any status, and any member missing.
type Answer struct {
	t      *Trial
	Step   *Step
	Sent   wire.Request
	Took   time.Duration
	Err    error // there was no answer
	Status int
	Header http.Header
	Body   []byte

	Object  bool   // the body is one JSON object
	Around  string // a description of the text around the object
	Wrapper string // the member that contains the interface's members, where they are not outermost
	Names   []string
	Members map[string]json.RawMessage // those of wrapper too
	Errors  []Entry
}

// Entry is one entry of errors.
type Entry map[string]json.RawMessage

// Text is a member as it is named, read a generous way.
func (e Entry) Text(name string) string { return ValueText(e[name]) }

// read is a member by any of its names.
func (e Entry) read(n Names) string {
	_, v := n.Find(e)
	return ValueText(v)
}

// Code is the error code of the entry.
func (e Entry) Code() string { return e.read(codeNames()) }

// Message is the text of the entry.
func (e Entry) Message() string { return e.read(textNames()) }

// parse reads the body.
func (a *Answer) parse() {
	a.Members = make(map[string]json.RawMessage)
	body, around := unwrapped(a.Body, a.Header.Get("Content-Encoding"))
	if json.Unmarshal(body, &a.Members) != nil || a.Members == nil {
		return
	}
	a.Object, a.Around, a.Names = true, around, NamesOf(body)
	a.Wrapper = open(a.Members)
	_, errors := ErrorsNames().Find(a.Members)
	a.Errors = entriesOf(errors)
}

// NamesOf are the names of an object's members, in their order, also repeated ones.
func NamesOf(object []byte) (names []string) {
	d := json.NewDecoder(bytes.NewReader(object))
	d.Token()
	for d.More() {
		name, _ := d.Token()
		names = append(names, fmt.Sprint(name))
		var v json.RawMessage
		if d.Decode(&v) != nil {
			return names
		}
	}
	return names
}

// Text is a member that is a string.
func (a *Answer) Text(name string) (s string) {
	json.Unmarshal(a.Members[name], &s)
	return s
}

// read is a member by any of its names, a string or a number.
func (a *Answer) read(n Names) string {
	for _, name := range n.Documented() {
		if s := ValueText(a.Members[name]); s != "" {
			return s
		}
	}
	_, v := n.Find(a.Members)
	return ValueText(v)
}

// Ack is ackCode.
func (a *Answer) Ack() string { return a.read(AckNames()) }

// AcceptID is the acceptid; "" where there is none.
func (a *Answer) AcceptID() string { return a.read(AcceptNames()) }

// Token is that of a login's answer.
func (a *Answer) Token() string {
	if a.Sent.Call != api.Login && a.Sent.Path == "" {
		return a.read(TokenNames()[:2])
	}
	return a.read(TokenNames())
}

// Success reports whether the answer says that it is one.
func (a *Answer) Success() bool { return strings.EqualFold(a.Ack(), "SUCCESS") }

// OK reports whether the answer is a success. One that does not say is taken for one where it has no errors.
func (a *Answer) OK() bool {
	if ack := strings.ToUpper(a.Ack()); ack == "SUCCESS" || strings.HasPrefix(ack, "FAIL") {
		return ack == "SUCCESS"
	}
	return a.Object && len(a.Errors) == 0 && a.Status < 300
}

// Codes are the codes of the errors in their order.
func (a *Answer) Codes() (cs []string) {
	for _, e := range a.Errors {
		cs = append(cs, e.Code())
	}
	return cs
}

// Has reports whether one of the errors has the code.
func (a *Answer) Has(code api.Code) bool { return slices.Contains(a.Codes(), string(code)) }

// Misshapen reports whether there is something around the answer's members, or one of them has a wrong name. Other
// checks report exactly that.
func (a *Answer) Misshapen() bool {
	for _, n := range []Names{AckNames(), TokenNames(), AcceptNames(), ErrorsNames()[:1]} {
		if n.Fault(a.Members) != "" && (n[0] != "access_token" || a.Sent.Call == api.Login) {
			return true
		}
	}
	return a.Around != "" || a.Wrapper != ""
}

// came describes the answer in words.
func (a *Answer) came() string {
	if a.Err != nil {
		return "没有应答：" + a.Err.Error()
	}
	s := fmt.Sprintf("HTTP %d", a.Status)
	if !a.Object {
		return s + "，正文不是 JSON 对象：" + wire.Visible(a.Body[:min(len(a.Body), 80)])
	}
	if ack := a.Ack(); ack != "" {
		s += "，" + ack
	}
	if id := a.AcceptID(); id != "" {
		s += "，受理号 " + id
	}
	for i, e := range a.Errors {
		if i == 10 {
			return s + fmt.Sprintf("，……共 %d 条", len(a.Errors))
		}
		s += "，" + strings.TrimSpace(e.Code()+" "+e.Message())
	}
	return s
}

// show is the answer as the report shows it, still with its secrets.
func (a *Answer) show() string {
	if a.Err != nil {
		return a.came()
	}
	return fmt.Sprintf(
		"HTTP %d %s\n%s\n%s", a.Status, http.StatusText(a.Status), wire.ShowHeader(a.Header), wire.Excerpt(a.Body),
	)
}
