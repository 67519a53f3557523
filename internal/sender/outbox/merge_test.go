package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"testing"
	"time"

	"pgregory.net/rapid"

	"diaoxiao/internal/sender/outbox"
)

var moved = outbox.Target{URL: "https://10.1.2.3:8443", AppKey: target.AppKey}

func recordTo(t testing.TB, b *outbox.Outbox, to outbox.Target, caseID, values string) outbox.Recorded {
	t.Helper()
	d := draft(t, b, caseID, []byte(values))
	defer d.Body.Close()
	out, err := b.Record(to, []outbox.Draft{d})
	must(t, err)
	return out[0]
}

func current(t testing.TB, b *outbox.Outbox, to outbox.Target) map[string]outbox.Entry {
	t.Helper()
	found := make(map[string]outbox.Entry)
	must(t, b.Entries(context.Background(), outbox.Filter{Target: to}, func(e outbox.Entry) error {
		found[e.CaseID] = e
		return nil
	}))
	return found
}

// Two addresses that are declared one are one from then on, also for what is still sent to the old one.
func TestMerge(t *testing.T) {
	b := fresh(t)
	accept(t, b, recordTo(t, b, target, "甲", "1").No, "11")
	recordTo(t, b, target, "乙", "1")
	accept(t, b, recordTo(t, b, moved, "丙", "1").No, "13")
	if m, err := b.Merge(target, moved, true); err != nil || m.Moved != 2 || m.Joined != 0 ||
		len(current(t, b, moved)) != 1 {
		t.Fatalf("%+v %v", m, err)
	}
	m, err := b.Merge(target, moved, false)
	if err != nil || m.Moved != 2 || m.Joined != 0 {
		t.Fatalf("%+v %v", m, err)
	}
	if _, err := b.Merge(target, moved, false); !errors.Is(err, outbox.ErrSame) {
		t.Errorf("again: %v", err)
	}
	for _, at := range []outbox.Target{target, moved} {
		if found := current(t, b, at); len(found) != 3 || found["甲"].Origin != target.URL || found["丙"].Origin != "" ||
			found["甲"].URL != moved.URL {
			t.Errorf("%+v", found)
		}
		for id := range current(t, b, at) {
			if r := recordTo(t, b, at, id, "1"); (r.Verdict == outbox.Done) != (id != "乙") {
				t.Errorf("%s: %+v", id, r)
			}
		}
		if r := recordTo(t, b, at, "甲", "2"); r.Verdict != outbox.Clash {
			t.Errorf("%+v", r)
		}
		if others, err := b.Others(at); err != nil || len(others) != 0 {
			t.Errorf("%+v %v", others, err)
		}
	}
	// And on to a third, and back to the first.
	third := outbox.Target{URL: "https://third.example", AppKey: target.AppKey}
	recordTo(t, b, third, "丁", "1")
	if _, err := b.Merge(target, third, false); err != nil {
		t.Fatal(err)
	}
	for _, at := range []outbox.Target{target, moved, third} {
		if found := current(t, b, at); len(found) != 4 || found["甲"].Origin != target.URL {
			t.Errorf("%v: %+v", at, found)
		}
	}
	if _, err := b.Merge(
		outbox.Target{URL: "https://nowhere.example", AppKey: target.AppKey},
		third,
		false,
	); !errors.Is(err, outbox.ErrNotFound) {
		t.Errorf("%v", err)
	}
}

// Where both have a case as one and the same, what is known of it stays; where they do not, nothing is changed.
func TestMergeOfOneCase(t *testing.T) {
	for _, c := range []struct {
		name      string
		from, to  func(t *testing.T, b *outbox.Outbox, at outbox.Target)
		conflicts int
		state     outbox.State
	}{
		{"both accepted", acceptedAs("1", "11"), acceptedAs("1", "11"), 0, outbox.Accepted},
		{"accepted and never sent", acceptedAs("1", "11"), pending("1"), 0, outbox.Accepted},
		{"never sent and accepted", pending("1"), acceptedAs("1", "11"), 0, outbox.Accepted},
		{"unknown and never sent", unknown("1"), pending("1"), 0, outbox.Unknown},
		{"never sent and unknown", pending("1"), unknown("1"), 0, outbox.Unknown},
		{"other acceptids", acceptedAs("1", "11"), acceptedAs("1", "12"), 1, outbox.Accepted},
		{"other values", acceptedAs("1", "11"), acceptedAs("2", "11"), 1, outbox.Accepted},
		{"other values never sent", acceptedAs("1", "11"), pending("2"), 1, outbox.Pending},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := fresh(t)
			c.from(t, b, target)
			c.to(t, b, moved)
			m, err := b.Merge(target, moved, false)
			must(t, err)
			found := current(t, b, moved)
			if len(m.Conflicts) != c.conflicts || len(found) != 1 || found["甲"].State != c.state {
				t.Errorf("%+v\n%+v", m, found)
			}
			if c.conflicts > 0 && len(current(t, b, target)) != 1 {
				t.Error("changed something")
			}
		})
	}
	t.Run("one acceptid of two caseids", func(t *testing.T) {
		b := fresh(t)
		accept(t, b, recordTo(t, b, target, "甲", "1").No, "11")
		accept(t, b, recordTo(t, b, moved, "乙", "1").No, "11")
		if m, err := b.Merge(target, moved, false); err != nil || len(m.Conflicts) != 1 ||
			len(current(t, b, target)) != 1 {
			t.Errorf("%+v %v", m, err)
		}
	})
}

