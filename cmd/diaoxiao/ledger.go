package main

import (
	"context"
	"encoding/hex"
	"strings"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/display"
	"diaoxiao/internal/intake"
	"diaoxiao/internal/outbox"
)

// held is one case as the sender has it.
type held struct {
	caseID, acceptID string
	digest, sha256   sum
	state            outbox.State
	at               time.Time // of its outcome; zero: not known
	current          bool      // no other has taken its place
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

// ledger is every case that the sender has, by caseid: some 300 bytes each.
type ledger struct {
	cases []held
	last  map[string]int32 // the latest under a caseid
}

func newLedger() *ledger { return &ledger{last: make(map[string]int32)} }

func (l *ledger) add(h held) {
	h.next = -1
	if at, ok := l.last[h.caseID]; ok {
		h.next = at
	}
	l.last[h.caseID] = int32(len(l.cases))
	l.cases = append(l.cases, h)
}

// under lists the cases of a caseid that have no counterpart yet, the latest first.
func (l *ledger) under(caseID string) (hs []*held) {
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

// fromOutbox takes over what an outbox has for a receiver.
func (l *ledger) fromOutbox(ctx context.Context, box *outbox.Outbox, f outbox.Filter, p *progress) error {
	return box.Entries(ctx, f, func(e outbox.Entry) error {
		if e.Superseded != 0 && e.AcceptID == "" && !e.Doubt {
			return nil // was never with the receiver
		}
		l.add(heldOf(e))
		p.at("读出发件箱 %s 件", display.Count(len(l.cases)))
		return nil
	})
}

func heldOf(e outbox.Entry) held {
	return held{caseID: e.CaseID, acceptID: e.AcceptID, digest: sum{true, e.Digest}, sha256: sum{true, e.SHA256}, state: e.State, at: e.Settled,
		current: e.Superseded == 0}
}

// days is a span of days in Beijing, both included.
type days struct{ from, to time.Time }

func parseDays(from, to string) (d days, err error) {
	if to == "" {
		to = time.Now().In(intake.Beijing).Format(time.DateOnly)
	}
	for _, one := range []struct {
		name, text string
		to         *time.Time
	}{{"--from", from, &d.from}, {"--to", to, &d.to}} {
		if *one.to, err = time.ParseInLocation(time.DateOnly, one.text, intake.Beijing); err != nil {
			return d, usagef("%s：%q 不是日期，应为 2026-03-15", one.name, one.text)
		}
	}
	if d.to.Before(d.from) {
		return d, usagef("--to 不得早于 --from")
	}
	return d, nil
}

// have reports whether a moment is within; one that is not known is.
func (d days) have(at time.Time) bool {
	return at.IsZero() || !at.Before(d.from) && at.Before(d.to.AddDate(0, 0, 1))
}

// wide is the span with a day more at either end.
func (d days) wide() days { return days{d.from.AddDate(0, 0, -1), d.to.AddDate(0, 0, 1)} }

func (d days) String() string {
	return d.from.Format(time.DateOnly) + " 至 " + d.to.Format(time.DateOnly)
}

// received is the moment of receipt of what the sender holds, as far as it knows: the day stands in the acceptid (S18).
func (h *held) received() time.Time {
	if h.dated() {
		if day, err := time.ParseInLocation("20060102", h.acceptID[:8], intake.Beijing); err == nil {
			return day
		}
	}
	return h.at
}

// dated reports whether the acceptid itself tells the day of receipt.
func (h *held) dated() bool {
	_, err := intake.CaseNo(h.acceptID)
	return err == nil
}

func receivedAt(e api.CaseEntry) time.Time {
	at, _ := time.Parse(time.RFC3339, e.ReceivedAt)
	return at
}
