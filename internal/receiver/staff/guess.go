package staff

import (
	"context"
	"encoding/hex"
	"fmt"
	"net/netip"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// How guessing is limited. After LockAfter failed sign-ins in a row for one operator from one place, that place is
// locked for LockMinutes. After lockAllFactor times as many from all places together that are no known browsers, all
// these places are locked. So with the defaults one network has 240 tries a day at one operator, and any number of
// networks together have 480. A known browser lets its owner sign in meanwhile.
const (
	lockAllFactor = 2
	guessMemory   = 24 * time.Hour
)

// place is the origin of a sign-in, by which failures are counted.
func (in SignIn) place(known bool) string {
	if known {
		h := intake.HashToken(in.Device)
		return intake.BrowserPlace + hex.EncodeToString(h[:8])
	}
	a, err := netip.ParseAddr(in.Source)
	if err != nil || !a.Is6() || a.Is4In6() {
		return in.Source
	}
	p, _ := a.WithZone("").Prefix(64) // one host can choose any address of it
	return p.String()
}

// gate is the state that decides whether a sign-in to an operator's account is locked out.
type gate struct {
	operator intake.Operator
	known    bool // the browser is known
	here     intake.Guess
}

func gateOf(tx intake.Tx, o intake.Operator, in SignIn, now time.Time) (g gate, err error) {
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
	return g, intake.IgnoreMissing(err)
}

// locked reports whether the account is locked for sign-ins from this place. A lock of the account itself holds only
// for unknown browsers.
func (g gate) locked(now time.Time) bool {
	return now.Before(g.here.Locked) || !g.known && now.Before(g.operator.Locked)
}

// failed counts a failure, and returns for the audit the locks that it caused.
func (g gate) failed(tx intake.Tx, now time.Time) (locks intake.Facts, err error) {
	ps, err := intake.PoliciesIn(tx)
	if err != nil || g.locked(now) {
		return nil, err
	}
	span := ps.Minutes(intake.LockMinutes)
	before, o := g.here, g.operator
	g.here.Failures++
	if int64(g.here.Failures) >= ps[intake.LockAfter] {
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
	if int64(o.Failures) >= lockAllFactor*ps[intake.LockAfter] {
		o.Failures, o.Locked, locks = 0, now.Add(span), lockFacts(span, "all")
	}
	return locks, tx.UpdateOperator(o)
}

// stale reports whether no unknown browser has failed since: one network alone never adds up to a lock of all.
func (g gate) stale(tx intake.Tx, before intake.Guess, since time.Time) (bool, error) {
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

func lockFacts(span time.Duration, scope string) intake.Facts {
	return intake.Facts{
		intake.WordFact(intake.FactLocked, fmt.Sprintf("%dm", int(span.Minutes()))),
		intake.WordFact(intake.FactScope, scope),
	}
}

// passed forgets the failures of an operator who has signed in: those from this place, and those of all unknown
// browsers where this browser was unknown.
func (g gate) passed(tx intake.Tx, o *intake.Operator) error {
	if !g.known {
		o.Failures, o.Locked = 0, time.Time{}
	}
	return tx.DeleteGuess(o.ID, g.here.Place)
}

// Guesses lists where sign-ins have failed in a row. The caller needs the right to manage policies.
func (d *Staff) Guesses(ctx context.Context, by intake.By) (gs []intake.Guess, err error) {
	err = d.desk.Look(ctx, by, intake.ManagePolicies, func(tx intake.Tx) error {
		gs, err = tx.Guesses(0)
		return err
	})
	return gs, err
}

// SweepAccess forgets the console sessions, links, known browsers and failed sign-ins that no longer count. It must be
// called every half minute or so. It is safe to repeat.
func (d *Staff) SweepAccess(ctx context.Context) error {
	return d.desk.Store().Update(ctx, func(tx intake.Tx) error {
		now := d.desk.Now(tx)
		if err := tx.SweepVisits(now, now.Add(-7*24*time.Hour)); err != nil {
			return err
		}
		if err := tx.SweepDevices(now.Add(-DeviceLife)); err != nil {
			return err
		}
		return tx.SweepGuesses(now.Add(-guessMemory))
	})
}
