package store

import (
	"context"

	"diaoxiao/internal/receiver/intake"
)

// folderClaim is a claim on SQLite, where there is one verifier: what waits is its own.
type folderClaim struct {
	store *Store
	cases []intake.Case
}

func (d *folder) claim(ctx context.Context, s *Store, w wanted, limit int) (intake.Claim, error) {
	c := &folderClaim{store: s}
	err := s.View(ctx, func(t intake.Tx) (err error) {
		c.cases, err = t.(*tx).waiting(w.what, w.after, w.bound, limit)
		return err
	})
	if err != nil || len(c.cases) == 0 {
		return nil, err
	}
	return c, nil
}

func (c *folderClaim) Cases() []intake.Case { return c.cases }

func (c *folderClaim) View(ctx context.Context, f func(intake.Tx) error) error {
	return c.store.View(ctx, f)
}

func (c *folderClaim) Write(ctx context.Context, f func(intake.Tx) error) error {
	return c.store.Background(ctx, f)
}

func (c *folderClaim) Await(context.Context) error { return nil }

func (c *folderClaim) End(_ context.Context, done bool) (int64, error) {
	if !done {
		return 0, nil
	}
	return c.cases[len(c.cases)-1].No, nil
}
