package server

import (
	"context"
	"sync/atomic"
	"time"

	"diaoxiao/internal/receiver/verify"
)

// backlog keeps the last reading of the cases that wait for verification, so that a scrape never waits for the
// database.
type backlog struct{ last atomic.Pointer[waiting] }

// waiting is one reading.
type waiting struct {
	cases  int
	oldest time.Time // received; zero: nothing waits
	older  int       // verified by an older program, and not yet again
	stale  int       // to be compared with the current register
	read   time.Time
}

const (
	backlogEvery = 5 * time.Second
	backlogMost  = 10_000 // what an alarm needs to know; more would only cost time
)

func newBacklog() *backlog {
	b := &backlog{}
	b.last.Store(&waiting{read: time.Now()})
	return b
}

func (b *backlog) look() waiting { return *b.last.Load() }

// age is the age of the oldest case that waits. It grows also while the database does not answer.
func (b *backlog) age(now time.Time) time.Duration {
	w := b.look()
	if w.oldest.IsZero() {
		return 0
	}
	return max(0, now.Sub(w.oldest))
}

// follow reads again and again until ctx ends. A reading that fails does not change the last one.
func (b *backlog) follow(ctx context.Context, v *verify.Verifier) {
	t := time.NewTicker(backlogEvery)
	defer t.Stop()
	for {
		b.read(ctx, v)
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

func (b *backlog) read(ctx context.Context, v *verify.Verifier) {
	ctx, cancel := context.WithTimeout(ctx, backlogEvery)
	defer cancel()
	n, oldest, err := v.Backlog(ctx, backlogMost)
	if err != nil {
		return
	}
	older, err := v.Outdated(ctx, backlogMost)
	if err != nil {
		return
	}
	if stale, err := v.Stale(ctx, backlogMost); err == nil {
		b.last.Store(&waiting{n, oldest, older, stale, time.Now()})
	}
}
