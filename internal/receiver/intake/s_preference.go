package intake

import "context"

// Preference returns what the officer has set up, "" for nothing.
func (d *Staff) Preference(ctx context.Context, by Officer, kind PreferenceKind) (value string, err error) {
	err = d.desk.store.View(ctx, func(tx Tx) error {
		value, err = tx.Preference(by.Operator.ID, kind)
		return ignoreMissing(err)
	})
	return value, err
}

// SetPreference keeps what the officer has set up, at most 1000 bytes. Safe to repeat; not audited.
func (d *Staff) SetPreference(ctx context.Context, by Officer, kind PreferenceKind, value string) error {
	if len(value) > 1000 {
		return invalid("设置过长")
	}
	return d.desk.store.Update(ctx, func(tx Tx) error {
		if err := by.may(tx, d.desk.now(tx), OwnVisit); err != nil {
			return err
		}
		return tx.SetPreference(by.Operator.ID, kind, value)
	})
}
