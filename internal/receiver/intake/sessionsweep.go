package intake

import (
	"context"
	"sync"
	"time"
)

// DefaultSessions is a good Config.MaxSessions. A sender may log in for each case and never log out, so it is far above
// the number of cases that a sender sends in half an hour.
const DefaultSessions = 100_000

const (
	maxEnded     = 100_000 // ended sessions of an app that are remembered, for a day
	forgetAtOnce = 20_000  // in one transaction, because cases wait for it
)

// SessionCount is the number of sessions of an app in the store.
type SessionCount struct {
	AppID        int64
	Alive, Ended int
}

// aliveSessions counts the sessions of each app that are alive: those that were in the store when it was last read,
// changed by those that this node has opened and ended since.
type aliveSessions struct {
	most int
	mu   sync.Mutex
	of   map[int64]int
}

// add counts one more session, and reports whether there was room for it.
func (a *aliveSessions) add(appID int64) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.most > 0 && a.of[appID] >= a.most {
		return false
	}
	if a.of == nil {
		a.of = make(map[int64]int)
	}
	a.of[appID]++
	return true
}

func (a *aliveSessions) drop(appID int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.of[appID] > 0 {
		a.of[appID]--
	}
}

// set replaces all counts.
func (a *aliveSessions) set(counts []SessionCount) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.of = make(map[int64]int, len(counts))
	for _, c := range counts {
		a.of[c.AppID] = c.Alive
	}
}

// SweepSessions marks expired sessions as ended, so that a clock set back cannot revive them. It forgets sessions that
// ended more than a day ago, and those that ended before the last 100,000 of their app. It must be called every half
// minute or so. It is safe to repeat.
func (d *Desk) SweepSessions(ctx context.Context) error {
	err := d.store.Update(ctx, func(tx Tx) error {
		now := d.Now(tx)
		return tx.SweepSessions(now, now.Add(-24*time.Hour))
	})
	if err != nil {
		return err
	}
	counts, err := d.CountSessions(ctx)
	if err != nil {
		return err
	}
	for _, c := range counts {
		if err := d.forgetEnded(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// CountSessions counts the sessions of each app, for Config.MaxSessions. It must be called at the start; SweepSessions
// calls it too.
func (d *Desk) CountSessions(ctx context.Context) (counts []SessionCount, err error) {
	err = d.store.View(ctx, func(tx Tx) (err error) { counts, err = tx.CountSessions(d.Now(tx)); return err })
	if err == nil {
		d.sessions.set(counts)
	}
	return counts, err
}

// forgetEnded forgets the sessions of an app that ended before its last maxEnded.
func (d *Desk) forgetEnded(ctx context.Context, c SessionCount) error {
	if c.Ended <= maxEnded {
		return nil
	}
	var until time.Time
	err := d.store.View(ctx, func(tx Tx) (err error) { until, err = tx.SessionEnded(c.AppID, maxEnded); return err })
	for n := forgetAtOnce; err == nil && n == forgetAtOnce; {
		err = d.store.Update(ctx, func(tx Tx) (err error) {
			n, err = tx.ForgetSessions(c.AppID, until, forgetAtOnce)
			return err
		})
	}
	return IgnoreMissing(err)
}
