package conformance

import (
	"bytes"
	"encoding/json"

	"diaoxiao/api"
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

// kept is a case that was acknowledged.
type kept struct {
	owner  Credentials
	caseID string
	items  int
	id     string
	answer *answer // the first that acknowledged it
}

// keep notes a case that was acknowledged for the first time.
func (t *trial) keep(a *answer) {
	id := a.acceptID()
	if a.err != nil || a.sent.call != api.Receive || a.sent.path != "" || !a.ok() || id == "" {
		return
	}
	owner, ok := t.owner[a.sent.token]
	if !ok {
		owner = t.Credentials
	}
	var c struct {
		CaseID      string            `json:"caseid"`
		Penaltylist []json.RawMessage `json:"penaltylist"`
	}
	json.Unmarshal(bytes.TrimPrefix(a.sent.body, []byte("\ufeff")), &c)
	for _, k := range t.kept {
		if k.caseID == c.CaseID && k.owner.AppKey == owner.AppKey {
			return
		}
	}
	t.kept = append(t.kept, &kept{owner, c.CaseID, len(c.Penaltylist), id, a})
	t.tally.Acknowledged = len(t.kept)
}

// shown puts an earlier exchange into the report of this check.
func (t *trial) shown(a *answer) *answer {
	step := *a.step
	step.Before, step.Differs = nil, ""
	t.steps = append(t.steps, &step)
	return &answer{t: t, step: &step, sent: a.sent, header: a.header, status: a.status, object: a.object, members: a.members, errors: a.errors, body: a.body}
}

// as sends a request in a session of an app's account.
func (t *trial) as(c Credentials, r request) *answer {
	for again := false; ; again = true {
		if t.sessions[c] == "" {
			t.sessions[c] = t.loginAs(c)
			t.forget()
		}
		r.token = t.sessions[c]
		a := t.do(r)
		if !a.has(api.InvalidToken) || again {
			return a
		}
		t.forget()
		t.sessions[c] = ""
	}
}
