//go:build linux

package durability

import "testing"

// The oracle must find each kind of fault; it needs no server for that and is not guarded.
func TestJudge(t *testing.T) {
	sent := map[string]string{"a": "1", "b": "2"}
	ok := func(id, accept string) entry { return entry{CaseID: id, Status: 200, Ack: "SUCCESS", AcceptID: accept} }
	there := func(accept, id, listed, raw string) stored {
		return stored{AcceptID: accept, CaseID: id, SHA256: listed, raw: raw}
	}
	a, b := there("A", "a", "1", "1"), there("B", "b", "2", "2")
	for _, c := range []struct {
		name   string
		record []entry
		cases  []stored
		want   string
	}{
		{"kept", []entry{ok("a", "A"), ok("b", "B"), ok("a", "A")}, []stored{a, b}, ""},
		{"unknown and there", []entry{ok("a", "A"), {CaseID: "b"}}, []stored{a, b}, ""},
		{
			"unknown and not there",
			[]entry{ok("a", "A"), {CaseID: "b", Status: 503, Code: unavailable}},
			[]stored{a},
			"",
		},
		{"gone", []entry{ok("a", "A"), ok("b", "B")}, []stored{a}, lost},
		{"other acceptid", []entry{ok("a", "A")}, []stored{there("X", "a", "1", "1")}, lost},
		{"two acceptids", []entry{ok("a", "A"), ok("a", "X")}, []stored{a}, doubled},
		{"two rows", []entry{ok("a", "A")}, []stored{a, there("X", "a", "1", "1")}, doubled},
		{"one acceptid for two", nil, []stored{a, there("A", "b", "2", "2")}, doubled},
		{"other bytes", []entry{ok("a", "A")}, []stored{there("A", "a", "1", "9")}, changed},
		{"unacknowledged and cut", nil, []stored{there("A", "a", "9", "9")}, changed},
		{"never sent", nil, []stored{there("C", "c", "3", "3")}, stranger},
	} {
		var v verdict
		judge(&v, c.record, sent, c.cases)
		if c.want == "" && len(v.faults) > 0 || c.want != "" && (len(v.faults) != 1 || v.faults[0].kind != c.want) {
			t.Errorf("%s: got %v, want %q", c.name, v.faults, c.want)
		}
	}
}

func TestThousands(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		if got := thousands(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}
