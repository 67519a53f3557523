package intake

import (
	"time"
)

// Device (已知浏览器) is a browser in which an operator has signed in. It proves nothing by itself: it lets its owner sign
// in while failed sign-ins elsewhere lock the account for unknown browsers.
type Device struct {
	Token      TokenHash
	OperatorID int64
	Created    time.Time
	Seen       time.Time // the last sign-in
	Agent      string
}

// DeviceTx reads and writes known browsers within a transaction.
type DeviceTx interface {
	PutDevice(Device) error                     // replaces
	DevicesOfToken(TokenHash) ([]Device, error) // one browser may be that of several operators
	Devices(operatorID int64) ([]Device, error) // the one seen last comes first
	ForgetDevice(token TokenHash, operatorID int64) error
	ForgetDevices(operatorID int64) error
	SweepDevices(before time.Time) error // not seen since
}

// ForgetAccess forgets an operator's known browsers and failed sign-ins. It is called where the password changes or
// ends.
func ForgetAccess(tx Tx, operatorID int64) error {
	if err := tx.ForgetDevices(operatorID); err != nil {
		return err
	}
	return tx.DeleteGuesses(operatorID)
}
