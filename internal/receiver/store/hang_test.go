package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"diaoxiao/internal/pgtest"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
)

// A primary that hangs closes no connection. Nobody may wait for it for long, and the store must say that it is not
// ready.
func TestHangingPrimary(t *testing.T) {
	t.Parallel()
	p := pgtest.Start(t)
	s, err := store.Open(t.Context(), p.Database(t), store.Options{Server: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	nothing := func(intake.Tx) error { return nil }
	if err := errors.Join(s.View(t.Context(), nothing), s.Update(t.Context(), nothing), s.Ready()); err != nil {
		t.Fatal(err)
	}
	p.Pause()
	began, answers := time.Now(), make(chan error, 2)
	go func() { answers <- s.View(context.Background(), nothing) }()
	go func() { answers <- s.Update(context.Background(), nothing) }()
	for range 2 {
		select {
		case err := <-answers:
			if !errors.Is(err, intake.ErrUnavailable) {
				t.Errorf("answered while the primary hangs: %v", err)
			}
		case <-time.After(2 * time.Minute):
			t.Error("waits without end")
		}
	}
	for s.Ready() == nil {
		if time.Since(began) > 2*time.Minute {
			t.Fatal("ready while the primary hangs")
		}
		time.Sleep(10 * time.Millisecond)
	}
	p.Resume()
	for began = time.Now(); s.Ready() != nil; time.Sleep(10 * time.Millisecond) {
		if time.Since(began) > 2*time.Minute {
			t.Fatalf("does not recover: %v", s.Ready())
		}
	}
}