func acceptedAs(values, acceptID string) func(*testing.T, *outbox.Outbox, outbox.Target) {
	return func(t *testing.T, b *outbox.Outbox, at outbox.Target) {
		accept(t, b, recordTo(t, b, at, "甲", values).No, acceptID)
	}
}

func pending(values string) func(*testing.T, *outbox.Outbox, outbox.Target) {
	return func(t *testing.T, b *outbox.Outbox, at outbox.Target) { recordTo(t, b, at, "甲", values) }
}

func unknown(values string) func(*testing.T, *outbox.Outbox, outbox.Target) {
	return func(t *testing.T, b *outbox.Outbox, at outbox.Target) {
		no := recordTo(t, b, at, "甲", values).No
		begin(t, b, no)
		must(t, b.Settle([]outbox.Attempt{{Entry: no, Began: time.Now(), Outcome: outbox.Unknown}}))
	}
}

// Whatever was sent to the two addresses before, of one receiver, after a merge nothing that was accepted is sent
// again, nothing is forgotten, and what has no outcome is sent with the very values it may have been sent with.
func TestNothingIsSentTwiceAfterAMerge(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := open(t, t.TempDir())
		defer b.Close()
		receiver := make(map[string]string) // values by caseid
		numbers := make(map[string]string)  // acceptid by caseid
		send := func(no int64, values, outcome string) {
			for _, e := range begin(t, b, no) {
				if was, there := receiver[e.CaseID]; there && was != values {
					outcome = "refused"
				}
				a := outbox.Attempt{Entry: no, Began: time.Now(), Outcome: outbox.Pending}
				if outcome == "accepted" || outcome == "lost" {
					receiver[e.CaseID] = values
					if numbers[e.CaseID] == "" {
						numbers[e.CaseID] = fmt.Sprint(100 + len(numbers))
					}
					a.Outcome, a.AcceptID = outbox.Accepted, numbers[e.CaseID]
				}
				switch outcome {
				case "lost", "unknown":
					a.Outcome, a.AcceptID = outbox.Unknown, ""
				case "refused":
					a.Outcome = outbox.Refused
				}
				must(t, b.Settle([]outbox.Attempt{a}))
			}
		}
		at := rapid.SampledFrom([]outbox.Target{target, moved})
		id := rapid.SampledFrom([]string{"甲", "乙", "丙"})
		values := rapid.SampledFrom([]string{"1", "1", "1", "2"})
		outcome := rapid.SampledFrom([]string{"accepted", "lost", "unknown", "refused", "none", "not begun"})
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			v := values.Draw(rt, "values")
			r := recordTo(t, b, at.Draw(rt, "at"), id.Draw(rt, "id"), v)
			if o := outcome.Draw(rt, "outcome"); r.Verdict == outbox.ToSend && o != "not begun" {
				send(r.No, v, o)
			}
		}
		if rapid.Bool().Draw(rt, "die") {
			dir := b.Dir()
			must(t, b.Close())
			b = open(t, dir)
		}
		m, err := b.Merge(target, moved, false)
		if errors.Is(err, outbox.ErrNotFound) {
			rt.Skip("nothing recorded")
		}
		must(t, err)
		if len(m.Conflicts) > 0 {
			return
		}
		before := maps.Clone(receiver)
		for caseID, e := range current(t, b, moved) {
			v := string(bodyOf(t, b, e))
			if n := numbers[caseID]; e.AcceptID != "" && e.AcceptID != n {
				rt.Fatalf("%s is %q, want %q", caseID, e.AcceptID, n)
			}
			if r := recordTo(t, b, at.Draw(rt, "later"), caseID, v); e.AcceptID != "" && r.Verdict != outbox.Done {
				rt.Fatalf("%s would be sent again: %+v", caseID, r)
			}
			send(e.No, v, "accepted")
		}
		found := current(t, b, moved)
		for caseID, v := range before {
			if e := found[caseID]; receiver[caseID] != v || string(bodyOf(t, b, e)) != v && e.State == outbox.Accepted {
				rt.Fatalf("%s was %q and is %q, %+v", caseID, v, receiver[caseID], e)
			}
		}
	})
}
