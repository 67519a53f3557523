package registrar

import (
	"context"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
)

// Firm returns one row of a snapshot. ErrNotFound: there is no such row, or another snapshot is the current one; rows
// of two snapshots have nothing to do with one another.
func (r *Registrar) Firm(
	ctx context.Context,
	by intake.By,
	snapshot int64,
	rowNo int,
) (f register.Firm, s State, err error) {
	err = r.desk.Look(ctx, by, intake.LookRegister, func(tx intake.Tx) error {
		if s, err = StateIn(tx, r.desk); err != nil {
			return err
		}
		if !s.There || s.Snapshot.ID != snapshot {
			return intake.ErrNotFound
		}
		f, err = tx.Firm(snapshot, rowNo)
		return err
	})
	return f, s, err
}
