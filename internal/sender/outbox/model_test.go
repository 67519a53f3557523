package outbox_test

import (
	"context"
	"testing"
	"time"

	"pgregory.net/rapid"

	"diaoxiao/internal/sender/outbox"
)

// modelCase is what the model knows of one caseid, besides what the outbox says: the truth at the receiver.
type modelCase struct {
	state    outbox.State
	no       int64
	values   string
	doubt    bool
	acceptid string
	entries  int
}

// The outbox is held against a model of one caseid over any sequence of steps, with its process dying between any two:
// what was accepted stays accepted under its acceptid, other values never take the place of what is or may be at the
// receiver, and no entry or attempt is ever lost.
func TestStatesAgainstModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir := t.TempDir()
		b := open(t, dir)
		defer func() { b.Close() }()
		var m modelCase
		attempts, receipts := 0, 0
		values := rapid.SampledFrom([]string{"A", "B", "C"})
		rt.Repeat(map[string]func(*rapid.T){
			"record": func(rt *rapid.T) {
				v := values.Draw(rt, "values")
				r := record(t, b, "案", v)
				want := m.record(v)
				if r.Verdict != want {
					rt.Fatalf("verdict %d, want %d (%v)", r.Verdict, want, m.state)
				}
				if r.Verdict == outbox.ToSend && r.No != m.no {
					m.no, m.entries = r.No, m.entries+1
				}
				if r.No != m.no || r.AcceptID != m.acceptid {
					rt.Fatalf("entry %d %q, want %d %q", r.No, r.AcceptID, m.no, m.acceptid)
				}
			},
			"begin": func(rt *rapid.T) {
				es := begin(t, b, m.no)
				may := m.state == outbox.Pending || m.state == outbox.Refused || m.state == outbox.Unknown
				if may != (len(es) == 1) {
					rt.Fatalf("begun %d in state %v", len(es), m.state)
				}
				if may {
					if got := string(bodyOf(t, b, es[0])); got != m.values {
						rt.Fatalf("sends %q, want %q", got, m.values)
					}
					m.state = outbox.Sending
				}
			},
			"settle": func(rt *rapid.T) {
				if m.state != outbox.Sending {
					rt.Skip("nothing begun")
				}
				a := outbox.Attempt{Entry: m.no, Began: time.Now(), Outcome: rapid.SampledFrom([]outbox.State{
					outbox.Accepted, outbox.Refused, outbox.Unknown, outbox.Pending,
				}).Draw(rt, "outcome"),
					Sure: rapid.Bool().Draw(rt, "sure")}
				if a.Outcome == outbox.Accepted {
					receipts++
					a.AcceptID = "2026112400000000" + string(rune('a'+receipts%26))
				}
				must(t, b.Settle([]outbox.Attempt{a}))
				attempts++
				m.settle(a)
			},
			"settle what was not begun": func(rt *rapid.T) {
				if m.state == outbox.Sending || m.no == 0 {
					rt.Skip("begun")
				}
				if b.Settle([]outbox.Attempt{{Entry: m.no, Began: time.Now(), Outcome: outbox.Refused}}) == nil {
					rt.Fatal("settled")
				}
			},
			"returned": func(rt *rapid.T) {
				must(t, b.MarkReturned(m.no))
				if m.state == outbox.Accepted {
					m.state = outbox.Returned
				}
			},
			"again": func(rt *rapid.T) {
				e, err := b.Again(m.no)
				if (err == nil) != (m.state == outbox.Returned) {
					rt.Fatalf("again in state %v: %v", m.state, err)
				}
				if err == nil {
					m.no, m.state, m.acceptid, m.doubt = e.No, outbox.Pending, "", false
					m.entries++
				}
			},
			"die": func(rt *rapid.T) {
				b.Close()
				b = open(t, dir)
				if m.state == outbox.Sending {
					m.state, m.doubt = outbox.Unknown, true
				}
			},
			"": func(rt *rapid.T) { m.check(t, rt, b, attempts) },
		})
	})
}

// record is what a draft of values should meet.
func (m *modelCase) record(values string) outbox.Verdict {
	same := m.values == values
	switch m.state {
	case outbox.Accepted:
		if same {
			return outbox.Done
		}
		return outbox.Clash
	case outbox.Returned:
		if same {
			return outbox.Done
		}
	case outbox.Sending, outbox.Unknown:
		if same {
			return outbox.ToSend
		}
		return outbox.Clash
	case outbox.Pending, outbox.Refused:
		if same {
			return outbox.ToSend
		}
	}
	m.state, m.values, m.doubt, m.acceptid = outbox.Pending, values, false, ""
	return outbox.ToSend
}

func (m *modelCase) settle(a outbox.Attempt) {
	doubt := m.doubt && !a.Sure
	switch {
	case a.Outcome == outbox.Accepted:
		m.state, m.doubt, m.acceptid = outbox.Accepted, false, a.AcceptID
	case a.Outcome == outbox.Unknown:
		m.state, m.doubt = outbox.Unknown, true
	case doubt:
		m.state = outbox.Unknown
	default:
		m.state, m.doubt = a.Outcome, false
	}
}

// check holds everything that is there against the model.
func (m *modelCase) check(t *testing.T, rt *rapid.T, b *outbox.Outbox, attempts int) {
	entries, current, tried := 0, 0, 0
	err := b.Entries(context.Background(), outbox.Filter{History: true}, func(e outbox.Entry) error {
		as, err := b.Attempts(e.No)
		must(t, err)
		entries, tried = entries+1, tried+len(as)
		if len(as) != e.Tries {
			rt.Fatalf("entry %d: %d attempts, says %d", e.No, len(as), e.Tries)
		}
		if e.Superseded == 0 {
			current++
			if e.No != m.no || e.State != m.state || e.Doubt != m.doubt || e.AcceptID != m.acceptid {
				rt.Fatalf(
					"is %d %v doubt %v %q, want %d %v doubt %v %q", e.No, e.State, e.Doubt, e.AcceptID, m.no, m.state,
					m.doubt, m.acceptid,
				)
			}
			return nil
		}
		if e.State == outbox.Accepted || e.State == outbox.Unknown || e.State == outbox.Sending {
			rt.Fatalf("entry %d was replaced in state %v", e.No, e.State)
		}
		return nil
	})
	must(t, err)
	if entries != m.entries || current != min(1, m.entries) || tried != attempts {
		rt.Fatalf("%d entries, %d current, %d attempts; want %d and %d", entries, current, tried, m.entries, attempts)
	}
}
