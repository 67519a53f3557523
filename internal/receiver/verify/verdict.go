package verify

import (
	"context"
	"fmt"

	"diaoxiao/internal/receiver/intake"
)

// compared is how a case that is being verified is compared with the register: all of it with one snapshot.
type compared struct {
	chosen bool                // the snapshot is known, tally.Snapshot
	was    intake.Verification // of a case that was verified before
	worse  bool                // a verdict is worse than the one before
	marked bool                // which is stored
}

// compareWindow gives the entities of the window their verdicts, where there is a register. It reads one snapshot: a
// register that is imported meanwhile counts for later cases, and then for these once more.
func (v *Verifier) compareWindow(ctx context.Context) error {
	err := v.claim.View(ctx, func(tx intake.Tx) error {
		current, err := v.register(tx)
		if err != nil {
			return err
		}
		w := &v.window
		w.verdicts = w.verdicts[:0]
		for spans, rows := w.spans, w.rows; len(spans) > 0; {
			n, m, err := w.choose(tx, spans, current)
			if err != nil {
				return err
			}
			if id := spans[0].v.Snapshot; id > 0 {
				if err := w.judgeSpans(tx, id, spans[:n], rows[:m]); err != nil {
					return err
				}
			}
			spans, rows = spans[n:], rows[m:]
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("compare with the register: %w", err)
	}
	return nil
}

// choose gives cases their snapshot. It returns how many of the spans, from the first on, are compared with the same
// one, and how many rows they have.
func (w *window) choose(tx intake.Tx, spans []span, current int64) (n, rows int, err error) {
	for ; n < len(spans); n++ {
		s := spans[n]
		if !s.v.chosen {
			s.v.chosen, s.v.Snapshot = true, current
			if err := s.v.recall(tx); err != nil {
				return 0, 0, err
			}
		}
		if s.v.Snapshot != spans[0].v.Snapshot {
			break
		}
		rows += s.to - s.from
	}
	return n, rows, nil
}

// recall reads the verification before this one.
func (t *tally) recall(tx intake.Tx) (err error) {
	if !t.again {
		return nil
	}
	if t.was, err = tx.Verification(t.CaseNo); intake.IgnoreMissing(err) != nil {
		return err
	}
	t.Worse = t.was.Worse
	return nil
}

func (w *window) judgeSpans(tx intake.Tx, snapshot int64, spans []span, rows []intake.EntityRow) error {
	j, err := judgesOf(tx, snapshot, rows)
	if err != nil {
		return err
	}
	for _, s := range spans {
		n := s.to - s.from
		if err := w.judgeSpan(tx, j, s, rows[:n]); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

func (w *window) judgeSpan(tx intake.Tx, j judges, s span, rows []intake.EntityRow) (err error) {
	var stored map[int]judgement
	if s.v.again && s.to > s.from {
		if stored, err = storedJudgements(tx, s.c.No, s.from, s.to); err != nil {
			return err
		}
	}
	for _, r := range rows {
		is := j.judge(r, s.c.PenaltyDate)
		w.verdicts = append(w.verdicts, intake.VerdictRow{CaseNo: r.CaseNo, Pos: r.Pos, Result: is.Result})
		for _, f := range is.findings {
			w.findings = append(w.findings, intake.FindingRow{CaseNo: r.CaseNo, Finding: f})
		}
		s.v.worse = s.v.worse || s.v.again && is.worse(stored[r.Pos])
	}
	return nil
}

// writeVerdicts writes the verdicts of the window. First it marks the cases whose verdicts become worse: after a stop
// in between nobody could see any more that they did.
func (v *Verifier) writeVerdicts(ctx context.Context) error {
	w := &v.window
	var worse []*tally
	for _, s := range w.spans {
		if s.v.worse && !s.v.marked {
			worse = append(worse, s.v)
			s.v.marked = true
		}
	}
	if err := inPieces(ctx, v.claim, worse, v.markWorse); err != nil {
		return fmt.Errorf("mark worse verdicts: %w", err)
	}
	if err := inPieces(ctx, v.claim, w.verdicts, intake.Tx.PutVerdicts); err != nil {
		return fmt.Errorf("put verdicts: %w", err)
	}
	return nil
}

// markWorse leaves the rest of the verifications, and the worklist, to the end of the cases.
func (v *Verifier) markWorse(tx intake.Tx, worse []*tally) error {
	for _, t := range worse {
		stored, err := tx.Verification(t.CaseNo)
		if err != nil {
			return err
		}
		t.Worse = later(v.desk.Now(tx), t.was.Worse)
		stored.Worse = t.Worse
		if err := tx.PutVerification(stored); err != nil {
			return err
		}
	}
	return nil
}

// clearVerdicts deletes the verdicts of a case that was verified before and that this verification does not make.
func (t *tally) clearVerdicts(tx intake.Tx) error {
	from := t.Items
	if t.Snapshot == 0 {
		from = 0
	}
	return tx.DeleteVerdicts(t.CaseNo, from, maxPos)
}
