package verify

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"diaoxiao/internal/receiver/intake"
)

// part is the part of one case that is compared again in one window.
type part struct {
	c        intake.Case
	from, to int
}

// last reports whether the case ends with the part.
func (p part) last() bool { return p.to == p.c.Items }

// change is an entity whose verdict or findings changed.
type change struct {
	intake.EntityRow
	was, is judgement
	worse   bool
}

// inOneWindow is how many of the cases, one at least, have no more rows than a window. The rest of a claim waits, for
// cases that have just come in go first.
func inOneWindow(cs []intake.Case) (n int) {
	for rows := 0; n < len(cs); n++ {
		if rows += cs[n].Items; rows > windowRows && n > 0 {
			break
		}
	}
	return n
}

// compareAgain compares cases of the claim with the snapshot of the round.
func (v *Verifier) compareAgain(ctx context.Context, cases []intake.Case) error {
	touched := make(map[int64]bool)
	for parts := range windowsOf(cases) {
		changes, err := v.changes(ctx, parts, touched)
		if err != nil {
			return fmt.Errorf("compare with the register again: %w", err)
		}
		v.again.count(changes)
		if err := inPieces(ctx, v.claim, changes, v.change); err != nil {
			return fmt.Errorf("put changed verdicts: %w", err)
		}
		if err := v.endCompared(ctx, parts, touched); err != nil {
			return fmt.Errorf("end comparisons: %w", err)
		}
	}
	return nil
}

// windowsOf yields the parts of the cases, some ten thousand rows at a time.
func windowsOf(cs []intake.Case) iter.Seq[[]part] {
	return func(yield func([]part) bool) {
		var parts []part
		room := windowRows
		for _, c := range cs {
			for from := 0; ; {
				p := part{c, from, min(c.Items, from+room)}
				parts, room = append(parts, p), room-(p.to-p.from)
				if from = p.to; p.last() {
					break
				}
				if !yield(parts) {
					return
				}
				parts, room = nil, windowRows
			}
		}
		if len(parts) > 0 {
			yield(parts)
		}
	}
}

// changes compares the parts in one snapshot of the store. touched gets the cases that have changes, those that an
// interrupted comparison stored included: their worklist is not up to date.
func (v *Verifier) changes(ctx context.Context, parts []part, touched map[int64]bool) (cs []change, err error) {
	err = v.claim.View(ctx, func(tx intake.Tx) error {
		rows, err := rowsOf(tx, parts)
		if err != nil {
			return err
		}
		j, err := judgesOf(tx, v.again.with, rows)
		if err != nil {
			return err
		}
		for _, p := range parts {
			n := 0
			for n < len(rows) && rows[n].CaseNo == p.c.No {
				n++
			}
			found, err := changesOf(tx, j, p, rows[:n])
			if err != nil {
				return err
			}
			touched[p.c.No] = touched[p.c.No] || found.touched
			cs, rows = append(cs, found.changes...), rows[n:]
		}
		return nil
	})
	return cs, err
}

func rowsOf(tx intake.Tx, parts []part) (rows []intake.EntityRow, err error) {
	for _, p := range parts {
		some, err := tx.Entities(p.c.No, p.from, p.to-p.from)
		if err != nil {
			return nil, err
		}
		rows = append(rows, slices.DeleteFunc(some, func(r intake.EntityRow) bool { return r.Pos >= p.to })...)
	}
	return rows, nil
}

// partChanges are the changes of a part.
type partChanges struct {
	changes []change
	touched bool
}

func changesOf(tx intake.Tx, j judges, p part, rows []intake.EntityRow) (found partChanges, err error) {
	stored, err := storedJudgements(tx, p.c.No, p.from, p.to)
	if err != nil {
		return found, err
	}
	verified, err := tx.Verification(p.c.No)
	if err != nil {
		return found, err
	}
	for _, r := range rows {
		was, is := stored[r.Pos], j.judge(r, p.c.PenaltyDate)
		found.touched = found.touched || was.Snapshot > verified.Snapshot
		if !was.stored || !is.same(was) {
			found.changes = append(found.changes, change{r, was, is, is.worse(was)})
		}
	}
	found.touched = found.touched || len(found.changes) > 0
	return found, nil
}

