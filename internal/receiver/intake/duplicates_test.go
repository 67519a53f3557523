package intake_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// repeated is the findings of the duplicate rules of one case.
func (o *office) repeated(t testing.TB, acceptID string) (fs []rules.Finding) {
	t.Helper()
	for _, f := range o.found(t, acceptID) {
		if f.Rule/100 == 4 {
			fs = append(fs, f)
		}
	}
	return fs
}

func holdFindings(t testing.TB, what string, got []rules.Finding, want ...rules.Finding) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

// same is the finding that a row has the value of the row at place.
func same(rule, pos int, field, value, place string) rules.Finding {
	return rules.Finding{Pos: pos, Field: field, Rule: rule, Detail: rules.DetailSame(value, place).Text()}
}

// beside is the finding that mine and its have one pripid and two credit codes.
func beside(pos int, mine, its api.Entity, place string) rules.Finding {
	return rules.Finding{Pos: pos, Field: "pripid", Rule: rules.PripIDOtherCreditCode,
		Detail: rules.DetailOtherCreditCode(rules.FoldCode(mine.UniscID), rules.FoldCode(its.UniscID), place).Text()}
}

// Within a list the later of two rows is marked, with the place of the first.
func TestTwiceInList(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	list := entities(0, 40)
	list[9] = list[2]                                      // the same row again
	list[10].UniscID = strings.ToLower(list[3].UniscID)    // another firm's code, written otherwise
	list[12].PripID = list[4].PripID                       // another firm's pripid
	list[13].PripID, list[13].UniscID = list[5].PripID, "" // … beside something that is no credit code
	list[13].UniscID = "150102000000001"
	list[30] = list[2] // and once more
	r := o.send(t, b, caseOf("a", list...))
	o.verify(t)
	holdFindings(t, "findings", o.repeated(t, r.AcceptID),
		same(rules.TwiceByCreditCode, 9, "uniscid", list[2].UniscID, rules.PlaceInList(2)),
		same(rules.TwiceByCreditCode, 10, "uniscid", list[10].UniscID, rules.PlaceInList(3)),
		beside(12, list[12], list[4], rules.PlaceInList(4)),
		same(rules.TwiceByPripID, 13, "pripid", list[5].PripID, rules.PlaceInList(5)),
		same(rules.TwiceByCreditCode, 30, "uniscid", list[2].UniscID, rules.PlaceInList(2)))
	holdClean(t, o)
}

// Rows far apart in one list, in different windows of the verifier: the first with the last, and all over the list,
// also where other cases hold the value more often than is compared.
func TestTwiceAcrossWindows(t *testing.T) {
	if raceEnabled {
		t.Skip("takes long under the race detector")
	}
	const n = 40_000
	o := openOffice(t)
	b := o.admit(t, "甲")
	many := entities(50_000, 50_100)
	for i := range many {
		many[i].PripID = "everybody's"
		many[i].UniscID = "150102000000001"
	}
	first := o.send(t, b, caseOf("first", many...))
	list := entities(0, n)
	last := n - 10
	list[last].UniscID = list[5].UniscID
	list[last-1].PripID = list[6].PripID
	for _, pos := range []int{100, n / 2, last - 2} {
		list[pos].PripID = "everybody's"
	}
	r := o.send(t, b, caseOf("a", list...))
	for _, how := range []string{"at first", "again"} {
		o.verify(t)
		place := rules.PlaceInCase("first", first.AcceptID, 0)
		holdFindings(t, how, o.repeated(t, r.AcceptID),
			same(rules.OtherCaseByPripID, 100, "pripid", "everybody's", place),
			same(rules.OtherCaseByPripID, n/2, "pripid", "everybody's", place),
			beside(n/2, list[n/2], list[100], rules.PlaceInList(100)),
			same(rules.OtherCaseByPripID, last-2, "pripid", "everybody's", place),
			beside(last-2, list[last-2], list[100], rules.PlaceInList(100)),
			beside(last-1, list[last-1], list[6], rules.PlaceInList(6)),
			same(rules.TwiceByCreditCode, last, "uniscid", list[5].UniscID, rules.PlaceInList(5)))
		if err := o.Reverify(t.Context(), intake.Actor("cli:root")); err != nil {
			t.Fatal(err)
		}
	}
	holdClean(t, o)
}

