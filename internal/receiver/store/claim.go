package store

import (
	"context"
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store/engine"
)

// Claim implements intake.Store.
func (s *Store) Claim(ctx context.Context, after, epoch int64, limit int) (intake.Claim, error) {
	return s.claim(ctx, engine.Wanted{Which: unverified, After: after, Bound: epoch, Limit: limit, InOrder: true})
}

// ClaimOutdated implements intake.Store.
func (s *Store) ClaimOutdated(ctx context.Context, after int64, version, limit int) (intake.Claim, error) {
	return s.claim(ctx, engine.Wanted{Which: outdated, After: after, Bound: int64(version), Limit: limit})
}

// ClaimStale implements intake.Store.
func (s *Store) ClaimStale(ctx context.Context, after, snapshot int64, limit int) (intake.Claim, error) {
	return s.claim(ctx, engine.Wanted{Which: stale, After: after, Bound: snapshot, Limit: limit})
}

// claim takes the cases that are wanted; nil: there are none.
func (s *Store) claim(ctx context.Context, w engine.Wanted) (intake.Claim, error) {
	if c, ok := s.engine.(engine.Concurrent); ok {
		return s.claimShared(ctx, c, w)
	}
	c := &ownClaim{store: s}
	err := s.View(ctx, func(t intake.Tx) (err error) {
		c.cases, err = t.(*tx).waiting(w.Which, w.After, w.Bound, w.Limit)
		return err
	})
	if err != nil || len(c.cases) == 0 {
		return nil, err
	}
	return c, nil
}

// ownClaim is a claim where there is one verifier: what waits is its own.
type ownClaim struct {
	store *Store
	cases []intake.Case
}

// Cases implements intake.Claim.
func (c *ownClaim) Cases() []intake.Case { return c.cases }

// View implements intake.Claim.
func (c *ownClaim) View(ctx context.Context, f func(intake.Tx) error) error {
	return c.store.View(ctx, f)
}

// Write implements intake.Claim.
func (c *ownClaim) Write(ctx context.Context, f func(intake.Tx) error) error {
	return c.store.Background(ctx, f)
}

// Await implements intake.Claim.
func (c *ownClaim) Await(context.Context) error { return nil }

// Beside implements intake.Claim.
func (c *ownClaim) Beside() bool { return true }

// End implements intake.Claim.
func (c *ownClaim) End(_ context.Context, done bool) (int64, error) {
	if !done {
		return 0, nil
	}
	return c.cases[len(c.cases)-1].No, nil
}

// sharedClaim is a claim where there are several verifiers: one transaction of the engine holds its cases, and in it
// all is written.
type sharedClaim struct {
	engine.Claim
	store *Store
	tx    *tx
	cases []intake.Case
	began time.Time
}

// claimShare: while Updates keep coming to this node, its verifier works one part in claimShare of the time.
const claimShare = 10

// claimShared takes cases beside other verifiers.
func (s *Store) claimShared(ctx context.Context, from engine.Concurrent, w engine.Wanted) (intake.Claim, error) {
	if err := s.writer.waitQuiet(ctx); err != nil {
		return nil, err
	}
	c := &sharedClaim{store: s, began: time.Now()}
	w.Read = func(conn engine.Conn, first, last int64) (nos []int64, err error) {
		c.cases, err = engine.List(conn, scanCase, caseColumns+"WHERE c.case_no > $1 AND c.case_no <= $3 "+
			"AND "+w.Which+" ORDER BY c.case_no",
			first-1, w.Bound, last)
		for _, found := range c.cases {
			nos = append(nos, found.No)
		}
		return nos, err
	}
	claimed, err := from.Claim(ctx, w)
	if err != nil {
		return nil, unavailable(err)
	}
	if claimed == nil {
		s.writer.pause(claimShare * time.Since(c.began))
		return nil, nil
	}
	c.Claim, c.tx = claimed, newTx(&handle{Conn: claimed.Conn(), store: s, group: &group{}})
	return c, nil
}

// Cases implements intake.Claim.
func (c *sharedClaim) Cases() []intake.Case { return c.cases }

// View implements intake.Claim: it reads what others have committed, and its own.
func (c *sharedClaim) View(_ context.Context, f func(intake.Tx) error) error {
	return unavailable(f(c.tx))
}

// Write implements intake.Claim.
func (c *sharedClaim) Write(_ context.Context, f func(intake.Tx) error) error {
	err := f(c.tx)
	if err == nil {
		err = c.tx.Flush()
	}
	return unavailable(err)
}

// Await implements intake.Claim.
func (c *sharedClaim) Await(context.Context) error { return unavailable(c.Claim.Await()) }

// Beside implements intake.Claim: it is one transaction.
func (c *sharedClaim) Beside() bool { return false }

// End implements intake.Claim.
func (c *sharedClaim) End(ctx context.Context, done bool) (int64, error) {
	defer func() { c.store.writer.pause(claimShare * time.Since(c.began)) }()
	upTo, err := c.Claim.End(ctx, done)
	return upTo, unavailable(err)
}
