package verify

import (
	"context"
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// A program of an older version may have verified cases on this database, before it was replaced or beside this one,
// and what is derived since is missing of them: from the worklist, the findings, the keys. They are known by the version
// of the rules in their verification, which the older program writes as it knows it, and are verified again when no
// others wait.

// outdatedMost is up to how many of them are counted.
const outdatedMost = 10_000

// tellEvery is how often it is logged at most that there are some: an older program that goes on makes more.
const tellEvery = time.Minute

// takeOutdated claims cases that an older program verified; a nil claim: there are none, or others have them.
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
		v.endRound(false) // the next Pass looks from the first case on
	}
	return err
}

// Outdated is how many cases were verified by an older program and not yet again, counted up to most. Safe to call at
// any time.
func (v *Verifier) Outdated(ctx context.Context, most int) (n int, err error) {
	err = v.desk.Store().View(ctx, func(tx intake.Tx) error {
		n, err = tx.CountOutdated(rules.Version, most)
		return err
	})
	return n, err
}

// beginRound logs that a round begins, with how many cases are in it. Counting looks at each case, so it is not done
// for every claim.
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

// endRound ends a round; all: no more cases of an older program wait.
func (v *Verifier) endRound(all bool) {
	if all && v.round > 0 {
		v.log.Info("cases that an older program verified have been verified again", "cases", v.round)
	}
	if v.redone = 0; all {
		v.round = 0
	}
}
