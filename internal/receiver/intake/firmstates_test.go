package intake_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"diaoxiao/api"
	"diaoxiao/internal/pgtest"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/release"
	"diaoxiao/internal/rules"
)

// firmWorld is an office whose firms are verified, compared, checked and decided on at random.
type firmWorld struct {
	*office
	t      testing.TB
	draw   func(n int) int // a number below n
	sender *bureau
	ids    []string
	asOf   int
}

const (
	clerk    = intake.Actor("console:a")
	reviewer = intake.Actor("console:b")
)

// list is a list of firms of a small number, some of them with faults.
func (w *firmWorld) list() (list []api.Entity) {
	for range 1 + w.draw(6) {
		e := entity(w.draw(12))
		switch w.draw(6) {
		case 0:
			e.UniscID = entity(w.draw(12)).UniscID
		case 1:
			e.UniscID = e.UniscID[:17] + "?"
		case 2:
			e.Legal = "乌云其其格"
		}
		list = append(list, e)
	}
	return list
}

func (w *firmWorld) id() string { return w.ids[w.draw(len(w.ids))] }

// rows are some rows of a case.
func (w *firmWorld) rows(r intake.CaseRow) string {
	from := 1 + w.draw(r.Items)
	return fmt.Sprintf("%d-%d", from, from+w.draw(r.Items-from+1))
}

// step does one thing, which may be refused.
func (w *firmWorld) step() {
	ctx := w.t.Context()
	w.wait(time.Second) // so that a return is not of the millisecond in which another case came in
	switch w.draw(13) {
	case 0, 1:
		c := caseOf(fmt.Sprint("案", len(w.ids)), w.list()...)
		if w.draw(8) == 0 {
			c.CaseName = "无"
		}
		w.ids = append(w.ids, w.send(w.t, w.sender, c).AcceptID)
	case 2:
		firms := firmsOf(entities(0, 6+w.draw(6))...)
		if w.asOf++; w.draw(2) == 0 {
			firms[w.draw(len(firms))].State = register.Deregistered
		}
		newRegister(w.t, w.store, fmt.Sprintf("2026-%02d-01", 1+w.asOf%3), firms...)
	case 3:
		_ = w.Check(ctx, clerk, w.id(), "", nil)
	case 4:
		_ = w.Reopen(ctx, clerk, w.id(), "再看")
	case 5:
		w.checkFirms(w.caseFile(w.t, w.id()).CaseRow)
	case 6:
		w.publish(w.caseFile(w.t, w.id()).CaseRow)
	case 7:
		must(w.t, w.Reverify(ctx, intake.Actor("cli:root")))
	case 8:
		must(w.t, w.Rebuild(ctx, intake.Actor("cli:root")))
	case 9:
		if r := w.caseFile(w.t, w.id()); r.Waiting == 0 {
			_ = w.ReturnCase(ctx, r.AcceptID, "重报")
		}
	default:
		w.decide(w.caseFile(w.t, w.id()).CaseRow)
	}
	if w.draw(4) > 0 {
		w.verify(w.t)
	}
}

// decide proposes something, and has it confirmed, refused, or left waiting.
func (w *firmWorld) decide(r intake.CaseRow) {
	kinds := []release.Kind{release.Release, release.Release, release.Withhold, release.Publish, release.Recall}
	f := casework.Draft{AcceptID: r.AcceptID, Kind: kinds[w.draw(len(kinds))], Ready: w.draw(3) == 0,
		Rows: w.rows(r), Reason: "与登记机关核实"}
	if f.Kind == release.Publish {
		f.Day = "2026-03-18"
	}
	p, err := w.Propose(w.t.Context(), clerk, f)
	if err != nil {
		return
	}
	no := p.No
	switch w.draw(5) {
	case 0:
	case 1:
		_ = w.RefuseProposal(w.t.Context(), reviewer, no, "再看")
	default:
		_ = w.confirm(w.t, reviewer, no)
	}
}

