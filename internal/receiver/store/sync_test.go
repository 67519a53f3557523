package store

import (
	"context"
	"errors"
	"testing"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// heldSync is a disk that syncs when it is told to, and with the outcome that it is told.
type heldSync struct {
	began chan struct{}
	end   chan error
}

func (h heldSync) Overlaps() bool { return true }

func (h heldSync) Sync() error {
	h.began <- struct{}{}
	return <-h.end
}

// openHeld opens a server's store whose syncs are held.
func openHeld(t *testing.T) (*failingStore, heldSync) {
	f, h := openFailing(t), heldSync{make(chan struct{}), make(chan error)}
	f.writer.syncer.db = h
	return f, h
}

// later runs do beside the test and returns where its error comes.
func later(do func() error) <-chan error {
	out := make(chan error, 1)
	go func() { out <- do() }()
	return out
}

// waits fails the test where an answer comes early.
func waits(t *testing.T, what string, answer <-chan error) {
	t.Helper()
	select {
	case err := <-answer:
		t.Errorf("%s before the sync: %v", what, err)
	case <-time.After(50 * time.Millisecond):
	}
}

func nothing(intake.Tx) error { return nil }

// Nothing is answered before the sync that covers it: no case, no query that takes its turn, and nothing that is read.
func TestAnswersWaitForTheSync(t *testing.T) {
	f, h := openHeld(t)
	first := later(func() error { return f.accept("first", 10) })
	<-h.began
	ran := make(chan struct{})
	second := later(func() error {
		return f.Update(t.Context(), func(tx intake.Tx) error {
			defer close(ran)
			return tx.InsertAttempt(intake.Attempt{CaseID: "second"})
		})
	})
	<-ran // while the first is synced
	query := later(func() error { return f.Update(t.Context(), nothing) })
	read := later(func() error { return f.View(t.Context(), nothing) })
	waits(t, "a case answered", first)
	waits(t, "an update answered", second)
	waits(t, "a query answered", query)
	waits(t, "a view returned", read)
	h.end <- nil
	for what, answer := range map[string]<-chan error{"case": first, "view": read} {
		if err := <-answer; err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	<-h.began // of the second
	waits(t, "an update answered", second)
	h.end <- nil
	if err := errors.Join(<-second, <-query); err != nil {
		t.Error(err)
	}
}

// The transaction after the one that is being synced is not committed before that is durable.
func TestCommitWaitsForTheSync(t *testing.T) {
	f, h := openHeld(t)
	first := later(func() error { return f.accept("first", 10) })
	<-h.began
	second := later(func() error { return f.accept("second", 10) })
	waits(t, "an update answered", second)
	if n := f.seen(t); n != 1 {
		t.Errorf("%d cases can be read, want the first", n)
	}
	h.end <- nil
	<-h.began
	h.end <- nil
	if err := errors.Join(<-first, <-second); err != nil || f.seen(t) != 2 {
		t.Errorf("%d cases, %v", f.seen(t), err)
	}
}

// seen counts the cases that another connection reads, durable or not.
func (f *failingStore) seen(t *testing.T) (n int) {
	t.Helper()
	other, err := Open(t.Context(), f.dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if err := other.View(t.Context(), func(tx intake.Tx) error {
		all, err := tx.Cases(intake.CaseFilter{})
		n = len(all)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

// After a sync that failed nobody knows what is durable: what waited for it is not acknowledged, nor is anything after
// it, until a restart.
func TestFailedSync(t *testing.T) {
	f, h := openHeld(t)
	first := later(func() error { return f.accept("first", 10) })
	<-h.began
	second := later(func() error { return f.accept("second", 10) })
	read := later(func() error { return f.View(t.Context(), nothing) })
	waits(t, "an update answered", second)
	h.end <- errors.New("input/output error")
	for what, answer := range map[string]<-chan error{"first": first, "second": second, "view": read} {
		if err := <-answer; !errors.Is(err, intake.ErrUnavailable) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if n := f.Stats().Unknown; n != 1 {
		t.Errorf("%d commits of unknown outcome, want 1", n)
	}
	f.holdFailed()
	f.Close()
	f.open()
	f.holdAcknowledged()
	if err := f.accept("after", 10); err != nil {
		t.Error(err)
	}
}

// A transaction that wrote nothing costs no sync, and one that did costs one.
func TestSyncs(t *testing.T) {
	f, h := openHeld(t)
	if err := f.Update(t.Context(), nothing); err != nil {
		t.Error(err)
	}
	first := later(func() error { return f.accept("first", 10) })
	<-h.began
	h.end <- nil
	if err := errors.Join(<-first, f.Update(t.Context(), nothing), f.View(t.Context(), nothing)); err != nil {
		t.Error(err)
	}
}

// A stop waits for the sync that is under way, and answers what waits for it.
func TestStopWaitsForTheSync(t *testing.T) {
	f, h := openHeld(t)
	first := later(func() error { return f.accept("first", 10) })
	<-h.began
	stopped := later(f.Close)
	waits(t, "closed", stopped)
	h.end <- nil
	if err := errors.Join(<-first, <-stopped); err != nil {
		t.Error(err)
	}
}

// A reader does not wait for a sync longer than its caller does.
func TestViewGivesUp(t *testing.T) {
	f, h := openHeld(t)
	first := later(func() error { return f.accept("first", 10) })
	<-h.began
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := f.View(ctx, nothing); !errors.Is(err, intake.ErrUnavailable) {
		t.Errorf("%v", err)
	}
	h.end <- nil
	if err := <-first; err != nil {
		t.Error(err)
	}
}
