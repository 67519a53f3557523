package intake_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/verify"
	"diaoxiao/internal/rules"
)

// like is the finding that a caseid is written as another in all but form.
func like(mine, its, acceptID string) rules.Finding {
	return rules.Finding{
		Pos:    -1,
		Field:  "caseid",
		Rule:   rules.LikeCaseID,
		Detail: rules.DetailLikeCaseID(mine, its, acceptID).Text(),
	}
}

// Of two cases of one app whose caseids differ in how they are written alone, the later one is marked.
func TestLikeCaseIDs(t *testing.T) {
	const plain = "呼市监处罚〔2026〕3号"
	for i, variant := range []string{
		plain + " ",
		" " + plain,
		plain + "\u00a0",
		plain + "\u3000",
		"\u200b" + plain,
		"呼市监处罚〔2026〕\r\n3号",
		plain + "\n",
		"呼市监处罚[2026]3号",
		"呼市监处罚（2026）3号",
		"呼市监处罚(2026)3号",
		"呼市监处罚【2026】3号",
		"呼市监处罚〔２０２６〕３号",
		"呼市监处罚﹝2026﹞3号",
		"\ufeff" + plain,
	} {
		if leftOut(i) {
			continue
		}
		o := openOffice(t)
		one, two := o.admit(t, "甲"), o.admit(t, "乙")
		first := o.send(t, one, caseOf(plain, entity(3*i)))
		if i%2 == 0 {
			o.verify(t) // in one window with the later case, or before it
		}
		second := o.send(t, one, caseOf(variant, entity(3*i+1)))
		other := o.send(t, two, caseOf(variant, entity(3*i+2)))
		o.verify(t)
		holdFindings(
			t,
			fmt.Sprintf("%q", variant),
			o.repeated(t, second.AcceptID),
			like(variant, plain, first.AcceptID),
		)
		holdFindings(t, "the first", o.repeated(t, first.AcceptID))
		holdFindings(t, "of another app", o.repeated(t, other.AcceptID))
		holdClean(t, o)
	}
}

// Different decisions are not marked, nor is a case that is sent again after it was returned.
func TestUnlikeCaseIDs(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	for i, caseID := range []string{
		"呼市监处罚〔2026〕3号", "呼市监处罚〔2026〕30号", "呼市监处罚〔2025〕3号", "呼市监罚〔2026〕3号", "呼市监处罚〔2026〕3-1号", "呼市监处罚〔2026〕31号",
		"1-12", "11-2", "112", "无", "0", "-",
	} {
		r := o.send(t, b, caseOf(caseID, entity(i)))
		o.verify(t)
		holdFindings(t, caseID, o.repeated(t, r.AcceptID))
	}
	holdClean(t, o)
}

// A case that was returned before the later one came in does not count, one that was returned afterwards does, and of
// several the first that counts is named.
func TestLikeCaseIDsOfReturnedCases(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	n := 0
	send := func(caseID string) string {
		o.wait(time.Minute)
		n++
		return o.send(t, b, caseOf(caseID, entity(n))).AcceptID
	}
	back := func(acceptID string) {
		o.wait(time.Minute)
		if err := o.ReturnCase(t.Context(), acceptID, "重报"); err != nil {
			t.Fatal(err)
		}
	}
	first := send("案1")
	back(first)
	mended := send("案１")  // instead of the first, which was returned
	again := send("案1")   // the first, sent again: beside the mended one
	third := send("案 1")  // the mended one is the first that counts
	back(mended)          // after the third came in
	fourth := send("案1 ") // beside the one that was sent again
	back(again)
	fifth := send("案\u200b1") // beside the third
	for _, how := range []string{"at first", "again"} {
		o.verify(t)
		holdFindings(t, how+" first", o.repeated(t, first))
		holdFindings(t, how+" mended", o.repeated(t, mended))
		holdFindings(t, how+" sent again", o.repeated(t, again), like("案1", "案１", mended))
		holdFindings(t, how+" third", o.repeated(t, third), like("案 1", "案１", mended))
		holdFindings(t, how+" fourth", o.repeated(t, fourth), like("案1 ", "案1", again))
		holdFindings(t, how+" fifth", o.repeated(t, fifth), like("案\u200b1", "案 1", third))
		if err := o.Reverify(t.Context(), intake.Actor("cli:root")); err != nil {
			t.Fatal(err)
		}
	}
	holdClean(t, o)
}

