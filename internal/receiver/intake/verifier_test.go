package intake_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"diaoxiao/api"
	"diaoxiao/internal/charset"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/verify"
	"diaoxiao/internal/rules"
	"diaoxiao/sandbox"
)

// The findings of a batch are those of its bad rows, the duplicates among them, and no others.
func TestFindingsOfBatch(t *testing.T) {
	const n = 1254
	o := openOffice(t)
	r := o.send(t, o.admit(t, "甲"), sandbox.Batch(1, n))
	o.verify(t)
	bad := sandbox.BadRows(n)
	rows := make(map[int]bool)
	for _, f := range o.found(t, r.AcceptID) {
		rows[f.Pos] = true
		if bad[f.Pos] == f.Rule {
			delete(bad, f.Pos)
		}
	}
	if len(bad) > 0 {
		t.Errorf("not found: %v", bad)
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(sandbox.BadRows(n))), slices.Sorted(maps.Keys(rows))); diff != "" {
		t.Errorf("rows with findings: %s", diff)
	}
	holdClean(t, o)
}

// The rules of a single row and of the case are applied to every row unchanged.
func TestFindingsAreThoseOfTheRules(t *testing.T) {
	o := openOffice(t)
	c := sandbox.Batch(3, 700)
	c.PenaltyDate = "2026-03-21" // tomorrow
	r := o.send(t, o.admit(t, "甲"), c)
	o.verify(t)
	var want []rules.Finding
	add := func(pos int) func(string, int, rules.Detail) {
		return func(field string, rule int, d rules.Detail) {
			want = append(want, rules.Finding{Pos: pos, Field: field, Rule: rule, Detail: d.Text()})
		}
	}
	rules.CheckCase(c.CaseID, c.PenaltyDate, "2026-03-20", add(-1))
	var numbers rules.Doubles
	for i, e := range c.PenaltyList {
		rules.CheckEntity(e, add(i))
		numbers.Add(i, e)
	}
	numbers.Findings(add(-1))
	var got []rules.Finding
	for _, f := range o.found(t, r.AcceptID) {
		if f.Rule/100 != 4 {
			got = append(got, f)
		}
	}
	slices.SortFunc(want, func(a, b rules.Finding) int { return 1000*(a.Pos-b.Pos) + a.Rule - b.Rule })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(got) == 0 || got[0].Rule != rules.PenaltyDateFuture {
		t.Errorf("%v", got)
	}
}

// Verified, a case says so, with the number of its findings; Progress counts.
func TestVerified(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	first := o.send(t, b, sandbox.Batch(1, 100))
	o.send(t, b, sandbox.Batch(2, 50))
	if n, err := o.Backlog(t.Context(), 10); n != 2 || err != nil {
		t.Errorf("backlog %d, %v", n, err)
	}
	o.wait(time.Hour)
	v := verify.New(o.Desk, nil)
	if err := v.Pass(t.Context()); err != nil {
		t.Fatal(err)
	}
	if cases, entities := v.Progress(); cases != 2 || entities != 150 {
		t.Errorf("%d cases, %d entities", cases, entities)
	}
	c, err := o.CaseFile(t.Context(), intake.System, first.AcceptID)
	if err != nil || c.State() != "已核验" || !c.Verified.Equal(o.now()) ||
		c.Findings != len(o.found(t, first.AcceptID)) || c.Findings < 9 {
		t.Errorf("%+v, %v", c, err)
	}
	if n, err := o.Backlog(t.Context(), 10); n != 0 || err != nil {
		t.Errorf("backlog %d, %v", n, err)
	}
}

