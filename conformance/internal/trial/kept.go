package trial

import (
	"bytes"
	"encoding/json"

	"diaoxiao/api"
	"diaoxiao/conformance/internal/wire"
)

// Cases counts the cases that were acknowledged in a run, and what became of them when they were asked for again at its
// end.
type Cases struct {
	Acknowledged int `json:"acknowledged"`    // different ones
	Repeated     int `json:"repeated"`        // sent again
	Same         int `json:"same"`            // and given the acceptid that they had
	Queried      int `json:"queried"`         // asked for by queryCaseinfo; 0: it is not there
	Found        int `json:"found"`           // and there, with as many entities
	Listed       int `json:"listed,omitzero"` // looked for in listCaseinfo; 0: it is not there
	InList       int `json:"inList,omitzero"` // and once in there
}

// Kept is a case that was acknowledged.
type Kept struct {
	Owner  Credentials
	CaseID string
	Items  int
	ID     string
	Answer *Answer // the first that acknowledged it
}

// keep notes a case that was acknowledged for the first time.
func (t *Trial) keep(a *Answer) {
	id := a.AcceptID()
	if a.Err != nil || a.Sent.Call != api.Receive || a.Sent.Path != "" || !a.OK() || id == "" {
		return
	}
	owner, ok := t.Owner[a.Sent.Token]
	if !ok {
		owner = t.Credentials
	}
	var c struct {
		CaseID      string            `json:"caseid"`
		Penaltylist []json.RawMessage `json:"penaltylist"`
	}
	json.Unmarshal(bytes.TrimPrefix(a.Sent.Body, []byte("\ufeff")), &c)
	for _, k := range t.Kept {
		if k.CaseID == c.CaseID && k.Owner.AppKey == owner.AppKey {
			return
		}
	}
	t.Kept = append(t.Kept, &Kept{owner, c.CaseID, len(c.Penaltylist), id, a})
	t.Tally.Acknowledged = len(t.Kept)
}

// Shown puts an earlier exchange into the report of this check.
func (t *Trial) Shown(a *Answer) *Answer {
	step := *a.Step
	step.Before, step.Differs = nil, ""
	t.Steps = append(t.Steps, &step)
	return &Answer{
		t:       t,
		Step:    &step,
		Sent:    a.Sent,
		Header:  a.Header,
		Status:  a.Status,
		Object:  a.Object,
		Members: a.Members,
		Errors:  a.Errors,
		Body:    a.Body,
	}
}

// As sends a request in a session of an app's account.
func (t *Trial) As(c Credentials, r wire.Request) *Answer {
	for again := false; ; again = true {
		if t.sessions[c] == "" {
			t.sessions[c] = t.LoginAs(c)
			t.Forget()
		}
		r.Token = t.sessions[c]
		a := t.Do(r)
		if !a.Has(api.InvalidToken) || again {
			return a
		}
		t.Forget()
		t.sessions[c] = ""
	}
}