// change stores changes together with what they mean for the verifications of their cases, so that a stop in between
// leaves nothing half done.
func (v *Verifier) change(tx intake.Tx, cs []change) error {
	var verdicts []intake.VerdictRow
	var findings []intake.FindingRow
	for _, c := range cs {
		verdicts = append(verdicts, intake.VerdictRow{CaseNo: c.CaseNo, Pos: c.Pos, Result: c.is.Result})
		for _, f := range c.is.findings {
			findings = append(findings, intake.FindingRow{CaseNo: c.CaseNo, Finding: f})
		}
	}
	if err := clearRows(cs, tx.DeleteVerdicts, func(c change) bool { return c.was.stored }); err != nil {
		return err
	}
	err := clearRows(cs, tx.DeleteRegisterFindings, func(c change) bool { return len(c.was.findings) > 0 })
	if err != nil {
		return err
	}
	if err := tx.PutVerdicts(verdicts); err != nil {
		return err
	}
	if err := tx.PutFindings(findings); err != nil {
		return err
	}
	for len(cs) > 0 {
		n := 1
		for n < len(cs) && cs[n].CaseNo == cs[0].CaseNo {
			n++
		}
		if err := v.recount(tx, cs[:n]); err != nil {
			return err
		}
		cs = cs[n:]
	}
	return nil
}

// clearRows deletes what some of the rows had, one run of rows at a time. Rows that are not there any more are put more
// quickly than others are replaced.
func clearRows(cs []change, del func(caseNo int64, from, to int) error, had func(change) bool) error {
	for i := 0; i < len(cs); {
		from := i
		for i < len(cs) && had(cs[i]) && cs[i].CaseNo == cs[from].CaseNo && cs[i].Pos == cs[from].Pos+i-from {
			i++
		}
		if i == from {
			i++ // it had nothing
			continue
		}
		if err := del(cs[from].CaseNo, cs[from].Pos, cs[i-1].Pos+1); err != nil {
			return err
		}
	}
	return nil
}

// recount changes the verification of one case by the changes of some of its entities.
func (v *Verifier) recount(tx intake.Tx, cs []change) error {
	var had, has tally
	worse := false
	for _, c := range cs {
		for _, f := range c.was.findings {
			had.add(f.Rule)
		}
		for _, f := range c.is.findings {
			has.add(f.Rule)
		}
		worse = worse || c.worse
	}
	if had.Verification == has.Verification && !worse {
		return nil
	}
	stored, err := tx.Verification(cs[0].CaseNo)
	if err != nil {
		return err
	}
	stored.Severe += has.Severe - had.Severe
	stored.Warnings += has.Warnings - had.Warnings
	stored.Notices += has.Notices - had.Notices
	if worse {
		stored.Worse = later(v.desk.Now(tx), stored.Worse)
	}
	return tx.PutVerification(stored)
}

// endCompared records the cases that end in these parts, and brings their worklist up to date.
func (v *Verifier) endCompared(ctx context.Context, parts []part, touched map[int64]bool) error {
	var nos []int64
	for _, p := range parts {
		if v.again.rows += int64(p.to - p.from); p.last() {
			nos = append(nos, p.c.No)
		}
	}
	return inPieces(ctx, v.claim, nos, func(tx intake.Tx, nos []int64) error {
		if err := tx.PutCompared(v.again.with, nos); err != nil {
			return err
		}
		listed := slices.DeleteFunc(slices.Clone(nos), func(no int64) bool { return !touched[no] })
		for len(listed) > 0 {
			n := 1
			for n < len(listed) && listed[n] == listed[0]+int64(n) {
				n++
			}
			if err := intake.UpdateWorklist(tx, listed[0], listed[n-1], false); err != nil {
				return err
			}
			listed = listed[n:]
		}
		return nil
	})
}