// Run verifies what is there and what comes in, without being told, until it is stopped.
func TestRun(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	o.send(t, b, sandbox.Batch(1, 10))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- verify.New(o.Desk, nil).Run(ctx) }()
	for i := range 5 {
		for end := time.Now().Add(time.Minute); ; time.Sleep(2 * time.Millisecond) {
			n, err := o.Backlog(t.Context(), 10)
			if n == 0 && err == nil {
				break
			}
			if time.Now().After(end) {
				t.Fatalf("backlog %d, %v", n, err)
			}
		}
		o.send(t, b, sandbox.Batch(uint64(i+2), 10))
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// busyTown sends cases that have much in common, returns some and sends them again, and calls pause after each step.
// The same seed does the same.
func busyTown(t testing.TB, o *office, seed uint64, cases, items int, pause func()) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	bureaus := []*bureau{o.admit(t, "甲"), o.admit(t, "乙")}
	var sent []string
	for i := range cases {
		var list []api.Entity
		for range 1 + r.IntN(items) {
			e := entity(r.IntN(5 * items))
			switch r.IntN(8) {
			case 0:
				e.PripID = entity(r.IntN(5 * items)).PripID // beside another credit code
			case 1:
				e.UniscID = fmt.Sprintf("15010200000%04d", r.IntN(items)) // a number of 15 digits
			case 2:
				e.PripID, e.UniscID = "0", "无"
			case 3:
				e.UniscID = e.UniscID[:17] + "？" // wrong, and of another length
			case 4:
				e.PripID = "统一" // everybody's
			}
			list = append(list, e)
		}
		o.wait(time.Second)
		b := bureaus[r.IntN(2)]
		caseID := fmt.Sprint("案", r.IntN(i+2))
		if i%4 == 3 {
			caseID += "\u00a0" // as another, but for what nobody sees
		}
		c := caseOf(caseID, list...)
		in := o.submission(t, encode(t, c), charset.UTF8)
		answer, err := o.Submit(t.Context(), b.who, in)
		if err == nil {
			sent = append(sent, answer.AcceptID)
		}
		pause()
		if len(sent) > 0 && r.IntN(3) == 0 {
			o.wait(time.Second)
			o.ReturnCase(t.Context(), sent[r.IntN(len(sent))], "重报")
			pause()
		}
	}
}

// The derived data does not depend on when the cases are verified: after each case, all at the end, again and again, or
// in between.
func TestWhenDoesNotMatter(t *testing.T) {
	for seed := range uint64(3) {
		if leftOut(int(seed)) {
			continue
		}
		cases, items := 24, 20
		if seed == 2 {
			items = 100 // so that some values are held by more entities than are compared
		}
		after := openOffice(t)
		busyTown(t, after, seed, cases, items, func() { after.verify(t) })
		want := after.derived(t)
		holdClean(t, after)

		end := openOffice(t)
		busyTown(t, end, seed, cases, items, func() {})
		end.verify(t)
		sameRows(t, fmt.Sprint(seed, ": all at the end"), end.derived(t), want)
		holdClean(t, end)

		for range 2 {
			if err := end.Reverify(t.Context(), intake.Actor("cli:root")); err != nil {
				t.Fatal(err)
			}
			end.verify(t)
			sameRows(t, fmt.Sprint(seed, ": again"), end.derived(t), want)
		}
		if err := end.Rebuild(t.Context(), intake.Actor("cli:root")); err != nil {
			t.Fatal(err)
		}
		end.verify(t)
		sameRows(t, fmt.Sprint(seed, ": rebuilt"), end.derived(t), want)

		chance, r := openOffice(t), rand.New(rand.NewPCG(seed, 2))
		busyTown(t, chance, seed, cases, items, func() {
			if r.IntN(5) == 0 {
				chance.verify(t)
			}
		})
		chance.verify(t)
		sameRows(t, fmt.Sprint(seed, ": now and then"), chance.derived(t), want)
	}
}

// fuse is a context that ends when it has been looked at so often: a place in the work that does not move with the
// speed of the machine, as a time would.
type fuse struct {
	context.Context
	cancel context.CancelFunc
	looks  atomic.Int64
	limit  int64
	after  time.Duration // so that it may end between two looks too, in the middle of a statement
}

func newFuse(t *testing.T, limit int64, after time.Duration) *fuse {
	f := &fuse{limit: limit, after: after}
	f.Context, f.cancel = context.WithCancel(t.Context())
	t.Cleanup(f.cancel)
	return f
}