// checkFirms compares some firms, or takes what was found back.
func (w *firmWorld) checkFirms(r intake.CaseRow) {
	outcome := release.Outcome(w.draw(4))
	from, states := w.draw(r.Items), w.states(r)
	must(w.t, w.store.Update(w.t.Context(), func(tx intake.Tx) error {
		for pos := from; pos < min(r.Items, from+2); pos++ {
			if err := tx.DeleteFirmChecks(r.No, pos, pos+1); err != nil {
				return err
			}
			if outcome == release.NotChecked {
				continue
			}
			if err := tx.PutFirmChecks([]intake.FirmCheck{{CaseNo: r.No, Pos: pos, Outcome: outcome, By: clerk,
				At: opening, Basis: states[pos].Basis}}); err != nil {
				return err
			}
		}
		return intake.UpdateWorklist(tx, r.No, r.No, false)
	}))
}

// publish publishes what is released.
func (w *firmWorld) publish(r intake.CaseRow) {
	must(w.t, w.store.Update(w.t.Context(), func(tx intake.Tx) error {
		spans, err := tx.FirmSpans(r.No)
		for i := range spans {
			if spans[i].Decision == release.ToRelease {
				spans[i].Published = "2026-03-19"
			}
		}
		if err != nil || !r.Returned.IsZero() {
			return err
		}
		if err := tx.PutFirmSpans(r.No, spans); err != nil {
			return err
		}
		return intake.UpdateWorklist(tx, r.No, r.No, false)
	}))
}

func (w *firmWorld) states(r intake.CaseRow) []casework.FirmState {
	at := make([]int, r.Items)
	for i := range at {
		at[i] = i
	}
	all, err := w.FirmStates(w.t.Context(), clerk, r.No, at)
	must(w.t, err)
	return all
}

// hold holds every case: each firm has the state that follows from its own rows, the counts add up and are those of the
// states, and filters select those states.
func (w *firmWorld) hold() {
	for _, id := range w.ids {
		r := w.caseFile(w.t, id).CaseRow
		states := w.states(r)
		var counts release.Counts
		for pos, s := range states {
			w.plainly(r, pos, s)
			count(&counts, s)
		}
		if r.Firms.Total() != r.Items {
			w.t.Fatalf("%s: %+v of %d", id, r.Firms, r.Items)
		}
		if r.Returned.IsZero() && r.Firms != counts {
			w.t.Fatalf("%s: counted %+v, stored %+v", id, counts, r.Firms)
		}
		must(w.t, w.store.View(w.t.Context(), func(tx intake.Tx) error {
			source, err := intake.NewFirmSource(tx, r, false, nil)
			if err != nil || !r.Counted {
				return err
			}
			want, err := source.Tally()
			if want != r.Tally {
				w.t.Fatalf("%s: one by one %+v, stored %+v", id, want, r.Tally)
			}
			return err
		}))
		w.filtered(r, states)
	}
}

// count adds a firm as plainly as can be.
func count(c *release.Counts, s casework.FirmState) {
	switch s.State {
	case release.Pending:
		c.Pending++
	case release.Ready:
		c.Ready++
	case release.Held:
		c.Held++
	case release.Released:
		c.Released++
		if s.Published != "" {
			c.Published++
		}
		if s.Alarmed {
			c.Alarmed++
		}
	case release.Withheld:
		c.Withheld++
	}
	if s.Basis != 0 {
		c.Flagged++
		if s.Covers {
			c.Checked++
		}
	}
}

