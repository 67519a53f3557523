package submission

import (
	"diaoxiao/internal/sender/outbox"
)

// Tally counts the cases of a run by their outcomes.
type Tally struct {
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
func (t *Tally) add(s outbox.State) {
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