func (f *fuse) burn() {
	switch {
	case f.looks.Add(1) != f.limit:
	case f.after > 0:
		time.AfterFunc(f.after, f.cancel)
	default:
		f.cancel()
	}
}

func (f *fuse) Done() <-chan struct{} { f.burn(); return f.Context.Done() }
func (f *fuse) Err() error            { f.burn(); return f.Context.Err() }

// stopAnywhere begins a pass that ends before it has done about so much, and reports whether it was stopped.
func (o *office) stopAnywhere(t *testing.T, r *rand.Rand, whole int64) bool {
	f := newFuse(t, 1+r.Int64N(whole), time.Millisecond-time.Duration(r.Int64N(2e6)))
	defer f.cancel()
	return verify.New(o.Desk, nil).Pass(f) != nil
}

// wholePass is how often an undisturbed pass looks at its context.
func (o *office) wholePass(t *testing.T) int64 {
	t.Helper()
	f := newFuse(t, math.MaxInt64, 0)
	if err := verify.New(o.Desk, nil).Pass(f); err != nil {
		t.Fatal(err)
	}
	return f.looks.Load()
}

// A verifier that is stopped anywhere, again and again, leaves in the end the same data as an undisturbed one.
func TestStoppedAnywhere(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 9))
	o := openOffice(t)
	busyTown(t, o, 7, 24, 30, func() {})
	o.verify(t)
	want := o.derived(t)
	holdClean(t, o)
	redo := func(how func(context.Context, intake.By) error) {
		if err := how(t.Context(), intake.Actor("cli:root")); err != nil {
			t.Fatal(err)
		}
	}
	redo(o.Rebuild)
	whole := o.wholePass(t)
	stops := 0
	rounds := 15
	if raceEnabled {
		rounds = 2
	}
	for range rounds {
		for _, how := range []func(context.Context, intake.By) error{o.Rebuild, o.Reverify} {
			redo(how)
			for range 2 {
				if o.stopAnywhere(t, r, whole) {
					stops++
				}
			}
			o.verify(t)
			sameRows(t, "stopped", o.derived(t), want)
		}
	}
	if stops < rounds {
		t.Errorf("stopped %d times only: the test shows nothing", stops)
	}
}

// The same within one case that takes several windows, with repeats across them.
func TestStoppedWithinLargeCase(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 9))
	o := openOffice(t)
	if raceEnabled {
		t.Skip("takes long under the race detector")
	}
	const n = 40_000
	c := sandbox.Batch(5, n)
	c.PenaltyList[n-10], c.PenaltyList[n/2] = c.PenaltyList[5], c.PenaltyList[6]
	b := o.admit(t, "甲")
	o.send(t, b, sandbox.Batch(4, 300))
	o.send(t, b, c)
	whole := o.wholePass(t)
	want := o.derived(t)
	if err := o.Rebuild(t.Context(), intake.Actor("cli:root")); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		o.stopAnywhere(t, r, whole)
	}
	o.verify(t)
	sameRows(t, "stopped", o.derived(t), want)
}

// The verifier's memory is bounded by its window, whatever the length of the list.
func TestVerifierMemory(t *testing.T) {
	if testing.Short() || raceEnabled {
		t.Skip("takes a while, and the race detector changes what is measured")
	}
	const n = 120_000
	o := openOffice(t)
	o.send(t, o.admit(t, "甲"), caseOf("a", entities(0, n)...))
	v := verify.New(o.Desk, nil)
	done := make(chan error)
	live := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	live() // empties the pools
	before, most := live(), uint64(0)
	go func() { done <- v.Pass(t.Context()) }()
	for running := true; running; {
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			running = false
		case <-time.After(20 * time.Millisecond):
			most = max(most, live())
		}
	}
	if grown := int64(most) - int64(before); grown > 24<<20 {
		t.Errorf("%d MiB more for a case of %d entities", grown>>20, n)
	} else {
		t.Logf("%.1f MiB more for a case of %d entities", float64(grown)/(1<<20), n)
	}
}