// plainly holds one state against the rows of one firm, read one by one.
func (w *firmWorld) plainly(r intake.CaseRow, pos int, s casework.FirmState) {
	var severe, warning, doubt bool
	verdict, stale := register.NotCompared, false
	now, err := w.Time(w.t.Context())
	must(w.t, err)
	must(w.t, w.store.View(w.t.Context(), func(tx intake.Tx) error {
		fs, err := tx.Findings(r.No, pos, 100)
		must(w.t, err)
		marks, err := tx.MarksOf(r.No, pos, 100)
		must(w.t, err)
		for _, k := range marks {
			fs = append(fs, rules.Finding{Pos: pos, Rule: k.Rule})
		}
		for _, f := range fs {
			rule, _ := rules.ByNo(f.Rule)
			severe = severe || f.Pos == pos && rule.Severity == rules.Severe
			warning = warning || f.Pos == pos && rule.Severity == rules.Warning
		}
		if r.Snapshot == 0 {
			return nil
		}
		vs, err := tx.Verdicts(r.No, pos, 1)
		if len(vs) == 1 && vs[0].Pos == pos {
			verdict = vs[0].Verdict
		}
		snapshot, _ := tx.Snapshot(r.Snapshot)
		stale = snapshot.Stale(now, 30)
		return err
	}))
	doubt = severe || warning || verdict > register.Consistent
	if doubt != (s.Basis != 0) {
		w.t.Fatalf("%s %d: doubtful %t, %+v", r.AcceptID, pos+1, doubt, s)
	}
	lifted := !r.Work.Checked.IsZero() && !r.Doubted()
	outcome := s.Check.Outcome
	held := outcome == release.Differs || outcome == release.Unclear || !lifted && (r.Tally.CaseSevere ||
		!(outcome == release.Agrees && s.Covers) && (doubt || verdict != register.Consistent || stale))
	want := release.Ready
	switch {
	case !r.Returned.IsZero():
		want = release.Returned
	case s.Decision == release.ToRelease:
		want = release.Released
	case s.Decision == release.ToWithhold:
		want = release.Withheld
	case r.Verified.IsZero():
		want = release.Pending
	case held:
		want = release.Held
	}
	if s.State != want {
		w.t.Fatalf("%s %d: %v, want %v: %+v", r.AcceptID, pos+1, s.State, want, s)
	}
}

// filtered holds what filters select, in one page, in several, and one by one in either direction.
func (w *firmWorld) filtered(r intake.CaseRow, states []casework.FirmState) {
	if r.Verified.IsZero() {
		return
	}
	ctx, state := w.t.Context(), release.States()[w.draw(6)]
	which := casework.EntityFilter{States: []release.State{state}}
	var want, got, walked, back []int
	for pos, s := range states {
		if s.State == state {
			want = append(want, pos)
		}
	}
	for from := 0; ; {
		es, err := w.CaseEntities(ctx, clerk, r.No, from, 2, which)
		must(w.t, err)
		for _, e := range es {
			got, from = append(got, e.Pos), e.Pos+1
			if e.Firm.State != state {
				w.t.Fatalf("%s %d: listed as %v, is %v", r.AcceptID, e.Pos+1, state, e.Firm.State)
			}
		}
		if len(es) < 2 {
			break
		}
	}
	next := func(from int, backwards bool) int {
		pos, err := w.NextFirm(ctx, clerk, r.No, from, backwards, which)
		must(w.t, err)
		return pos
	}
	for pos := next(0, false); pos >= 0; pos = next(pos+1, false) {
		walked = append(walked, pos)
	}
	for pos := next(r.Items, true); pos >= 0; pos = next(pos, true) {
		back = append([]int{pos}, back...)
	}
	if !slices.Equal(got, want) || !slices.Equal(walked, want) || !slices.Equal(back, want) {
		w.t.Fatalf("%s: %v: %v, %v, %v, want %v", r.AcceptID, state, got, walked, back, want)
	}
}

// run does some steps, and holds the cases after each.
func (w *firmWorld) run(steps int) {
	w.sender = w.admit(w.t, "甲")
	w.ids = append(w.ids, w.send(w.t, w.sender, caseOf("案", w.list()...)).AcceptID)
	for range steps {
		w.step()
		w.hold()
	}
	w.verify(w.t)
	w.hold()
	holdClean(w.t, w.office)
}

// Whatever the verifier, the register and persons do, in any order: every firm has one state, the counts add up and are
// those of the states one by one, and filters find just the firms in their states.
func TestFirmStatesAgainstRows(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		o := openOffice(t)
		defer o.store.Close()
		w := &firmWorld{office: o, t: t, draw: func(n int) int { return rapid.IntRange(0, n-1).Draw(rt, "n") }}
		w.run(6)
		if t.Failed() {
			rt.Fatal("see above")
		}
	})
}

// The same on PostgreSQL.
func TestFirmStatesOnPostgres(t *testing.T) {
	for seed := range uint64(2) {
		o := &office{dir: pgtest.Shared(t).Database(t)}
		o.open(t)
		w := &firmWorld{office: o, t: t, draw: rand.New(rand.NewPCG(seed, 1)).IntN}
		w.run(40)
		o.store.Close()
	}
}
