package intake_test

import (
	"testing"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// Once a minute a visit is marked as seen. A page does not wait for it while the store is busy, and the mark comes
// later.
func TestOfficerDoesNotWaitForTheMark(t *testing.T) {
	o := openOffice(t)
	first := o.first(t)
	token := tokenOf(t, o, first.Name)
	began, release := make(chan struct{}), make(chan struct{})
	busy := make(chan error, 1)
	go func() {
		busy <- o.store.Background(t.Context(), func(intake.Tx) error { close(began); <-release; return nil })
	}()
	<-began
	o.wait(2 * time.Minute)
	answered := make(chan error, 1)
	go func() {
		for range 3 {
			if _, err := o.Officer(t.Context(), token); err != nil {
				answered <- err
				return
			}
		}
		answered <- nil
	}()
	select {
	case err := <-answered:
		must(t, err)
	case <-time.After(20 * time.Second):
		t.Error("the page waits for the mark")
	}
	close(release)
	must(t, <-busy)
	marked := o.now()
	for end := time.Now().Add(time.Minute); !o.officer(t, token).Seen.Equal(marked); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the visit was never marked")
		}
	}
}

// Where half of the idle time has passed the mark is there before the page: a busy store signs nobody out.
func TestOfficerAwaitsALateMark(t *testing.T) {
	o := openOffice(t)
	first := o.first(t)
	token := tokenOf(t, o, first.Name)
	for range 5 {
		o.wait(16 * time.Minute) // of 30
		if o.officer(t, token); !o.officer(t, token).Seen.Equal(o.now()) {
			t.Fatal("not marked before the page")
		}
	}
}
