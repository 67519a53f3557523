package verify

import (
	"context"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// After an import the verified cases were last compared with a snapshot of the register before the current one, or with
// none. They are compared again when no case waits for verification: their rows are read, not their bodies, and only
// what changed is written.

// round is the state of comparing cases again.
type round struct {
	with    int64 // the snapshot
	after   int64 // the last of the cases that were compared in this pass through them
	cases   int64
	rows    int64
	changed int64
	worse   int64
	began   time.Time
	dropped int64 // the snapshot before which the rows of all others were dropped
}

func (r *round) count(cs []change) {
	r.changed += int64(len(cs))
	for _, c := range cs {
		if c.worse {
			r.worse++
		}
	}
}

// takeStale claims cases that were not compared with the current snapshot. A nil claim: there are none, or other
// verifiers have them, or there is no register.
func (v *Verifier) takeStale(ctx context.Context) error {
	r, waiting := &v.again, 0
	err := v.desk.Store().View(ctx, func(tx intake.Tx) error {
		current, err := v.register(tx)
		if err != nil || current == 0 {
			return err
		}
		if r.with != current {
			*r = round{with: current, dropped: r.dropped, began: time.Now()}
		}
		most := 1
		if r.cases == 0 {
			most = outdatedMost
		}
		if waiting, err = tx.CountStale(current, most); err != nil || waiting == 0 || r.after > 0 {
			return err
		}
		first, err := tx.FirstStale(current)
		r.after = first - 1
		return err
	})
	switch {
	case err != nil || r.with == 0:
		return err
	case waiting == 0:
		v.endComparing(ctx)
		return nil
	}
	return v.claimStale(ctx, waiting)
}

func (v *Verifier) claimStale(ctx context.Context, waiting int) (err error) {
	r := &v.again
	v.claim, err = v.desk.Store().ClaimStale(ctx, r.after, r.with, v.most)
	if err == nil && v.claim == nil {
		r.after = 0 // the next Pass starts from the first case
	}
	if v.claim != nil && r.cases == 0 {
		v.log.Info("cases are compared with the register again", "snapshot", r.with, "cases", waiting,
			"counted_up_to", outdatedMost)
	}
	return err
}

// endComparing ends a round: every verified case is compared with the current snapshot, and nobody needs an older one.
func (v *Verifier) endComparing(ctx context.Context) {
	r := &v.again
	if r.cases > 0 {
		v.log.Info("cases have been compared with the register again", "snapshot", r.with, "cases", r.cases,
			"entities", r.rows, "changed", r.changed, "worse", r.worse, "took", time.Since(r.began))
	}
	r.after, r.cases, r.rows, r.changed, r.worse = 0, 0, 0, 0, 0
	if r.dropped == r.with {
		return
	}
	r.dropped = r.with
	if err := v.desk.Store().DropRegisters(ctx, r.with); err != nil {
		v.log.Warn("older snapshots of the register were not removed; the next import tries again", "err", err)
	}
}

// Stale is the number of verified cases that wait for a comparison with the current register, counted up to most. Safe
// to call at any time.
func (v *Verifier) Stale(ctx context.Context, most int) (n int, err error) {
	err = v.desk.Store().View(ctx, func(tx intake.Tx) error {
		n, err = countStale(tx, most)
		return err
	})
	return n, err
}

func countStale(tx intake.Tx, most int) (int, error) {
	current, _, err := presentRegister(tx)
	if err != nil || current == 0 {
		return 0, err
	}
	return tx.CountStale(current, most)
}
