package reconcile

import (
	"context"
	"encoding/hex"
	"strings"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/acceptid"
	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/sender/outbox"
)

// held is one case as the sender has it.
type held struct {
	caseID, acceptID string
	digest, sha256   sum
	state            outbox.State
	at               time.Time // of its outcome; zero: not known
	current          bool      // no other has taken its place
	listed           bool      // of a list, which nothing else says more about
	seen             bool      // has its counterpart
	next             int32     // the one before under the same caseid; -1: none
}

// sum is a hash that may be missing.
type sum struct {
	known bool
	bytes [32]byte
}

// parseSum reads 64 hex digits.
func parseSum(text string) (s sum, ok bool) {
	b, err := hex.DecodeString(strings.ToLower(text))
	if err != nil || len(b) != len(s.bytes) {
		return s, false
	}
	copy(s.bytes[:], b)
	s.known = true
	return s, true
}

// accepted reports whether the sender was told that the case is with the receiver.
func (h *held) accepted() bool { return h.state == outbox.Accepted || h.state == outbox.Returned }

// open reports whether the sender does not know whether the receiver has it.
func (h *held) open() bool {
	return h.state == outbox.Pending || h.state == outbox.Sending || h.state == outbox.Unknown
}

// likeness is how the contents of a case at both ends compare.
type likeness int

const (
	alike likeness = iota + 1
	unlike
	uncompared // neither hash is there at both ends
)

// compare: the values decide; bodies may differ and mean the same (S17).
func (h *held) compare(e api.CaseEntry) (likeness, string) {
	for _, c := range []struct {
		ours   sum
		theirs string
		what   string
	}{{h.digest, e.Digest, "内容摘要（digest）不同"}, {h.sha256, e.SHA256, "报文 SHA-256 不同"}} {
		theirs, ok := parseSum(c.theirs)
		if !c.ours.known || !ok {
			continue
		}
		if theirs == c.ours {
			return alike, ""
		}
		return unlike, c.what
	}
	return uncompared, ""
}

// Ledger is every case that a sender has on record, by caseid: some 300 bytes each.
type Ledger struct {
	cases []held
	last  map[string]int32 // the latest under a caseid
}

// NewLedger is a ledger without a case.
func NewLedger() *Ledger { return &Ledger{last: make(map[string]int32)} }

func (l *Ledger) add(h held) {
	h.next = -1
	if at, ok := l.last[h.caseID]; ok {
		h.next = at
	}
	l.last[h.caseID] = int32(len(l.cases))
	l.cases = append(l.cases, h)
}

// under lists the cases of a caseid that have no counterpart yet, the latest first.
func (l *Ledger) under(caseID string) (hs []*held) {
	at, ok := l.last[caseID]
	for ok && at >= 0 {
		h := &l.cases[at]
		if !h.seen {
			hs = append(hs, h)
		}
		at = h.next
	}
	return hs
}

// Len is how many cases are in the ledger.
func (l *Ledger) Len() int { return len(l.cases) }

// FromOutbox takes over what an outbox has that f selects, and calls tell after each case. Anything that was never with
// a receiver is left out.
func (l *Ledger) FromOutbox(ctx context.Context, box *outbox.Outbox, f outbox.Filter, tell func()) error {
	return box.Entries(ctx, f, func(e outbox.Entry) error {
		if e.Superseded != 0 && e.AcceptID == "" && !e.Doubt {
			return nil
		}
		if twice, err := joined(box, e); twice || err != nil {
			return err
		}
		l.add(heldOf(e))
		tell()
		return nil
	})
}

// joined reports whether an entry is the lesser of two for one case, of two addresses that were declared one.
func joined(box *outbox.Outbox, e outbox.Entry) (bool, error) {
	if e.Superseded == 0 || e.Superseded == e.No || e.AcceptID == "" {
		return false, nil
	}
	by, err := box.Entry(e.Superseded)
	return by.AcceptID == e.AcceptID, err
}

func heldOf(e outbox.Entry) held {
	return held{
		caseID:   e.CaseID,
		acceptID: e.AcceptID,
		digest:   sum{true, e.Digest},
		sha256:   sum{true, e.SHA256},
		state:    e.State,
		at:       e.Settled,
		current:  e.Superseded == 0,
	}
}

// received is the moment of receipt of what the sender holds, as far as it knows: the day stands in the acceptid (S18).
func (h *held) received() time.Time {
	if h.dated() {
		if day, err := time.ParseInLocation("20060102", h.acceptID[:8], beijingtime.Zone); err == nil {
			return day
		}
	}
	return h.at
}

// dated reports whether the acceptid itself tells the day of receipt.
func (h *held) dated() bool {
	_, ok := acceptid.CaseNo(h.acceptID)
	return ok
}

func receivedAt(e api.CaseEntry) time.Time {
	at, _ := time.Parse(time.RFC3339, e.ReceivedAt)
	return at
}
