package store_test

import (
	"testing"
	"time"

	"diaoxiao/internal/receiver/intake"
)

func testReveals(t *testing.T, s intake.Store) {
	one, two := intake.TokenHash{1}, intake.TokenHash{2}
	until := func(token intake.TokenHash, no int64) (at time.Time, err error) {
		err = s.View(t.Context(), func(tx intake.Tx) (err error) { at, err = tx.RevealedUntil(token, no); return err })
		return at, err
	}
	for i := range 2 {
		update(t, s, func(tx intake.Tx) error { return tx.PutReveal(one, 7, at(i)) })
		if got, err := until(one, 7); err != nil || got != at(i) {
			t.Errorf("%s, %v", got, err)
		}
	}
	for _, other := range []struct {
		token intake.TokenHash
		no    int64
	}{{two, 7}, {one, 8}} {
		if _, err := until(other.token, other.no); err != intake.ErrNotFound {
			t.Errorf("got %v", err)
		}
	}
}