// However often a case was returned and sent again, and however long its caseid becomes when it is folded, it is
// compared.
func TestLikeCaseIDsOfMany(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	many := 150
	if raceEnabled {
		many = 70 // still more than are looked at
	}
	for i := range many {
		o.wait(time.Second)
		id := o.send(t, b, caseOf("案1", entity(i))).AcceptID
		if i < many-1 {
			if err := o.ReturnCase(t.Context(), id, "重报"); err != nil {
				t.Fatal(err)
			}
			o.wait(time.Second)
		}
	}
	last, err := o.CaseFile(
		t.Context(),
		intake.System,
		o.query(t, "SELECT acceptid FROM cases ORDER BY case_no DESC LIMIT 1")[0],
	)
	if err != nil {
		t.Fatal(err)
	}
	r := o.send(t, b, caseOf("案1 ", entity(1000)))
	o.verify(t)
	holdFindings(t, "the last", o.repeated(t, r.AcceptID), like("案1 ", "案1", last.AcceptID))
	holdClean(t, o)
}

func TestLikeCaseIDsOfAnyLength(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	var long string
	for i := range 198 {
		long += string(rune(0xfdf0 + i%12))
	}
	first := o.send(t, b, caseOf(long, entity(1)))
	second := o.send(t, b, caseOf(long+"　", entity(2)))
	c := openCluster(t, o, 1, nil)
	c.verify(t)
	o.verify(t)
	holdFindings(t, "the long one", o.repeated(t, second.AcceptID), like(long+"　", long, first.AcceptID))
	sameRows(t, "on PostgreSQL", plain(c.derived(t)), plain(o.derived(t)))
}

// twins is an office that has received cases whose caseids are written in many ways and that have nothing else in
// common.
func twins(t testing.TB) *office {
	t.Helper()
	o := openOffice(t)
	b := o.admit(t, "甲")
	for i := range 60 {
		o.wait(time.Second)
		caseID := []string{"案%d", "案 %d", "案%d\u200b", "案%d号", "案%d "}[i%5]
		o.send(t, b, caseOf(fmt.Sprintf(caseID, i/5), entities(20*i, 20*i+1+i%20)...))
	}
	return o
}

// Verifiers at three nodes find the same like caseids as one on SQLite; where nobody waits for earlier cases, that
// shows.
func TestNodesFindLikeCaseIDs(t *testing.T) {
	o := twins(t)
	c := openCluster(t, o, 3, dawdling(1, false))
	c.verify(t)
	o.verify(t)
	want := plain(o.derived(t))
	sameRows(t, "three nodes", plain(c.derived(t)), want)
	n, err := verify.NewExaminer(c.desks[1]).
		Inspect(t.Context(), intake.System, func(f verify.Fault) { t.Errorf("case %d: %s", f.CaseNo, f.What) }, nil)
	if err != nil || n.Faults != 0 {
		t.Errorf("%d faults, %v", n.Faults, err)
	}
	for round := range uint64(5) {
		hasty := openCluster(t, o, 3, dawdling(round, true))
		hasty.verify(t)
		if !slices.Equal(plain(hasty.derived(t)), want) {
			return
		}
	}
	t.Error("nothing was missed in five rounds: the test would not notice that Await does nothing")
}

// Cases that an older program verified have no search keys. That is no fault, and verifying them again makes the keys
// and the findings.
func TestCasesVerifiedBeforeTheyHadKeys(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	first := o.send(t, b, caseOf("案1", entity(1)))
	second := o.send(t, b, caseOf("案1 ", entity(2)))
	o.verify(t)
	want := o.derived(t)
	o.tamper(t, "DELETE FROM entity_key WHERE kind >= 4", "DELETE FROM finding WHERE rule = 406",
		"UPDATE verification SET rules = 3, warnings = 0", "DELETE FROM docket WHERE kind = 1")
	holdClean(t, o)
	if err := o.Reverify(t.Context(), intake.Actor("cli:root")); err != nil {
		t.Fatal(err)
	}
	o.verify(t)
	holdFindings(t, "the second", o.repeated(t, second.AcceptID), like("案1 ", "案1", first.AcceptID))
	sameRows(t, "verified again", o.derived(t), want)
	holdClean(t, o)
}

