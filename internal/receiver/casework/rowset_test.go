package casework

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
)

// firms is the plain model of the decisions on a list: one for each firm.
type firms []intake.FirmSpan

// spans are the decisions as they are stored: as few as can be.
func (f firms) spans() (all []intake.FirmSpan) {
	for pos, s := range f {
		if s.Decision == release.Undecided {
			continue
		}
		if n := len(all); n > 0 && all[n-1].To == pos-1 && same(all[n-1], s) {
			all[n-1].To = pos
			continue
		}
		s.CaseNo, s.From, s.To = 7, pos, pos
		all = append(all, s)
	}
	return all
}

// same: the same was decided of both, by the same proposal.
func same(a, b intake.FirmSpan) bool {
	a.CaseNo, a.From, a.To = b.CaseNo, b.From, b.To
	return a == b
}

// drawSet is some rows of a list of n.
func drawSet(t *rapid.T, n int) (set rowSet) {
	for row := 1; row <= n; row++ {
		if rapid.Bool().Draw(t, "in") {
			set.add(row, row)
		}
	}
	return set
}

func drawDecision(t *rapid.T) intake.FirmSpan {
	return intake.FirmSpan{
		Decision:   release.Decision(rapid.IntRange(0, 2).Draw(t, "decision")),
		Published:  rapid.SampledFrom([]string{"", "2026-03-18"}).Draw(t, "day"),
		ProposalNo: int64(rapid.IntRange(1, 2).Draw(t, "proposal")),
	}
}

// Decisions on sets of firms are those on each firm one by one, whatever was decided before, and are stored in as few
// spans as can be; the old spans are left as they are.
func TestDecideAgainstAModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "firms")
		model, have := make(firms, n), []intake.FirmSpan(nil)
		for range rapid.IntRange(1, 6).Draw(t, "decisions") {
			set, to := drawSet(t, n), drawDecision(t)
			is := always(to)
			if rapid.Bool().Draw(t, "a day only") { // as a publication does: of released firms alone
				is = func(s intake.FirmSpan) intake.FirmSpan {
					if s.Decision == release.ToRelease {
						s.Published = to.Published
					}
					return s
				}
			}
			before := slices.Clone(have)
			next := decide(7, have, set, is)
			if !slices.Equal(before, have) {
				t.Fatal("the old decisions were changed")
			}
			for pos := range model {
				if set.has(pos + 1) {
					model[pos] = is(model[pos])
				}
			}
			if have = next; !slices.Equal(have, model.spans()) {
				t.Fatalf("%v of %v:\n%v, want\n%v", set, before, have, model.spans())
			}
		}
	})
}

// A set answers as its rows do, one by one.
func TestRowSetAgainstAModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 10).Draw(t, "rows")
		a, b := drawSet(t, n), drawSet(t, n)
		for i := 1; i < len(a); i++ {
			if a[i-1].To+1 >= a[i].From {
				t.Fatalf("%v: two spans touch", a)
			}
		}
		rows := func(s rowSet) (rs []int) {
			for _, span := range s {
				for r := span.From; r <= span.To; r++ {
					rs = append(rs, r)
				}
			}
			return rs
		}
		from := rapid.IntRange(1, n).Draw(t, "from")
		to := rapid.IntRange(from, n).Draw(t, "to")
		within := func(r int) bool { return from <= r && r <= to }
		both := slices.DeleteFunc(rows(a), func(r int) bool { return !slices.Contains(rows(b), r) })
		got := fmt.Sprint(a.count(), a.has(from), a.meets(from, to), slices.Contains(both, a.common(b)))
		want := fmt.Sprint(len(rows(a)), slices.Contains(rows(a), from), slices.ContainsFunc(rows(a), within),
			len(both) > 0)
		if got != want || len(both) == 0 && a.common(b) != 0 {
			t.Fatalf("%v, %v, %d-%d: %s, want %s", a, b, from, to, got, want)
		}
	})
}
