package intake

import (
	"context"
	"time"
)

// Officer returns who a visit's token belongs to. ErrSignedOut: nobody any more. What he may do is decided again by
// whatever he asks for. It marks the visit as seen, now and then; where the store cannot write he may still look.
func (d *Staff) Officer(ctx context.Context, token string) (o Officer, err error) {
	var now time.Time
	var late bool
	err = d.desk.store.View(ctx, func(tx Tx) (err error) {
		now = d.desk.now(tx)
		if o, err = officerIn(tx, HashToken(token), now); err == nil {
			late, err = isLate(o.Visit, tx, now)
		}
		return err
	})
	switch {
	case err != nil:
	case late:
		d.desk.store.Background(ctx, func(tx Tx) error { return tx.TouchVisit(o.Token, now) })
	case now.Sub(o.Seen) >= touchEvery:
		d.touch(ctx, o.Token, now)
	}
	return o, err
}