// A search finds the caseids that are like another.
func TestSearchOfLikeCaseIDs(t *testing.T) {
	o := openOffice(t)
	one, two := o.admit(t, "甲"), o.admit(t, "乙")
	for i, b := range []*bureau{one, one, two, one} {
		o.send(t, b, caseOf([]string{"案〔2026〕1号", "案（2026）1号", "案[2026]1号", "案〔2026〕11号"}[i], entity(i)))
	}
	o.verify(t)
	by := intake.Actor("cli:root")
	for _, tt := range []struct {
		app    int64
		caseID string
		want   []string
	}{
		{0, "案【2026】1号", []string{"案〔2026〕1号", "案（2026）1号", "案[2026]1号"}},
		{0, "案〔2026〕1号", []string{"案（2026）1号", "案[2026]1号"}},
		{two.who.AppID, "案〔2026〕1号", []string{"案[2026]1号"}},
		{0, "案〔2026〕111号", nil}, {0, "", nil},
	} {
		if got, err := o.LikeCaseIDs(context.Background(), by, tt.app, tt.caseID); err != nil ||
			!slices.Equal(got, tt.want) {
			t.Errorf("%q of app %d: %q, %v", tt.caseID, tt.app, got, err)
		}
	}
}

// A list whose codes were numbers is found as a whole, however many windows it takes.
func TestNumbersAcrossWindows(t *testing.T) {
	const n = 20_000
	o := openOffice(t)
	b := o.admit(t, "甲")
	list := entities(0, n)
	for i := range list {
		list[i].PripID = fmt.Sprintf("1501040000220%011d", 256*i+1_000_000*i)
	}
	short := entities(n, n+3)
	want := func(c api.Case) (fs []rules.Finding) {
		var numbers rules.Doubles
		for i, e := range c.PenaltyList {
			numbers.Add(i, e)
		}
		numbers.Findings(func(field string, rule int, d rules.Detail) {
			fs = append(fs, rules.Finding{Pos: -1, Field: field, Rule: rule, Detail: d.Text()})
		})
		return fs
	}
	long, clean := caseOf("long", list...), caseOf("short", short...)
	long.PenaltyDate = "2026-03-21"
	r, r2 := o.send(t, b, long), o.send(t, b, clean)
	for range 2 {
		o.verify(t)
		var got []rules.Finding
		for _, f := range o.found(t, r.AcceptID) {
			if f.Pos < 0 && f.Rule == rules.CodesWereNumbers {
				got = append(got, f)
			}
		}
		holdFindings(t, "the long list", got, want(long)...)
		if len(got) == 0 {
			t.Error("the list is not of numbers: the test shows nothing")
		}
		if fs := o.found(t, r2.AcceptID); slices.ContainsFunc(fs, func(f rules.Finding) bool { return f.Pos < 0 }) {
			t.Errorf("%v", fs)
		}
		holdClean(t, o)
		if err := o.Reverify(t.Context(), intake.Actor("cli:root")); err != nil {
			t.Fatal(err)
		}
	}
}

// The findings of a case stay where the windows are full as the case begins.
func TestCaseThatBeginsAWindow(t *testing.T) {
	for _, items := range []int{16<<10 - 1, 16 << 10, 16<<10 + 1} {
		o := openOffice(t)
		b := o.admit(t, "甲")
		o.send(t, b, caseOf("long", entities(0, items)...))
		odd := caseOf("odd", entities(items, items+3)...)
		odd.PenaltyDate = "2026-03-21"
		r := o.send(t, b, odd)
		o.verify(t)
		if fs := o.found(t, r.AcceptID); len(fs) == 0 || fs[0].Rule != rules.PenaltyDateFuture {
			t.Errorf("after %d entities: %v", items, fs)
		}
		holdClean(t, o)
	}
}
