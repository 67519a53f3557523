package sandbox_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"diaoxiao/api"
	"diaoxiao/internal/rules"
	"diaoxiao/sandbox"
)

func TestBatchIsDeterministic(t *testing.T) {
	if diff := cmp.Diff(sandbox.Batch(1, 1254), sandbox.Batch(1, 1254)); diff != "" {
		t.Error(diff)
	}
	a, b := sandbox.Batch(1, 20), sandbox.Batch(2, 20)
	if a.CaseID == b.CaseID || a.PenaltyList[0] == b.PenaltyList[0] {
		t.Error("the seed changes nothing")
	}
}

// The rows that raise findings are the bad rows, and no other; those of the 4xx group need their neighbours.
func TestBadRows(t *testing.T) {
	for _, size := range []struct{ seed, n int }{{1, 1254}, {2, 100}, {3, 101}, {4, 9999}, {5, 50}, {6, 99}, {7, 0}} {
		want := make(map[int]int)
		for pos, rule := range sandbox.BadRows(size.n) {
			if rule/100 != 4 {
				want[pos] = rule
			}
		}
		got := make(map[int]int)
		for pos, e := range sandbox.Batch(uint64(size.seed), size.n).PenaltyList {
			rules.CheckEntity(e, func(field string, rule int, d rules.Detail) {
				if got[pos] == 0 || rule == want[pos] {
					got[pos] = rule
				}
				if want[pos] == 0 {
					t.Errorf("row %d: %s %d %s: %v", pos, field, rule, d.Text(), e)
				}
			})
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("seed %d, %d rows: %s", size.seed, size.n, diff)
		}
	}
}

func TestBadRowsAreOfDifferentKinds(t *testing.T) {
	met := make(map[int]bool)
	for pos, rule := range sandbox.BadRows(100) {
		if _, ok := rules.ByNo(rule); !ok || met[rule] || pos < 0 || pos >= 100 {
			t.Errorf("row %d: rule %d", pos, rule)
		}
		met[rule] = true
	}
	if len(met) < 8 || len(sandbox.BadRows(99)) > 0 {
		t.Errorf("rules %v, and %v for 99 rows", met, sandbox.BadRows(99))
	}
}

// Codes are unique but in the two rows that are bad for just that.
func TestRepeatedCodes(t *testing.T) {
	const n = 1254
	var want, got []string
	for pos := range n {
		switch sandbox.BadRows(n)[pos] {
		case rules.TwiceByCreditCode:
			want = append(want, fmt.Sprint(pos, " uniscid"), fmt.Sprint(pos, " pripid"))
		case rules.PripIDOtherCreditCode:
			want = append(want, fmt.Sprint(pos, " pripid"))
		}
	}
	seen := make(map[string]bool)
	for pos, e := range sandbox.Batch(1, n).PenaltyList {
		if seen[rules.FoldCode(e.UniscID)] {
			got = append(got, fmt.Sprint(pos, " uniscid"))
		}
		if seen[e.PripID] {
			got = append(got, fmt.Sprint(pos, " pripid"))
		}
		seen[rules.FoldCode(e.UniscID)], seen[e.PripID] = true, true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Properties of a realistic batch: all three categories, both kinds of names, mostly codes of Hohhot.
func TestBatchIsVaried(t *testing.T) {
	list := sandbox.Batch(1, 1254).PenaltyList
	for what, test := range map[string]func(api.Entity) bool{
		"enterprises":  func(e api.Entity) bool { return strings.HasPrefix(e.UniscID, "91") },
		"households":   func(e api.Entity) bool { return strings.HasPrefix(e.UniscID, "92") },
		"cooperatives": func(e api.Entity) bool { return strings.HasPrefix(e.UniscID, "93") },
		"branches":     func(e api.Entity) bool { return strings.HasPrefix(e.EntType, "2") },
		"dotted names": func(e api.Entity) bool { return strings.Contains(e.Legal, "·") },
		"firms as partners": func(e api.Entity) bool {
			return strings.Contains(e.Legal, "委派代表")
		},
		"moved in": func(e api.Entity) bool { return !strings.HasPrefix(e.UniscID[2:], "1501") },
		"no letters": func(e api.Entity) bool {
			return strings.Trim(e.UniscID, "0123456789") == ""
		},
	} {
		n := 0
		for _, e := range list {
			if test(e) {
				n++
			}
		}
		if n < 5 || n > 1000 {
			t.Errorf("%d %s in %d", n, what, len(list))
		}
	}
}

func TestHeader(t *testing.T) {
	c := sandbox.Batch(1, 3)
	if c.CaseID != "呼市监处罚〔2026〕1号" || c.Penalty != "吊销营业执照" || len(c.PenaltyList) != 3 {
		t.Errorf("%+v", c)
	}
	if !strings.Contains(c.Illegality, "公司法》第二百六十条") || c.CaseName == "" || c.CaseIntroduction == "" ||
		c.PenaltyOrg == "" {
		t.Errorf("%+v", c)
	}
	rules.CheckCase(c.CaseID, c.PenaltyDate, "2026-11-23", func(_ string, rule int, d rules.Detail) {
		t.Errorf("rule %d: %s", rule, d.Text())
	})
	if empty := sandbox.Batch(1, -1); empty.PenaltyList == nil || len(empty.PenaltyList) != 0 {
		t.Errorf("%v", empty.PenaltyList)
	}
}

func BenchmarkBatch(b *testing.B) {
	for b.Loop() {
		sandbox.Batch(1, 1254)
	}
}
