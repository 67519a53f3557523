package intake

import (
	"context"
	"errors"
	"time"
)

// By is who asks for a change: an Actor, who has every right, or an Officer, who has those of his role.
type By interface {
	actor() Actor
	// may is nil where who asks has the right as of now, within the transaction that decides.
	may(tx Tx, now time.Time, right Right) error
}

// The refusals of those who sign in.
var (
	// ErrSignedOut: the visit has ended, by time, by sign-out or by an administrator.
	ErrSignedOut = errors.New("登录已失效，请重新登录")
	// ErrForbidden: the role has no right to do it.
	ErrForbidden = errors.New("没有权限")
)

func (a Actor) actor() Actor                   { return a }
func (a Actor) may(Tx, time.Time, Right) error { return nil }

// Officer (在线操作员) is an operator who is signed in.
type Officer struct {
	Operator
	Visit
	// Expired: his password is past its time, and he may do nothing but change it.
	Expired bool
}

func (o Officer) actor() Actor { return ConsoleActor(o.Name) }

func (o Officer) may(tx Tx, now time.Time, right Right) error {
	was, err := officerIn(tx, o.Token, now)
	switch {
	case err != nil:
		return err
	case was.Expired && right != OwnVisit || !was.Role.May(right):
		return ErrForbidden
	}
	return nil
}

// officerIn returns who a token belongs to; ErrSignedOut where it belongs to nobody any more.
func officerIn(tx Tx, token TokenHash, now time.Time) (o Officer, err error) {
	if o.Visit, err = tx.Visit(token); err == nil {
		o.Operator, err = tx.OperatorByID(o.OperatorID)
	}
	if errors.Is(err, ErrNotFound) {
		return o, ErrSignedOut
	}
	if err != nil {
		return o, err
	}
	ps, err := policiesIn(tx)
	if err == nil && (o.Disabled || o.Suspended() || !o.Visit.alive(ps, now)) {
		err = ErrSignedOut
	}
	days := ps[PasswordDays]
	o.Expired = days > 0 && now.After(o.PasswordSet.AddDate(0, 0, int(days)))
	return o, err
}

// look runs f on a snapshot for who has the right.
func (d *Desk) look(ctx context.Context, by By, right Right, f func(Tx) error) error {
	return d.store.View(ctx, func(tx Tx) error {
		if err := by.may(tx, d.now(tx), right); err != nil {
			return err
		}
		return f(tx)
	})
}

// Officer returns who a visit's token belongs to. ErrSignedOut: nobody any more. What he may do is decided again by
// whatever he asks for. It marks the visit as seen, now and then; where the store cannot write he may still look.
func (d *Desk) Officer(ctx context.Context, token string) (o Officer, err error) {
	var now time.Time
	var late bool
	err = d.store.View(ctx, func(tx Tx) (err error) {
		now = d.now(tx)
		if o, err = officerIn(tx, HashToken(token), now); err == nil {
			late, err = o.Visit.late(tx, now)
		}
		return err
	})
	switch {
	case err != nil:
	case late:
		d.store.Background(ctx, func(tx Tx) error { return tx.TouchVisit(o.Token, now) })
	case now.Sub(o.Seen) >= touchEvery:
		d.touch(ctx, o.Token, now)
	}
	return o, err
}
