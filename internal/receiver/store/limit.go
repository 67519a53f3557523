package store

import (
	"context"

	"diaoxiao/internal/receiver/intake"
)

// limited is a store of which only so many Views run at once.
type limited struct {
	*Store
	slots chan struct{}
}

// Limit returns the store for a user that must not take all readers: at most n of its Views run at once, the others
// wait for one to end, or for ctx. Its Updates are not limited.
func (s *Store) Limit(n int) intake.Store {
	return &limited{s, make(chan struct{}, n)}
}

// View implements intake.Store.
func (l *limited) View(ctx context.Context, f func(intake.Tx) error) error {
	select {
	case l.slots <- struct{}{}:
	case <-ctx.Done():
		return unavailableFor(ctx.Err())
	}
	defer func() { <-l.slots }()
	return l.Store.View(ctx, f)
}
