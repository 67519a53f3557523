package staff

import (
	"context"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// Officer returns the officer to whom a visit's token belongs. ErrSignedOut: the visit has ended. Each operation checks
// the rights of the officer again. Officer records now and then that the visit is in use; it succeeds also where the
// store cannot write that.
func (d *Staff) Officer(ctx context.Context, token string) (o intake.Officer, err error) {
	var now time.Time
	var late bool
	err = d.desk.Store().View(ctx, func(tx intake.Tx) (err error) {
		now = d.desk.Now(tx)
		if o, err = intake.OfficerIn(tx, intake.HashToken(token), now); err == nil {
			late, err = isLate(o.Visit, tx, now)
		}
		return err
	})
	switch {
	case err != nil:
	case late:
		d.desk.Store().Background(ctx, func(tx intake.Tx) error { return tx.TouchVisit(o.Token, now) })
	case now.Sub(o.Seen) >= touchEvery:
		d.touch(ctx, o.Token, now)
	}
	return o, err
}
