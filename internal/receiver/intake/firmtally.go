package intake

import (
	"math"

	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/release"
)

// Tally counts the firms one by one.
func (s *FirmSource) Tally() (t release.Tally, err error) {
	t.CaseSevere, t.CaseDoubt, err = caseDoubts(s.tx, s.row.No)
	if err != nil {
		return t, err
	}
	for run, err := range s.Runs(0, math.MaxInt) {
		if err != nil {
			return t, err
		}
		run.Returned = false
		t.Add(run.Facts, run.Len(), run.Published() != "")
	}
	return t, nil
}

// Recall counts the firms of those cases that have no tally: an older program verified them.
func Recall(tx Tx, rows []CaseRow) error {
	for i := range rows {
		r := &rows[i]
		if r.Counted || r.Verified.IsZero() {
			continue
		}
		of, err := tx.CountDoubts(r.No, r.No)
		if err != nil {
			return err
		}
		if r.Tally, err = tallyOf(tx, *r, of[r.No]); err != nil {
			return err
		}
	}
	return nil
}

// tallyAnew counts the firms of consecutive cases, and stores the tallies of those that are verified or decided on.
func tallyAnew(tx Tx, rows []CaseRow) error {
	if len(rows) == 0 {
		return nil
	}
	of, err := tx.CountDoubts(rows[0].No, rows[len(rows)-1].No)
	if err != nil {
		return err
	}
	var put []CaseTally
	for i := range rows {
		r := &rows[i]
		if r.Tally, err = tallyOf(tx, *r, of[r.No]); err != nil {
			return err
		}
		if !r.Verified.IsZero() || of[r.No].Worked {
			r.Counted = true
			put = append(put, CaseTally{r.No, r.Tally})
		}
	}
	return tx.PutTallies(put)
}

// tallyOf counts the firms of a case, one by one only where that is needed.
func tallyOf(tx Tx, r CaseRow, n DoubtCount) (t release.Tally, err error) {
	compared := 0
	if r.Snapshot > 0 {
		compared = r.Items
	}
	if n.Worked || r.Work.Published != "" || n.Inconclusive > 0 || n.Verdicts != compared {
		s, err := NewFirmSource(tx, r, false, nil)
		if err != nil {
			return t, err
		}
		return s.Tally()
	}
	t.CaseSevere, t.CaseDoubt = n.CaseSevere, n.CaseDoubt
	f := release.Facts{Verified: !r.Verified.IsZero(), CaseChecked: r.CaseChecked(), CaseSevere: n.CaseSevere}
	if r.Snapshot > 0 {
		f.Verdict = register.Consistent
	}
	t.Add(f, r.Items-n.Firms, false)
	f.Warning, f.Basis = true, 1 // whichever they are
	t.Add(f, n.Firms, false)
	return t, nil
}
