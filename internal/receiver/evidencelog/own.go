package evidencelog

import (
	"context"
	"errors"

	"diaoxiao/api"
	"diaoxiao/internal/evidence"
	"diaoxiao/internal/receiver/intake"
)

// OwnReceipt is the receipt of a case of the caller's own app, for the sender: it shows the hashes of the body, the
// salt of the case and the steps on the case (S26). A case of another app is refused like one that does not exist,
// 19013; ErrNotYet, ErrNoLog or ErrAltered as of Receipt. The commit after the reading makes sure that the checkpoint
// in the receipt can't be lost any more. The making gives way to acceptance: that of 100,000 firms takes seconds.
func (l *Log) OwnReceipt(ctx context.Context, who intake.Caller, acceptID string) (r evidence.Receipt, err error) {
	store := l.desk.Store()
	err = store.View(ctx, func(tx intake.Tx) error {
		c, err := ownCase(tx, who, acceptID)
		if err != nil {
			return err
		}
		r, err = l.receipt(tx, c, Content{Whole: true, Events: true, unhurried: true})
		return err
	})
	if err != nil {
		return r, err
	}
	return r, store.Update(ctx, func(tx intake.Tx) error {
		_, err := tx.Session(who.Token)
		return intake.IgnoreMissing(err)
	})
}

func ownCase(tx intake.Tx, who intake.Caller, acceptID string) (intake.Case, error) {
	c, err := intake.CaseByAcceptID(tx, acceptID)
	if errors.Is(err, intake.ErrNotFound) || err == nil && c.AppID != who.AppID {
		err = &api.Refusal{Problems: []api.Problem{{Code: api.NoSuchCase}}}
	}
	return c, err
}
