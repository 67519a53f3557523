package intake

import (
	"context"
	"errors"
	"time"
)

// By is the requester of a change: an Actor has every right, an Officer has the rights of the operator's role.
type By interface {
	Actor() Actor
	// May is nil where the requester has the right at now, read within the transaction that decides.
	May(tx Tx, now time.Time, right Right) error
}

// The errors of requests by officers.
var (
	// ErrSignedOut: the visit has ended, by time, by sign-out or by an administrator.
	ErrSignedOut = errors.New("登录已失效，请重新登录")
	// ErrForbidden: the role has no right to do it.
	ErrForbidden = errors.New("没有权限")
)

// Actor is the actor itself.
func (a Actor) Actor() Actor { return a }

// May is nil: an actor has every right.
func (a Actor) May(Tx, time.Time, Right) error { return nil }

// Officer (在线操作员) is an operator who is signed in.
type Officer struct {
	Operator
	Visit
	// Expired: the password is too old, and the officer may do nothing but change it.
	Expired bool
	Idle    time.Duration // the visit ends after this time without a request
	Ends    time.Time     // and at this time in any case
}

// Actor is the name of the officer in the audit.
func (o Officer) Actor() Actor { return ConsoleActor(o.Name) }

// May is nil where the visit goes on and the role has the right; otherwise it is ErrSignedOut or ErrForbidden.
func (o Officer) May(tx Tx, now time.Time, right Right) error {
	was, err := OfficerIn(tx, o.Token, now)
	switch {
	case err != nil:
		return err
	case was.Expired && right != OwnVisit || !was.Role.May(right):
		return ErrForbidden
	}
	return nil
}

// OfficerIn returns the officer that a token belongs to; ErrSignedOut where the visit has ended or the operator may not
// sign in any more.
func OfficerIn(tx Tx, token TokenHash, now time.Time) (o Officer, err error) {
	if o.Visit, err = tx.Visit(token); err == nil {
		o.Operator, err = tx.OperatorByID(o.OperatorID)
	}
	if errors.Is(err, ErrNotFound) {
		return o, ErrSignedOut
	}
	if err != nil {
		return o, err
	}
	ps, err := PoliciesIn(tx)
	if err == nil && (o.Disabled || o.Suspended() || !o.Visit.Alive(ps, now)) {
		err = ErrSignedOut
	}
	o.Idle, o.Ends = ps.Minutes(IdleMinutes), o.Visit.Created.Add(time.Duration(ps[LifeHours])*time.Hour)
	days := ps[PasswordDays]
	o.Expired = days > 0 && now.After(o.PasswordSet.AddDate(0, 0, int(days)))
	return o, err
}

// Look runs f on a snapshot; ErrForbidden or ErrSignedOut where by does not have the right.
func (d *Desk) Look(ctx context.Context, by By, right Right, f func(Tx) error) error {
	return d.store.View(ctx, func(tx Tx) error {
		if err := by.May(tx, d.Now(tx), right); err != nil {
			return err
		}
		return f(tx)
	})
}

// SamePerson reports whether two actors are one person: they have one name, their accounts have one identifier, or they
// are two logins at the machine that cannot be told apart.
func SamePerson(tx Tx, a, b Actor) (bool, error) {
	if a.Person() == b.Person() {
		return true, nil
	}
	if a.OnCommandLine() && b.OnCommandLine() {
		return AnotherLogin(a, b) != nil, nil
	}
	one, err := OperatorOf(tx, a)
	if err != nil {
		return false, err
	}
	two, err := OperatorOf(tx, b)
	return SameIdentity(one.Identity, two.Identity), err
}

// OperatorOf returns the operator behind an actor of the console; the zero Operator for any other actor, and where
// there is no such operator.
func OperatorOf(tx Tx, a Actor) (Operator, error) {
	name, ok := a.Operator()
	if !ok {
		return Operator{}, nil
	}
	o, err := tx.Operator(name)
	return o, IgnoreMissing(err)
}

// ErrSamePerson: the person who asked for a return cannot decide on it.
var ErrSamePerson = errors.New("申请人与复核人不能是同一人")