// Across cases the later case is marked, of whichever app; a case that had been returned before does not count.
func TestInOtherCases(t *testing.T) {
	o := openOffice(t)
	one, two := o.admit(t, "甲"), o.admit(t, "乙")
	send := func(b *bureau, caseID string, list ...api.Entity) string {
		o.wait(time.Minute)
		return o.send(t, b, caseOf(caseID, list...)).AcceptID
	}
	back := func(acceptID string) {
		o.wait(time.Minute)
		if err := o.ReturnCase(t.Context(), acceptID, "重报"); err != nil {
			t.Fatal(err)
		}
	}
	x, y := entity(1), entity(2)
	byPripID, other := x, x
	byPripID.UniscID = "150102000000001"
	other.UniscID = y.UniscID
	first := send(one, "first", entity(0), x)
	second := send(two, "second", x)         // of another app
	third := send(one, "third", byPripID)    // the same pripid beside no credit code
	fourth := send(one, "fourth", other)     // the same pripid beside another credit code
	back(first)                              // after the others came in: it counts for them still
	again := send(one, "first", x)           // sent again: the returned case does not count, the second does
	back(second)                             //
	back(again)                              //
	fifth := send(two, "fifth", x)           // the case that is left has x by pripid only, and contradicts it
	clean := send(two, "clean", entity(100)) //
	for _, how := range []string{"at first", "again"} {
		o.verify(t)
		inFirst, inSecond := rules.PlaceInCase("first", first, 1), rules.PlaceInCase("second", second, 0)
		holdFindings(t, how+" first", o.repeated(t, first))
		holdFindings(t, how+
			" second", o.repeated(t, second), same(rules.OtherCaseByCreditCode, 0, "uniscid", x.UniscID, inFirst))
		holdFindings(t, how+
			" third", o.repeated(t, third), same(rules.OtherCaseByPripID, 0, "pripid", x.PripID, inFirst))
		holdFindings(t, how+" fourth", o.repeated(t, fourth), beside(0, other, x, inFirst))
		inFourth := rules.PlaceInCase("fourth", fourth, 0)
		holdFindings(t, how+
			" sent again", o.repeated(t, again), same(rules.OtherCaseByCreditCode, 0, "uniscid", x.UniscID, inSecond),
			beside(0, x, other, inFourth))
		holdFindings(
			t,
			how+" fifth",
			o.repeated(t, fifth),
			same(rules.OtherCaseByPripID, 0, "pripid", x.PripID, rules.PlaceInCase("third", third, 0)),
			beside(0, x, other, inFourth),
		)
		holdFindings(t, how+" clean", o.repeated(t, clean))
		if err := o.Reverify(t.Context(), intake.Actor("cli:root")); err != nil {
			t.Fatal(err)
		}
	}
	holdClean(t, o)
}

