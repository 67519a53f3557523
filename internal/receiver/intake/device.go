package intake

import (
	"time"
)

// Device (已知浏览器) is a browser in which an operator has signed in. It proves nothing by itself: it keeps its owner in
// while strangers guess at his account elsewhere.
type Device struct {
	Token      TokenHash
	OperatorID int64
	Created    time.Time
	Seen       time.Time // the last sign-in
	Agent      string
}

// DeviceTx is what a transaction does for known browsers.
type DeviceTx interface {
	PutDevice(Device) error                     // replaces
	DevicesOfToken(TokenHash) ([]Device, error) // one browser may be that of several operators
	Devices(operatorID int64) ([]Device, error) // the one seen last comes first
	ForgetDevice(token TokenHash, operatorID int64) error
	ForgetDevices(operatorID int64) error
	SweepDevices(before time.Time) error // not seen since
}

// ForgetAccess forgets an operator's known browsers and what has failed: he gets a new password.
func ForgetAccess(tx Tx, operatorID int64) error {
	if err := tx.ForgetDevices(operatorID); err != nil {
		return err
	}
	return tx.DeleteGuesses(operatorID)
}
