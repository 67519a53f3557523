package reconcile

import (
	"slices"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/sender/outbox"
)

func kindsOf(a *Comparison) (kinds []string) {
	for _, d := range a.Differences {
		kinds = append(kinds, string(d.Kind)+" "+d.CaseID)
	}
	return kinds
}

// At the edges of the span nothing is called wrong that has its counterpart a day further on.
func TestEdgesOfTheSpan(t *testing.T) {
	d := Days{
		time.Date(2026, 11, 10, 0, 0, 0, 0, beijingtime.Zone),
		time.Date(2026, 11, 11, 0, 0, 0, 0, beijingtime.Zone),
	}
	at := func(text string) time.Time {
		tm, err := time.ParseInLocation("01-02 15:04:05", text, beijingtime.Zone)
		if err != nil {
			t.Fatal(err)
		}
		return tm.AddDate(2026, 0, 0)
	}
	ours := func(settled string) held {
		return held{caseID: "c", acceptID: "R1", state: outbox.Accepted, current: true, at: at(settled)}
	}
	theirs := func(received string) *api.CaseEntry {
		return &api.CaseEntry{
			AcceptID:   "R1",
			CaseStatus: api.CaseStatus{CaseID: "c", ReceivedAt: at(received).UTC().Format(time.RFC3339)},
		}
	}
	for _, c := range []struct {
		ours   string
		theirs *api.CaseEntry
		equal  int64
		kinds  []string
	}{
		{"11-10 00:00:01", theirs("11-09 23:59:59"), 0, nil}, // received the day before the first
		{"11-09 23:59:59", theirs("11-10 00:00:01"), 1, nil},
		{"11-12 00:00:01", theirs("11-11 23:59:59"), 1, nil}, // the answer came after midnight
		{"11-11 23:59:59", theirs("11-12 00:00:00"), 0, nil},
		{"11-10 00:00:00", nil, 0, []string{"缺失 c"}},
		{"11-11 23:59:59", nil, 0, []string{"缺失 c"}},
		{"11-09 23:59:59", nil, 0, nil},
		{"11-12 00:00:00", nil, 0, nil},
	} {
		l := NewLedger()
		l.add(ours(c.ours))
		got := newComparison(l, d)
		if c.theirs != nil {
			got.take(*c.theirs)
		}
		got.settle()
		if kinds := kindsOf(got); got.Equal != c.equal || !slices.Equal(kinds, c.kinds) {
			t.Errorf("%s: equal %d, %q", c.ours, got.Equal, kinds)
		}
	}
	for received, kinds := range map[string][]string{
		"11-09 23:59:59": nil,
		"11-10 00:00:00": {"多出 c"},
		"11-11 23:59:59": {"多出 c"},
		"11-12 00:00:00": nil,
	} {
		got := newComparison(NewLedger(), d)
		got.take(*theirs(received))
		got.settle()
		if have := kindsOf(got); !slices.Equal(have, kinds) {
			t.Errorf("%s: %q", received, have)
		}
	}
	if w := d.wide(); w.String() != "2026-11-09 至 2026-11-12" {
		t.Error(w)
	}
}
