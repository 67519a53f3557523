package staff

import (
	"context"
	"sync"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// touchEvery is the precision of the time at which an officer was last seen: each touch is a commit.
const touchEvery = time.Minute

// touchPatience is how long a touch waits for a store that is busy.
const touchPatience = time.Minute

// touches are the visits that are being marked as seen in the background.
type touches struct {
	mu    sync.Mutex
	going map[intake.TokenHash]bool
}

// begin marks a visit as being touched, and reports whether it was not before.
func (t *touches) begin(token intake.TokenHash) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.going == nil {
		t.going = make(map[intake.TokenHash]bool)
	}
	was := t.going[token]
	t.going[token] = true
	return !was
}

func (t *touches) end(token intake.TokenHash) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.going, token)
}

// touch marks a visit as seen and returns at once: while cases keep coming, a transaction in the background waits for
// seconds.
func (d *Staff) touch(ctx context.Context, token intake.TokenHash, now time.Time) {
	if !d.touches.begin(token) {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), touchPatience)
	go func() {
		defer cancel()
		defer d.touches.end(token)
		d.desk.Store().Background(ctx, func(tx intake.Tx) error { return tx.TouchVisit(token, now) })
	}()
}

// isLate reports whether at least half of the time has passed in which the visit must be seen again. Then the request
// waits for the mark: the visit of an officer at work must not end because the store is busy.
func isLate(v intake.Visit, tx intake.Tx, now time.Time) (bool, error) {
	if now.Sub(v.Seen) < touchEvery {
		return false, nil
	}
	ps, err := intake.PoliciesIn(tx)
	return now.Sub(v.Seen) >= ps.Minutes(intake.IdleMinutes)/2, err
}
