package verify

import (
	"context"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// Reverify raises the epoch, so that the running verifier verifies every case again. Safe to repeat.
func (d *Examiner) Reverify(ctx context.Context, by intake.By) error {
	return d.desk.Administer(
		ctx,
		by,
		intake.Maintain,
		intake.ActionReverify,
		"all",
		"",
		func(tx intake.Tx, _ time.Time) error {
			n, err := tx.Epoch()
			if err != nil {
				return err
			}
			return tx.SetEpoch(n + 1)
		},
	)
}

// Rebuild deletes all derived data, so that the next pass of the verifier makes it again from the bodies; requests that
// wait for a second person stay on the worklist. Only for a store that no server uses.
func (d *Examiner) Rebuild(ctx context.Context, by intake.By) error {
	return d.desk.Administer(
		ctx,
		by,
		intake.Maintain,
		intake.ActionRebuild,
		"all",
		"",
		func(tx intake.Tx, _ time.Time) error {
			if err := forgetWorsened(tx); err != nil {
				return err
			}
			if err := tx.ClearDerived(); err != nil {
				return err
			}
			return intake.WorklistDecided(tx)
		},
	)
}

// worsenedPage is the number of cases that forgetWorsened reads at once.
const worsenedPage = 1000

// forgetWorsened has the cases whose verdicts became worse after somebody decided on them count as decided without
// their findings: nothing made anew from the bodies shows that they became worse. So it does with cases that still wait
// for a comparison with a new register, because the verdicts of before will be gone.
func forgetWorsened(tx intake.Tx) error {
	current, _, err := presentRegister(tx)
	if err != nil {
		return err
	}
	for after := int64(0); ; {
		nos, err := tx.CasesWorsened(after, current, worsenedPage)
		if err != nil || len(nos) == 0 {
			return err
		}
		for _, no := range nos {
			rows, err := tx.CaseRows(no, no)
			if err != nil {
				return err
			}
			for _, r := range rows {
				r.Work.Severe, r.Work.Doubts = 0, 0
				if err := tx.PutWork(r.Work); err != nil {
					return err
				}
			}
		}
		after = nos[len(nos)-1]
	}
}

// Backlog is the number of cases that wait for verification or for a comparison with the current register, each counted
// up to most.
func (d *Examiner) Backlog(ctx context.Context, most int) (n int, err error) {
	err = d.desk.Store().View(ctx, func(tx intake.Tx) error {
		epoch, err := tx.Epoch()
		if err != nil {
			return err
		}
		if n, _, err = tx.CountUnverified(0, epoch, most); err != nil {
			return err
		}
		stale, err := countStale(tx, most)
		n += stale
		return err
	})
	return n, err
}
