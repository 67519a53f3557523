package submission

import (
	"diaoxiao/api"
	"diaoxiao/internal/rules"
	"diaoxiao/internal/sender/outbox"
	"diaoxiao/internal/sender/reconcile"
	"diaoxiao/internal/sender/sheet"
)

// Event is why a case is reported.
type Event int

// The events of a run.
const (
	Unreadable Event = iota // a file cannot be read on; there is no case, only a place and a problem
	Blocked                 // the case must not be sent as it is
	Fit                     // a dry run would send it
	Recorded                // it is in the outbox, to be sent or waiting for consent
	Skipped                 // it was accepted before with the same content
	TakenBack               // it was recorded, and a later case of the input keeps it from being sent
	Sent                    // it has an outcome that is durable
	Left                    // the run ends and it was not sent, or its outcome is unknown
	Waits                   // it was recorded by an earlier run and waits for consent
	Unchanged               // it was to be sent anew, and the receiver has not given it back
	Differing               // it was to be sent anew, and the two ends disagree on it
)

// The states of a case in a run, besides those of the outbox.
const (
	StateBlocked = "未报送" // it must not be sent as it is
	StateFit     = "可报送" // of a dry run
)

// Outcome is a case as a run reports it.
type Outcome struct {
	Event       Event
	Place       sheet.Place // in the input, or where it was read from once
	CaseID      string
	PenaltyDate string // for fit
	PenaltyOrg  string // for fit
	State       string // of the outbox, or StateBlocked or StateFit
	Held        string // why the case waits for consent, a line for each reason
	Skipped     bool   // accepted before, not sent now
	Difference  reconcile.Kind
	Theirs      string // the state at the receiver, for unchanged
	Shared      string // another case that the receiver has given this acceptid
	AcceptID    string
	Items       int
	Codes       string
	Message     string
	RequestID   string
	Attempts    int
	Digest      *api.Digest // nil where there is no body; all zero where the body is no case
	SHA256      [32]byte
	Bytes       int64
	Problems    []sheet.Problem // for which it is not sent
	Doubts      []sheet.Problem // for which it waits for consent
	Notes       []sheet.Problem // remarks of the file
	First, Last *Listed         // of the list as it is sent, for fit; nil where there is none or one
	Found       Found
}

// Listed is an entity at its place in a file.
type Listed struct {
	api.Entity
	At sheet.Place
}

// Found is the findings that the receiver will have on a case.
type Found struct {
	Severe, Warnings, Notices int
	List                      []Finding
	More                      int // of the severities that List has, how many it leaves out
}

// Finding is a finding at its place in a file.
type Finding struct {
	rules.Finding
	At sheet.Place
}

// Total is how many findings there are.
func (f Found) Total() int { return f.Severe + f.Warnings + f.Notices }

// outcome begins that of k.
func (k *candidate) outcome() Outcome {
	n := k.found.n
	return Outcome{
		Place:  k.where,
		CaseID: k.text.CaseID,
		Items:  k.decoded.Items,
		Digest: &k.decoded.Digest,
		Bytes:  k.bytes,
		Notes:  k.notes,
		Doubts: k.doubts,
		Found: Found{Severe: n[rules.Severe], Warnings: n[rules.Warning], Notices: n[rules.Notice], List: k.findings(),
			More: k.found.unlisted()},
	}
}

// outcomeOf begins that of a case that is in the outbox.
func outcomeOf(e outbox.Entry) Outcome {
	o := Outcome{Place: PlaceOf(e.Source)}
	o.takeEntry(e)
	return o
}

// takeEntry fills in the values of the outbox.
func (o *Outcome) takeEntry(e outbox.Entry) {
	o.CaseID, o.State, o.AcceptID, o.Items, o.Bytes = e.CaseID, e.State.String(), e.AcceptID, e.Items, e.Bytes
	o.Held, o.RequestID, o.Codes, o.Message, o.Attempts = e.Held, e.RequestID, e.Codes, e.Message, e.Tries
	digest := e.Digest // and not all of e, for as long as the outcome is kept
	o.Digest, o.SHA256 = &digest, e.SHA256
}

// takeAttempt fills in the values that an attempt has changed.
func (o *Outcome) takeAttempt(a outbox.Attempt) {
	o.State, o.AcceptID, o.Shared = a.Outcome.String(), a.AcceptID, a.Shared
	o.RequestID, o.Codes, o.Message = a.RequestID, a.Codes, a.Message
	o.Attempts++
}
