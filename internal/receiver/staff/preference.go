package staff

import (
	"diaoxiao/internal/receiver/intake"
)

import "context"

// Preference returns a setting of the officer, "" where there is none.
func (d *Staff) Preference(
	ctx context.Context,
	by intake.Officer,
	kind intake.PreferenceKind,
) (value string, err error) {
	err = d.desk.Store().View(ctx, func(tx intake.Tx) error {
		value, err = tx.Preference(by.Operator.ID, kind)
		return intake.IgnoreMissing(err)
	})
	return value, err
}

// SetPreference stores a setting of the officer, at most 1000 bytes. Safe to repeat; not audited.
func (d *Staff) SetPreference(ctx context.Context, by intake.Officer, kind intake.PreferenceKind, value string) error {
	if len(value) > 1000 {
		return intake.Invalid("设置过长")
	}
	return d.desk.Store().Update(ctx, func(tx intake.Tx) error {
		if err := by.May(tx, d.desk.Now(tx), intake.OwnVisit); err != nil {
			return err
		}
		return tx.SetPreference(by.Operator.ID, kind, value)
	})
}
