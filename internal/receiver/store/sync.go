package store

import (
	"context"
	"sync/atomic"

	"diaoxiao/internal/receiver/store/engine"
)

// syncer makes durable what the writer has committed, beside the writer, and answers it then. One sync is under way at
// a time: a commit waits until the one before it is durable. So a transaction that wrote nothing, which needs no sync
// of its own, has read only what is durable, or was written in a transaction that is.
type syncer struct {
	db engine.Overlapping // nil: a commit is durable when it returns
	// pending is closed when the last commit is durable, or never will be; nil: all are. Views wait for it.
	pending atomic.Pointer[chan struct{}]
}

func newSyncer(db engine.Engine) *syncer {
	if o, ok := db.(engine.Overlapping); ok && o.Overlaps() {
		return &syncer{db: o}
	}
	return &syncer{}
}

// begin says that a commit is about to be seen that is not yet durable.
func (s *syncer) begin() {
	if s.db != nil {
		c := make(chan struct{})
		s.pending.Store(&c)
	}
}

// end says that the commit is durable, or never will be.
func (s *syncer) end() {
	if c := s.pending.Swap(nil); c != nil {
		close(*c)
	}
}

// underWay is closed when the sync that is under way has ended; nil: none is.
func (s *syncer) underWay() <-chan struct{} {
	if c := s.pending.Load(); c != nil {
		return *c
	}
	return nil
}

// awaitSync returns when all that can be read is durable, or with the reason why that is not known.
func (w *writer) awaitSync(ctx context.Context) error {
	under := w.syncer.underWay()
	if under == nil {
		return nil
	}
	select {
	case <-under:
	case <-ctx.Done():
		return unavailableFor(ctx.Err())
	}
	if p := w.failed.Load(); p != nil {
		return *p
	}
	return nil
}
