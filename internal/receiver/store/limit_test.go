package store_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// Slow Views of a limited store leave readers to the others, however many there are; those that wait end with their
// context.
func TestLimitedViews(t *testing.T) {
	for name, place := range places() {
		t.Run(name, func(t *testing.T) {
			s := openServer(t, place(t))
			slow := s.Limit(2)
			begun, end := make(chan bool, 8), make(chan bool)
			var all sync.WaitGroup
			for range 8 {
				all.Go(func() {
					err := slow.View(t.Context(), func(intake.Tx) error { begun <- true; <-end; return nil })
					if err != nil {
						t.Error(err)
					}
				})
			}
			<-begun
			<-begun
			for range 4 {
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				if err := s.View(ctx, func(tx intake.Tx) error { _, err := tx.Apps(); return err }); err != nil {
					t.Errorf("another View: %v", err)
				}
				cancel()
			}
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			if err := slow.View(ctx, func(intake.Tx) error { return nil }); !errors.Is(err, intake.ErrUnavailable) {
				t.Errorf("a View that waits: %v", err)
			}
			if n := len(begun); n != 0 {
				t.Errorf("%d more began", n)
			}
			close(end)
			all.Wait()
		})
	}
}
