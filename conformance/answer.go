package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
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

	object  bool // the body is one JSON object
	names   []string
	members map[string]json.RawMessage
	errors  []entry
}

// entry is one entry of errors.
type entry map[string]any

func (e entry) text(name string) string {
	if s, ok := e[name].(string); ok {
		return s
	}
	if v, ok := e[name]; ok && v != nil {
		return fmt.Sprint(v)
	}
	return ""
}

// parse reads the body.
func (a *answer) parse() {
	a.members = make(map[string]json.RawMessage)
	if json.Unmarshal(a.body, &a.members) != nil || a.members == nil {
		return
	}
	a.object = true
	a.names = namesOf(a.body)
	json.Unmarshal(a.members["errors"], &a.errors)
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

// text is the first of the named members that is a string with something in it.
func (a *answer) text(names ...string) string {
	for _, n := range names {
		var s string
		if json.Unmarshal(a.members[n], &s) == nil && s != "" {
			return s
		}
	}
	return ""
}

func (a *answer) ack() string      { return a.text("ackCode", "ack_code") }
func (a *answer) token() string    { return a.text("access_token", "accessToken") }
func (a *answer) acceptID() string { return a.text("acceptid", "accpetid") }

// ok reports whether the answer is a success. One that does not say is taken for one where it has no errors.
func (a *answer) ok() bool {
	if ack := a.ack(); ack != "" {
		return ack == "SUCCESS"
	}
	return a.object && len(a.errors) == 0 && a.status < 300
}

// codes are the codes of the errors in their order.
func (a *answer) codes() (cs []string) {
	for _, e := range a.errors {
		cs = append(cs, e.text("errorCode"))
	}
	return cs
}

func (a *answer) has(code api.Code) bool {
	for _, c := range a.codes() {
		if c == string(code) {
			return true
		}
	}
	return false
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
		s += "，" + strings.TrimSpace(e.text("errorCode")+" "+e.text("message"))
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
