package main

import (
	"diaoxiao/api"
	"diaoxiao/internal/rules"
	"diaoxiao/internal/sender/outbox"
	"diaoxiao/internal/sender/reconcile"
	"diaoxiao/internal/sender/sheet"
)

// event is why a case is reported.
type event int

// The events of a run.
const (
	unreadable event = iota // a file cannot be read on; there is no case, only a place and a problem
	blocked                 // the case must not be sent as it is
	fit                     // a dry run would send it
	recorded                // it is in the outbox, to be sent or waiting for consent
	skipped                 // it was accepted before with the same content
	takenBack               // it was recorded, and a later case of the input keeps it from being sent
	concluded               // it has an outcome that is durable
	left                    // the run ends and it was not sent, or its outcome is unknown
	waits                   // it was recorded by an earlier run and waits for consent
	unchanged               // it was to be sent anew, and the receiver has not given it back
	disputed                // it was to be sent anew, and the two ends disagree on it
)

// The states of a case in a run, besides those of the outbox.
const (
	stateBlocked = "未报送" // it must not be sent as it is
	stateFit     = "可报送" // of a dry run
)

// outcome is what a run knows of a case when it reports it.
type outcome struct {
	Event       event
	Place       sheet.Place // in the input, or where it was read from once
	CaseID      string
	PenaltyDate string // for fit
	PenaltyOrg  string // for fit
	State       string // of the outbox, or stateBlocked or stateFit
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
	First, Last *listed         // of the list as it is sent, for fit; nil where there is none or one
	Found       found
}

// listed is an entity at its place in a file.
type listed struct {
	api.Entity
	At sheet.Place
}

// found is what the receiver will find in a case.
type found struct {
	Severe, Warnings, Notices int
	List                      []finding
	More                      int // of the severities that List has, how many it leaves out
}

// finding is a finding at its place in a file.
type finding struct {
	rules.Finding
	At sheet.Place
}

// Total is how many findings there are.
func (f found) Total() int { return f.Severe + f.Warnings + f.Notices }

// outcome begins that of k.
func (k *candidate) outcome() outcome {
	n := k.found.n
	return outcome{Place: k.where, CaseID: k.text.CaseID, Items: k.decoded.Items, Digest: &k.decoded.Digest, Bytes: k.bytes,
		Notes: k.notes, Doubts: k.doubts,
		Found: found{Severe: n[rules.Severe], Warnings: n[rules.Warning], Notices: n[rules.Notice], List: k.findings(),
			More: k.found.unlisted()}}
}

// outcomeOf begins that of a case that is in the outbox.
func outcomeOf(e outbox.Entry) outcome {
	o := outcome{Place: placeOf(e.Source)}
	o.takeEntry(e)
	return o
}

// takeEntry fills in what the outbox has.
func (o *outcome) takeEntry(e outbox.Entry) {
	o.CaseID, o.State, o.AcceptID, o.Items, o.Bytes = e.CaseID, e.State.String(), e.AcceptID, e.Items, e.Bytes
	o.Held, o.RequestID, o.Codes, o.Message, o.Attempts = e.Held, e.RequestID, e.Codes, e.Message, e.Tries
	o.Digest, o.SHA256 = &e.Digest, e.SHA256
}

// takeAttempt fills in what an attempt has changed.
func (o *outcome) takeAttempt(a outbox.Attempt) {
	o.State, o.AcceptID, o.RequestID, o.Codes, o.Message = a.Outcome.String(), a.AcceptID, a.RequestID, a.Codes, a.Message
	o.Shared = a.Shared
	o.Attempts++
}

// tally counts what became of the cases of a run.
type tally struct {
	Files, Cases, Items       int
	Accepted                  int
	Skipped                   int // accepted before
	Returned                  int // given back, and unchanged since
	Differing                 int // accepted, and the receiver says otherwise, or gave the number to another
	Refused, Unknown          int
	Pending                   int // recorded, not sent
	Blocked                   int // must not be sent as they are, and files that cannot be read
	Held                      int // recorded, and waiting for consent
	Fit                       int // can be sent
	Severe, Warnings, Notices int // findings
	Doubts                    int
	Unrecorded                int  // checked, and not in the outbox: recording broke off
	Broken                    bool // the checks ended before all files were read
}

// add counts one case by its state in the outbox.
func (t *tally) add(s outbox.State) {
	switch s {
	case outbox.Accepted, outbox.Returned:
		t.Accepted++
	case outbox.Refused:
		t.Refused++
	case outbox.Unknown, outbox.Sending:
		t.Unknown++
	case outbox.Pending:
		t.Pending++
	}
}
