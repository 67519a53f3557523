package intake

import (
	"context"
	"crypto/rand"
	"io"
	"time"

	"diaoxiao/internal/receiver/credential"
)

// Desk (受理台) is every use case of the receiver. Its methods are safe for concurrent use.
type Desk struct {
	store    Store
	clock    func() time.Time
	entropy  io.Reader
	recent   recentSessions
	dead     deadTokens
	sessions aliveSessions
	touches  touches
	identify func(salt []byte, identifier string) []byte
	hashing  chan struct{} // holds a token for each password that is being hashed
	arrived  chan struct{} // holds a token when cases came in since the verifier last looked
}

// Config is what a Desk is built from.
type Config struct {
	Store   Store            // required
	Clock   func() time.Time // nil: time.Now; where the store has a clock of its own, that one counts
	Entropy io.Reader        // nil: crypto/rand
	// MaxSessions is how many sessions of one app may be alive; beyond it a login is refused. 0: any number. Where it
	// is set, SweepSessions has to be called, which counts them.
	MaxSessions int
	// Identify is what is kept of an identifier of a person; nil: credential.Identity, which is as slow as a password.
	Identify func(salt []byte, identifier string) []byte
}

// maxHashing bounds the memory that strangers can have sign-ins take: one password takes 64 MiB.
const maxHashing = 2

// NewDesk returns a desk over a store.
func NewDesk(c Config) *Desk {
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Entropy == nil {
		c.Entropy = rand.Reader
	}
	if c.Identify == nil {
		c.Identify = credential.Identity
	}
	return &Desk{store: c.Store, clock: c.Clock, entropy: c.Entropy, identify: c.Identify, sessions: aliveSessions{most: c.MaxSessions},
		hashing: make(chan struct{}, maxHashing), arrived: make(chan struct{}, 1)}
}

// NewBody returns where to write the next request's body; see Body.
func (d *Desk) NewBody() Body { return d.store.NewBody() }

// now is the time of a transaction: the database's where nodes share one, so that they agree whatever their own clocks
// say.
func (d *Desk) now(tx Tx) time.Time {
	if t := tx.Now(); !t.IsZero() {
		return t
	}
	return d.clock()
}

// time is now outside of a transaction.
func (d *Desk) time(ctx context.Context) (now time.Time, err error) {
	err = d.store.View(ctx, func(tx Tx) error { now = d.now(tx); return nil })
	return now, err
}

// announce wakes the verifier.
func (d *Desk) announce() {
	select {
	case d.arrived <- struct{}{}:
	default:
	}
}
