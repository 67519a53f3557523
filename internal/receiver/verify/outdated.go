package verify

import (
	"context"
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// A program of an older version may have verified cases on this database, before it was replaced or beside this one.
// These cases lack the data that newer versions derive: on the worklist, in the findings, in the keys. They are
// recognized by the version of the rules in their verification, where the older program writes its own version. They
// are verified again when no other cases wait.

// outdatedMost is the largest number of them that is counted.
const outdatedMost = 10_000

// tellEvery is the shortest time between two log lines that there are some: an older program that keeps running makes
// more.
const tellEvery = time.Minute

// takeOutdated claims cases that an older program verified. A nil claim: there are none, or other verifiers have them.
func (v *Verifier) takeOutdated(ctx context.Context) error {
	some, err := v.Outdated(ctx, 1)
	if err != nil {
		return err
	}
	if some == 0 {
		v.endRound(true)
		return nil
	}
	if err := v.beginRound(ctx); err != nil {
		return err
	}
	v.claim, err = v.desk.Store().ClaimOutdated(ctx, v.redone, rules.Version, v.most)
	if err == nil && v.claim == nil {
		v.endRound(false) // the next Pass starts from the first case
	}
	return err
}

// Outdated is the number of cases that an older program verified and that are not verified again yet, counted up to
// most. Safe to call at any time.
func (v *Verifier) Outdated(ctx context.Context, most int) (n int, err error) {
	err = v.desk.Store().View(ctx, func(tx intake.Tx) error {
		n, err = tx.CountOutdated(rules.Version, most)
		return err
	})
	return n, err
}

// beginRound logs that a round begins, and how many cases are in it. Counting reads each case, so it is not done for
// every claim.
func (v *Verifier) beginRound(ctx context.Context) error {
	if v.round > 0 || !v.told.IsZero() && time.Since(v.told) < tellEvery {
		return nil
	}
	waiting, err := v.Outdated(ctx, outdatedMost)
	if err != nil {
		return err
	}
	v.told = time.Now()
	v.log.Info(
		"cases that an older program verified are verified again", "cases", waiting, "counted_up_to", outdatedMost,
	)
	return nil
}

// endRound ends a round. all: no more cases of an older program wait.
func (v *Verifier) endRound(all bool) {
	if all && v.round > 0 {
		v.log.Info("cases that an older program verified have been verified again", "cases", v.round)
	}
	if v.redone = 0; all {
		v.round = 0
	}
}
