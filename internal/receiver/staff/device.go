package staff

import (
	"context"
	"errors"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// The limits of known browsers.
const (
	DeviceLife = 180 * 24 * time.Hour // since the last sign-in
	maxDevices = 8                    // of one operator
)

// KnownDevice reports whether a token belongs to a known browser of the operator with that name.
func (d *Staff) KnownDevice(ctx context.Context, name, token string) (known bool, err error) {
	if token == "" {
		return false, nil
	}
	err = d.desk.Store().View(ctx, func(tx intake.Tx) error {
		o, err := tx.Operator(name)
		if err == nil {
			known, err = knownDevice(tx, o.ID, token, d.desk.Now(tx))
		}
		return intake.IgnoreMissing(err)
	})
	return known, err
}

func knownDevice(tx intake.Tx, operatorID int64, token string, now time.Time) (bool, error) {
	if token == "" || operatorID == 0 {
		return false, nil
	}
	ds, err := tx.DevicesOfToken(intake.HashToken(token))
	for _, v := range ds {
		if v.OperatorID == operatorID && now.Before(v.Seen.Add(DeviceLife)) {
			return true, err
		}
	}
	return false, err
}

// RememberDevice makes the browser of a visit, by the visit's token, known for its operator, and returns the token that
// the browser must show from now on. had is the token that it showed; it stays where it is known, so that operators can
// share a browser. An operator has at most eight known browsers, the latest. ErrSignedOut: there is no such visit.
func (d *Staff) RememberDevice(ctx context.Context, visit, had string) (token string, err error) {
	fresh := d.desk.NewSecret()
	err = d.desk.Store().Update(ctx, func(tx intake.Tx) error {
		now := d.desk.Now(tx)
		who, err := intake.OfficerIn(tx, intake.HashToken(visit), now)
		if err != nil {
			return err
		}
		if token, err = deviceToken(tx, had, fresh); err != nil {
			return err
		}
		v := intake.Device{
			Token:      intake.HashToken(token),
			OperatorID: who.Operator.ID,
			Created:    now,
			Seen:       now,
			Agent:      who.Agent,
		}
		if err := tx.PutDevice(v); err != nil {
			return err
		}
		return forgetOldest(tx, who.Operator.ID)
	})
	return token, err
}

// deviceToken is the token that a browser showed, where it is known for any operator, and a fresh one otherwise: a
// browser cannot choose its token.
func deviceToken(tx intake.Tx, had, fresh string) (string, error) {
	if had == "" {
		return fresh, nil
	}
	ds, err := tx.DevicesOfToken(intake.HashToken(had))
	if err != nil || len(ds) == 0 {
		return fresh, err
	}
	return had, nil
}

func forgetOldest(tx intake.Tx, operatorID int64) error {
	ds, err := tx.Devices(operatorID)
	for i := maxDevices; i < len(ds); i++ {
		err = errors.Join(err, tx.ForgetDevice(ds[i].Token, operatorID))
	}
	return err
}
