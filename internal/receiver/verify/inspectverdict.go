package verify

import (
	"fmt"
	"strings"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
)

// shownFaults is how many rows of one case are named at most.
const shownFaults = 10

// verdictWalk goes through the verdicts of one case in step with its body.
type verdictWalk struct {
	in     *inspector
	c      intake.Case
	add    func(pos int) addFinding
	able   bool // the rows of the snapshot are there: the verdicts are made again
	counts bool // each row must have a verdict
	rows   []intake.EntityRow
	wrong  int
}

// addFinding takes a finding that should be stored.
type addFinding = func(field string, rule int, detail string)

// readRegister reads with what the cases should be compared.
func (in *inspector) readRegister() (err error) {
	s, err := in.tx.CurrentSnapshot()
	if intake.IgnoreMissing(err) != nil {
		return err
	}
	in.snapshot = s.ID
	in.present = make(map[int64]bool)
	return nil
}

// uncompared reports whether the current case waits for a comparison with the register: its verdicts, and the worklist,
// may be on their way.
func (in *inspector) uncompared() bool { return !in.v.At.IsZero() && in.v.Snapshot < in.snapshot }

// verdicts begins to compare the verdicts of a case. Those that an older program made, or that are on their way, are
// not compared.
func (in *inspector) verdicts(c intake.Case) (w *verdictWalk, err error) {
	w = &verdictWalk{in: in, c: c}
	if c.Verified.IsZero() || in.outdated(c) {
		return w, nil
	}
	if in.uncompared() {
		in.Unjudged++
		return w, nil
	}
	if in.v.Snapshot == 0 {
		return w, w.none()
	}
	w.counts = true
	if w.able, err = in.has(in.v.Snapshot); err != nil {
		return w, err
	}
	if !w.able {
		in.Unjudged++
	}
	return w, nil
}

// has reports whether the rows of a snapshot are there. A snapshot that was never imported is a fault.
func (in *inspector) has(snapshot int64) (bool, error) {
	if has, known := in.present[snapshot]; known {
		return has, nil
	}
	if _, err := in.tx.Snapshot(snapshot); err == intake.ErrNotFound {
		in.fault(FaultDerived, intake.Case{}, "案件与主体库快照%d比对过，而没有这一快照的记录", snapshot)
		in.present[snapshot] = false
		return false, nil
	} else if err != nil {
		return false, err
	}
	has, err := in.tx.HasRegister(snapshot)
	in.present[snapshot] = has
	return has, err
}

// none reports verdicts of a case that was never compared.
func (w *verdictWalk) none() error {
	rows, err := w.in.tx.Verdicts(w.c.No, 0, 1)
	if err == nil && len(rows) > 0 {
		w.in.fault(FaultDerived, w.c, "清单第%d条有比对结论，而案件没有与主体库比对过", rows[0].Pos+1)
	}
	return err
}

// row takes the next row of the list.
func (w *verdictWalk) row(r intake.EntityRow) error {
	if !w.counts {
		return nil
	}
	if w.rows = append(w.rows, r); len(w.rows) < windowRows {
		return nil
	}
	return w.flush()
}

// flush compares the rows that wait.
func (w *verdictWalk) flush() error {
	rows := w.rows
	if len(rows) == 0 {
		return nil
	}
	from, to := rows[0].Pos, rows[len(rows)-1].Pos+1
	stored, err := w.in.tx.Verdicts(w.c.No, from, to-from)
	if err != nil {
		return err
	}
	var j judges
	if w.able {
		if j, err = judgesOf(w.in.tx, w.in.v.Snapshot, rows); err != nil {
			return err
		}
	}
	for _, r := range rows {
		var have *intake.VerdictRow
		if len(stored) > 0 && stored[0].Pos == r.Pos {
			have, stored = &stored[0], stored[1:]
		}
		w.compare(r, have, j)
	}
	w.rows = rows[:0]
	return nil
}

// compare compares one verdict with what it should be.
func (w *verdictWalk) compare(r intake.EntityRow, have *intake.VerdictRow, j judges) {
	if have == nil {
		w.fault("清单第%d条缺少比对结论", r.Pos, "", "")
	}
	if !w.able {
		return
	}
	want := j.judge(r, w.c.PenaltyDate)
	for _, f := range want.findings {
		w.add(r.Pos)(f.Field, f.Rule, f.Detail)
	}
	if have != nil && !want.sameResult(have.Result) {
		w.fault("清单第%d条的比对结论与主体库不符", r.Pos, resultText(want.Result), resultText(have.Result))
	}
}

func (w *verdictWalk) fault(format string, pos int, want, have string) {
	if w.wrong++; w.wrong <= shownFaults {
		w.in.found(faultOf(FaultDerived, w.c, format, pos+1).of(fmt.Sprintf("verdict %d", pos), want, have))
	}
}

// end compares the last rows, and finds verdicts after the end of the list.
func (w *verdictWalk) end() error {
	if !w.counts {
		return nil
	}
	if err := w.flush(); err != nil {
		return err
	}
	more, err := w.in.tx.Verdicts(w.c.No, w.c.Items, 1)
	if err == nil && len(more) > 0 {
		w.in.fault(FaultDerived, w.c, "比对结论多于清单的%d条", w.c.Items)
	}
	return err
}

// resultText is a result in the words of a fault.
func resultText(r register.Result) string {
	f := r.Firm
	return intake.Clip(strings.Join(append([]string{r.Verdict.String(), fmt.Sprint(r.Rule), fmt.Sprint(r.Others),
		f.PripID, f.UniscID, f.RegNo, f.Name, f.Legal, f.EntType, f.State.String(), f.StateText, f.Organ, f.Founded,
		f.Approved}, r.Fields.Names()...), "|"), 200)
}