// A value that more cases hold than are compared: those of them that were returned do not hide the others, whichever
// were verified together.
func TestHeldByMany(t *testing.T) {
	const before = 70
	for returned, groups := range map[int][]int{40: {before + 1}, 66: {before + 1, 40}} {
		if raceEnabled && returned == 66 {
			continue
		}
		var want []string
		for _, together := range groups {
			o := openOffice(t)
			b := o.admit(t, "甲")
			var last string
			for i := range before + 1 {
				o.wait(time.Second)
				last = o.send(t, b, caseOf(fmt.Sprint(i), entity(7))).AcceptID
				if i < returned {
					if err := o.ReturnCase(t.Context(), last, "重报"); err != nil {
						t.Fatal(err)
					}
				}
				if i%together == together-1 {
					o.verify(t)
				}
			}
			for _, how := range []string{"at first", "again"} {
				o.verify(t)
				if want == nil {
					want = o.derived(t)
				}
				sameRows(t, fmt.Sprint(returned, " returned, ", together, " together, ", how), o.derived(t), want)
				if got := len(o.repeated(t, last)); got != 1 {
					t.Errorf("%d returned: %d findings for the last", returned, got)
				}
				if err := o.Reverify(t.Context(), intake.Actor("cli:root")); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// Placeholders that people type into a field for lack of a value are no repeats.
func TestPlaceholdersAreNoRepeats(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	for i, word := range []string{"无", "0", "000000000000000000", "NULL", "null", "ＮＵＬＬ", "-", "/", "暂无"} {
		e, f := entity(2*i), entity(2*i+1)
		e.PripID, f.PripID, e.UniscID, f.UniscID = word, word, word, word
		for range 2 {
			r := o.send(t, b, caseOf(fmt.Sprint("案", i, o.now()), e, f))
			o.wait(time.Second)
			o.verify(t)
			holdFindings(t, word, o.repeated(t, r.AcceptID))
		}
	}
}

// expected works out the repeats of all cases from the definition, one row against all before it: the first, and any
// that contradicts it.
func expected(cases []api.Case, acceptIDs []string, returned, received []time.Time) (want [][]rules.Finding) {
	type place struct{ c, pos int }
	codes, ids := make(map[string][]place), make(map[string][]place)
	for c := range cases {
		var fs []rules.Finding
		for pos, e := range cases[c].PenaltyList {
			told := make(map[int]bool)
			look := func(before []place, judge func(its api.Entity, own bool, where string) (rules.Finding, bool)) {
				for _, own := range []bool{true, false} {
					first := true
					for _, p := range before {
						if own != (p.c == c) || !own && !returned[p.c].IsZero() && !returned[p.c].After(received[c]) {
							continue
						}
						where := rules.PlaceInList(p.pos)
						if !own {
							where = rules.PlaceInCase(cases[p.c].CaseID, acceptIDs[p.c], p.pos)
						}
						f, ok := judge(cases[p.c].PenaltyList[p.pos], own, where)
						if ok && !told[f.Rule] && (first || f.Rule == rules.PripIDOtherCreditCode) {
							told[f.Rule] = true
							fs = append(fs, f)
						}
						first = false
					}
				}
			}
			look(codes[e.UniscID], func(_ api.Entity, own bool, where string) (rules.Finding, bool) {
				if own {
					return same(rules.TwiceByCreditCode, pos, "uniscid", e.UniscID, where), true
				}
				return same(rules.OtherCaseByCreditCode, pos, "uniscid", e.UniscID, where), true
			})
			look(ids[e.PripID], func(its api.Entity, own bool, where string) (rules.Finding, bool) {
				switch {
				case its.UniscID == e.UniscID:
					return rules.Finding{}, false
				case len(its.UniscID) == 18 && len(e.UniscID) == 18:
					return beside(pos, e, its, where), true
				case own:
					return same(rules.TwiceByPripID, pos, "pripid", e.PripID, where), true
				}
				return same(rules.OtherCaseByPripID, pos, "pripid", e.PripID, where), true
			})
			codes[e.UniscID], ids[e.PripID] = append(codes[e.UniscID], place{c, pos}), append(
				ids[e.PripID],
				place{c, pos},
			)
		}
		slices.SortFunc(fs, func(a, b rules.Finding) int { return 1000*(a.Pos-b.Pos) + a.Rule - b.Rule })
		want = append(want, fs)
	}
	return want
}

// The verifier finds the repeats of the definition, in random cases made from few codes.
func TestRepeatsByDefinition(t *testing.T) {
	for seed := range uint64(6) {
		if leftOut(int(seed)) {
			continue
		}
		o := openOffice(t)
		r := rand.New(rand.NewPCG(seed, 3))
		b := o.admit(t, "甲")
		var cases []api.Case
		var ids []string
		var returned, received []time.Time
		for i := range 40 {
			var list []api.Entity
			for range 1 + r.IntN(4) {
				e := entity(r.IntN(30))
				e.PripID = entity(r.IntN(30)).PripID
				if r.IntN(3) == 0 {
					e.UniscID = fmt.Sprint("15010200000000", r.IntN(9))
				}
				list = append(list, e)
			}
			o.wait(time.Second)
			cases, received, returned = append(cases, caseOf(
				fmt.Sprint("案", i),
				list...,
			)), append(received, o.now()), append(returned, time.Time{})
			ids = append(ids, o.send(t, b, cases[i]).AcceptID)
			if k := r.IntN(i + 1); r.IntN(3) == 0 && returned[k].IsZero() {
				o.wait(time.Duration(r.IntN(2)) * time.Second) // or at the moment of the receipt
				if err := o.ReturnCase(t.Context(), ids[k], "重报"); err != nil {
					t.Fatal(err)
				}
				returned[k] = o.now()
			}
			if r.IntN(10) == 0 {
				o.verify(t)
			}
		}
		o.verify(t)
		for i, want := range expected(cases, ids, returned, received) {
			holdFindings(t, fmt.Sprint(seed, " case ", i), o.repeated(t, ids[i]), want...)
		}
		holdClean(t, o)
	}
}
