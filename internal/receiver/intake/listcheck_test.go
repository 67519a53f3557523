package intake_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/rules"
)

// The list check that warns a sender of repeats in a list finds what the verifier finds where there is no other case,
// in lists full of values that are shared, spelt differently or replaced by placeholders.
func TestListCheckIsTheVerifiers(t *testing.T) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 1))
		list := crowdedList(r, 60)
		o := openOffice(t)
		b := o.admit(t, "甲")
		answer := o.send(t, b, caseOf("a", list...))
		o.verify(t)
		want := o.repeated(t, answer.AcceptID)
		var l rules.ListCheck
		var got []rules.Finding
		for i, e := range list {
			l.Add(i, e, func(field string, rule int, d rules.Detail) {
				got = append(got, rules.Finding{Pos: i, Field: field, Rule: rule, Detail: d.Text()})
			})
		}
		if slices.Equal(got, want) {
			continue
		}
		t.Fatalf("seed %d:\n got %+v\nwant %+v", seed, got, want)
	}
}

// crowdedList has few values for many rows.
func crowdedList(r *rand.Rand, n int) (list []api.Entity) {
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	for range n {
		e := entity(r.IntN(30))
		if r.IntN(3) == 0 {
			e.PripID = entity(r.IntN(10)).PripID
		}
		switch r.IntN(6) {
		case 0:
			e.UniscID = strings.ToLower(e.UniscID)
		case 1:
			e.UniscID = pick("无", "0000", "150102000000001", fmt.Sprint("15010200000000", r.IntN(3)))
		case 2:
			e.PripID = pick("NULL", "----", "abc", "ABC", "ＡＢＣ")
		}
		list = append(list, e)
	}
	return list
}
