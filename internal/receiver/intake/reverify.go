package intake

import (
	"context"
	"time"
)

// Reverify has every case verified again by the running verifier: it raises the epoch. Safe to repeat.
func (d *Examiner) Reverify(ctx context.Context, by By) error {
	return d.desk.administer(ctx, by, Maintain, ActionReverify, "all", "", func(tx Tx, _ time.Time) error {
		n, err := tx.Epoch()
		if err != nil {
			return err
		}
		return tx.SetEpoch(n + 1)
	})
}

// Rebuild empties everything derived, so that the next pass of the verifier makes it anew from the bodies; what was
// asked for stays on the docket. Only for a store that no server uses.
func (d *Examiner) Rebuild(ctx context.Context, by By) error {
	return d.desk.administer(ctx, by, Maintain, ActionRebuild, "all", "", func(tx Tx, _ time.Time) error {
		if err := tx.ClearDerived(); err != nil {
			return err
		}
		return docketAsked(tx)
	})
}

// Backlog is how many cases wait for verification, counted up to most.
func (d *Examiner) Backlog(ctx context.Context, most int) (n int, err error) {
	err = d.desk.store.View(ctx, func(tx Tx) error {
		epoch, err := tx.Epoch()
		if err != nil {
			return err
		}
		n, _, err = tx.CountUnverified(0, epoch, most)
		return err
	})
	return n, err
}
