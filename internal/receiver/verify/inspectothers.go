package verify

import (
	"fmt"
	"slices"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// others computes the findings that depend on other cases again, with the code of the verifier, a window of rows at a
// time.
type others struct {
	Verifier
	settled bool // every case so far is verified by these rules in this epoch: its keys are final
	epoch   int64
}

// takes reports whether the findings of c that depend on other cases can be compared. They cannot from the first case
// on that waits for verification, or for another verification by the current rules.
func (o *others) takes(c intake.Case, v intake.Verification) bool {
	o.settled = o.settled && !c.Verified.IsZero() && v.Rules == rules.Version && v.Epoch == o.epoch
	return o.settled
}

// begin begins the rows of a case.
func (o *others) begin(c intake.Case) {
	o.window.spans = append(o.window.spans, span{c: c})
}

// otherRow adds the next row of the case to the window.
func (in *inspector) otherRow(r intake.EntityRow) error {
	w := &in.others.window
	s := &w.spans[len(w.spans)-1]
	w.rows = append(w.rows, r)
	s.to = r.Pos + 1
	if len(w.rows) < windowRows {
		return nil
	}
	c := s.c
	if err := in.flushOthers(); err != nil {
		return err
	}
	w.spans = append(w.spans, span{c: c, from: r.Pos + 1, to: r.Pos + 1})
	return nil
}

// tolerant ignores that a case is missing, which is reported elsewhere.
type tolerant struct{ intake.Tx }

func (t tolerant) Case(no int64) (intake.Case, error) {
	c, err := t.Tx.Case(no)
	if err == intake.ErrNotFound {
		return intake.Case{No: no}, nil
	}
	return c, err
}

// flushOthers compares the window's cases and empties it.
func (in *inspector) flushOthers() error {
	o := &in.others
	w := &o.window
	for groups := range slices.Chunk(groupKeys(w.keys()), batch) {
		if err := o.compareGroups(tolerant{in.tx}, groups); err != nil {
			return err
		}
	}
	for cs := w.begun(); len(cs) > 0; {
		n := min(batch, len(cs))
		if err := o.compareCaseIDs(tolerant{in.tx}, cs[:n]); err != nil {
			return err
		}
		cs = cs[n:]
	}
	want := make(map[intake.FindingRow]bool, len(w.findings))
	for _, f := range w.findings {
		want[f] = true
	}
	for _, s := range w.spans {
		if err := in.otherFindings(s, want); err != nil {
			return err
		}
	}
	for f := range want {
		in.found(faultOf(FaultDerived, intake.Case{No: f.CaseNo}, "缺少核验提示：第%d条 规则%d", f.Pos+1, f.Rule).
			of(fmt.Sprintf("finding %d/%d/%d", f.CaseNo, f.Pos, f.Rule), intake.Clip(f.Detail, 60), ""))
	}
	o.window = window{rows: w.rows[:0], spans: w.spans[:0], findings: w.findings[:0], others: w.others[:0]}
	return nil
}

// otherFindings compares the stored findings of a span with want, and removes them from want.
func (in *inspector) otherFindings(s span, want map[intake.FindingRow]bool) error {
	from := s.from
	if from == 0 {
		from = intake.CasePos
	}
	for f, err := range eachFinding(in.tx, s.c.No, from) {
		if err != nil {
			return err
		}
		if !intake.DependsOnOthers(f.Rule) {
			continue
		}
		if f.Pos >= s.to {
			return nil
		}
		row := intake.FindingRow{CaseNo: s.c.No, Finding: f}
		if !want[row] {
			in.found(faultOf(FaultDerived, s.c, "核验提示与其他案件不符：第%d条 规则%d", f.Pos+1, f.Rule).
				of(fmt.Sprintf("finding %d/%d/%d", s.c.No, f.Pos, f.Rule), "", intake.Clip(f.Detail, 60)))
		}
		delete(want, row)
	}
	return nil
}
