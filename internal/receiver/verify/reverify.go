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
			if err := tx.ClearDerived(); err != nil {
				return err
			}
			return intake.WorklistAsked(tx)
		},
	)
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
