package intake

import (
	"context"
	"crypto/rand"
	"io"
	"time"
)

// Desk (受理台) has the use cases of senders, and those of administrators for apps and the database. All other use cases
// are built on it: it has the store, the time, the check of rights, and the audit. Its methods are safe for concurrent
// use.
type Desk struct {
	store    Store
	clock    func() time.Time
	entropy  io.Reader
	recent   recentSessions
	dead     deadTokens
	sessions aliveSessions
	arrived  chan struct{} // holds a token when cases came in since the verifier last looked
}

// Config is what a Desk is built from.
type Config struct {
	Store   Store            // required
	Clock   func() time.Time // nil: time.Now; where the store has a clock of its own, that one counts
	Entropy io.Reader        // nil: crypto/rand
	// MaxSessions is how many sessions of one app may be alive; beyond it a login is refused. 0: any number. Where it
	// is set, SweepSessions has to be called, because it counts them.
	MaxSessions int
}

// NewDesk returns a desk over a store.
func NewDesk(c Config) *Desk {
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Entropy == nil {
		c.Entropy = rand.Reader
	}
	return &Desk{store: c.Store, clock: c.Clock, entropy: c.Entropy, sessions: aliveSessions{most: c.MaxSessions},
		arrived: make(chan struct{}, 1)}
}

// NewBody returns the Body for the next request.
func (d *Desk) NewBody() Body { return d.store.NewBody() }

// Now is the time of a transaction. Where nodes share a database it is the database's, so that they agree whatever
// their own clocks say.
func (d *Desk) Now(tx Tx) time.Time {
	if t := tx.Now(); !t.IsZero() {
		return t
	}
	return d.clock()
}

// Time is Now outside of a transaction.
func (d *Desk) Time(ctx context.Context) (now time.Time, err error) {
	err = d.store.View(ctx, func(tx Tx) error { now = d.Now(tx); return nil })
	return now, err
}

// Store is the store of the desk, for the use cases that are built on it.
func (d *Desk) Store() Store { return d.store }

// Entropy is the source of random bits.
func (d *Desk) Entropy() io.Reader { return d.entropy }

// Arrived receives a value when cases came in since the last one. It is for one verifier.
func (d *Desk) Arrived() <-chan struct{} { return d.arrived }

// announce wakes the verifier.
func (d *Desk) announce() {
	select {
	case d.arrived <- struct{}{}:
	default:
	}
}
