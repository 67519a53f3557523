package intake

import (
	"context"
	"errors"
	"time"
)

// By is who asks for something: so far always an Actor, who has every right.
type By interface{ actor() Actor }

func (a Actor) actor() Actor { return a }

// Right (权限) is one kind of thing to do.
type Right int

// The rights.
const (
	LookCases Right = iota + 1
	WorkCases
	ConfirmReturns
	Maintain // what the command line alone does
)

// ErrForbidden: who asks has no right to do it.
var ErrForbidden = errors.New("没有权限")

// look runs f on a snapshot for who has the right.
func (d *Desk) look(ctx context.Context, _ By, _ Right, f func(Tx) error) error {
	return d.store.View(ctx, f)
}

// act runs one change and its audit entry in one transaction, for who has the right: all of it happens or nothing. The change
// returns what to say of it; time and actor are filled in.
func (d *Desk) act(ctx context.Context, by By, _ Right, change func(Tx, time.Time) (AuditEntry, error)) error {
	return d.store.Update(ctx, func(tx Tx) error {
		now := d.now(tx)
		e, err := change(tx, now)
		if err != nil {
			return err
		}
		e.At, e.By = now, by.actor()
		return tx.AppendAudit(e)
	})
}
