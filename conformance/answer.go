package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"diaoxiao/api"
)

// answer is what came of a request, read generously: any spelling, any status, whatever is missing.
type answer struct {
	t      *trial
	step   *Step
	sent   request
	took   time.Duration
	err    error // there was no answer
	status int
	header http.Header
	body   []byte

	object  bool   // the body is one JSON object
	around  string // what stands around it, in words
	wrapper string // the member that the interface's members stand in, where they are not outermost
	names   []string
	members map[string]json.RawMessage // those of wrapper too
	errors  []entry
}

// entry is one entry of errors.
type entry map[string]json.RawMessage

// text is a member as it is named, read a generous way.
func (e entry) text(name string) string { return valueText(e[name]) }

// read is a member by any of its names.
func (e entry) read(n names) string {
	_, v := n.find(e)
	return valueText(v)
}

func (e entry) code() string    { return e.read(codeNames()) }
func (e entry) message() string { return e.read(textNames()) }

// parse reads the body.
func (a *answer) parse() {
	a.members = make(map[string]json.RawMessage)
	body, around := unwrapped(a.body, a.header.Get("Content-Encoding"))
	if json.Unmarshal(body, &a.members) != nil || a.members == nil {
		return
	}
	a.object, a.around, a.names = true, around, namesOf(body)
	a.wrapper = open(a.members)
	_, errors := errorsNames().find(a.members)
	a.errors = entriesOf(errors)
}

// namesOf are the names of an object's members, in their order, also repeated ones.
func namesOf(object []byte) (names []string) {
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

// text is a member that is a string.
func (a *answer) text(name string) (s string) {
	json.Unmarshal(a.members[name], &s)
	return s
}

// read is a member by any of its names, a string or a number.
func (a *answer) read(n names) string {
	for _, name := range n.documented() {
		if s := valueText(a.members[name]); s != "" {
			return s
		}
	}
	_, v := n.find(a.members)
	return valueText(v)
}

func (a *answer) ack() string      { return a.read(ackNames()) }
func (a *answer) acceptID() string { return a.read(acceptNames()) }

// token is that of a login's answer.
func (a *answer) token() string {
	if a.sent.call != api.Login && a.sent.path == "" {
		return a.read(tokenNames()[:2])
	}
	return a.read(tokenNames())
}

// success reports whether the answer says that it is one.
func (a *answer) success() bool { return strings.EqualFold(a.ack(), "SUCCESS") }

// ok reports whether the answer is a success. One that does not say is taken for one where it has no errors.
func (a *answer) ok() bool {
	if ack := strings.ToUpper(a.ack()); ack == "SUCCESS" || strings.HasPrefix(ack, "FAIL") {
		return ack == "SUCCESS"
	}
	return a.object && len(a.errors) == 0 && a.status < 300
}

// codes are the codes of the errors in their order.
func (a *answer) codes() (cs []string) {
	for _, e := range a.errors {
		cs = append(cs, e.code())
	}
	return cs
}

func (a *answer) has(code api.Code) bool { return slices.Contains(a.codes(), string(code)) }

// misshapen reports whether something stands around the answer's members, or one of them has a name of its own: checks
// of exactly that say so.
func (a *answer) misshapen() bool {
	for _, n := range []names{ackNames(), tokenNames(), acceptNames(), errorsNames()[:1]} {
		if n.fault(a.members) != "" && (n[0] != "access_token" || a.sent.call == api.Login) {
			return true
		}
	}
	return a.around != "" || a.wrapper != ""
}

// came says in words what came.
func (a *answer) came() string {
	if a.err != nil {
		return "没有应答：" + a.err.Error()
	}
	s := fmt.Sprintf("HTTP %d", a.status)
	if !a.object {
		return s + "，正文不是 JSON 对象：" + visible(a.body[:min(len(a.body), 80)])
	}
	if ack := a.ack(); ack != "" {
		s += "，" + ack
	}
	if id := a.acceptID(); id != "" {
		s += "，受理号 " + id
	}
	for i, e := range a.errors {
		if i == 10 {
			return s + fmt.Sprintf("，……共 %d 条", len(a.errors))
		}
		s += "，" + strings.TrimSpace(e.code()+" "+e.message())
	}
	return s
}

// show is the answer as the report shows it, still with its secrets.
func (a *answer) show() string {
	if a.err != nil {
		return a.came()
	}
	return fmt.Sprintf("HTTP %d %s\n%s\n%s", a.status, http.StatusText(a.status), showHeader(a.header), excerpt(a.body))
}
