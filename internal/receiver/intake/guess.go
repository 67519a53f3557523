package intake

import (
	"context"
	"encoding/hex"
	"fmt"
	"net/netip"
	"strings"
	"time"
)

// Guess (登录失败) counts the sign-ins for an operator that failed in a row from one place: a known browser of his, or a
// network.
type Guess struct {
	OperatorID int64
	Place      string // browserPlace or a network
	Failures   int
	Locked     time.Time // until then; zero: not
	At         time.Time // the last failure
}

// browserPlace begins the place of a known browser; the first digits of its hash tell several from each other.
const browserPlace = "browser "

// FromBrowser reports whether the failures were those of a known browser.
func (g Guess) FromBrowser() bool { return strings.HasPrefix(g.Place, browserPlace) }

// GuessTx is what a transaction does for failed sign-ins.
type GuessTx interface {
	PutGuess(Guess) error // replaces
	Guess(operatorID int64, place string) (Guess, error)
	Guesses(operatorID int64) ([]Guess, error) // 0: everybody's, by operator; the latest first, at most 1000
	DeleteGuess(operatorID int64, place string) error
	DeleteGuesses(operatorID int64) error
	SweepGuesses(before time.Time) error
}

// How guessing is bounded. From one place LockAfter sign-ins for one operator may fail in a row, then that place is
// locked for LockMinutes. From all places that are no known browsers together lockAllFactor times as many, then all of
// these are. So with the defaults one network has 240 tries a day at one operator, any number of networks together 480,
// and a known browser keeps its owner in meanwhile.
const (
	lockAllFactor = 2
	guessMemory   = 24 * time.Hour
)

// place is where a sign-in comes from, as failures are counted.
func (in SignIn) place(known bool) string {
	if known {
		h := HashToken(in.Device)
		return browserPlace + hex.EncodeToString(h[:8])
	}
	a, err := netip.ParseAddr(in.Source)
	if err != nil || !a.Is6() || a.Is4In6() {
		return in.Source
	}
	p, _ := a.WithZone("").Prefix(64) // what one host can choose from
	return p.String()
}

// gate is what stands between a sign-in and an operator's account.
type gate struct {
	operator Operator
	known    bool // the browser is
	here     Guess
}

func gateOf(tx Tx, o Operator, in SignIn, now time.Time) (g gate, err error) {
	g.operator = o
	if o.ID == 0 {
		return g, nil
	}
	if g.known, err = knownDevice(tx, o.ID, in.Device, now); err != nil {
		return g, err
	}
	place := in.place(g.known)
	g.here, err = tx.Guess(o.ID, place)
	g.here.OperatorID, g.here.Place = o.ID, place
	return g, ignoreMissing(err)
}

// locked reports whether the account is locked for who stands there. A lock of the account itself holds for unknown
// browsers alone.
func (g gate) locked(now time.Time) bool {
	return now.Before(g.here.Locked) || !g.known && now.Before(g.operator.Locked)
}

// failed counts a failure, and returns for the audit what it has locked.
func (g gate) failed(tx Tx, now time.Time) (locks Facts, err error) {
	ps, err := policiesIn(tx)
	if err != nil || g.locked(now) {
		return nil, err
	}
	span := ps.minutes(LockMinutes)
	before, o := g.here, g.operator
	g.here.Failures++
	if int64(g.here.Failures) >= ps[LockAfter] {
		g.here.Failures, g.here.Locked, locks = 0, now.Add(span), lockFacts(span, g.scope())
	}
	g.here.At = now
	if err := tx.PutGuess(g.here); err != nil || g.known {
		return locks, err
	}
	if stale, err := g.stale(tx, before, now.Add(-span)); err != nil {
		return nil, err
	} else if stale {
		o.Failures = 0
	}
	o.Failures++
	if int64(o.Failures) >= lockAllFactor*ps[LockAfter] {
		o.Failures, o.Locked, locks = 0, now.Add(span), lockFacts(span, "all")
	}
	return locks, tx.UpdateOperator(o)
}

// stale reports whether no unknown browser has failed since: one network alone never adds up to a lock of all.
func (g gate) stale(tx Tx, before Guess, since time.Time) (bool, error) {
	all, err := tx.Guesses(g.operator.ID)
	for _, other := range all {
		if other.Place == g.here.Place {
			other = before
		}
		if !other.FromBrowser() && other.At.After(since) {
			return false, err
		}
	}
	return true, err
}

func (g gate) scope() string {
	if g.known {
		return "browser"
	}
	return "source"
}

func lockFacts(span time.Duration, scope string) Facts {
	return Facts{wordFact(FactLocked, fmt.Sprintf("%dm", int(span.Minutes()))), wordFact(FactScope, scope)}
}

// passed forgets the failures of who has signed in: those of his place, and those of all unknown browsers where his was
// one.
func (g gate) passed(tx Tx, o *Operator) error {
	if !g.known {
		o.Failures, o.Locked = 0, time.Time{}
	}
	return tx.DeleteGuess(o.ID, g.here.Place)
}

// Guesses lists where sign-ins have failed in a row, for who manages policies.
func (d *Desk) Guesses(ctx context.Context, by By) (gs []Guess, err error) {
	err = d.look(ctx, by, ManagePolicies, func(tx Tx) error {
		gs, err = tx.Guesses(0)
		return err
	})
	return gs, err
}

// forgetAccess forgets an operator's known browsers and what has failed: he gets a new password.
func forgetAccess(tx Tx, operatorID int64) error {
	if err := tx.ForgetDevices(operatorID); err != nil {
		return err
	}
	return tx.DeleteGuesses(operatorID)
}

// sweepAccess forgets what no longer counts, and audits the names that were seen one by one.
func sweepAccess(tx Tx, now time.Time) error {
	if err := tx.SweepDevices(now.Add(-DeviceLife)); err != nil {
		return err
	}
	if err := tx.SweepGuesses(now.Add(-guessMemory)); err != nil {
		return err
	}
	return sweepNames(tx, now)
}
