package evidencelog

import (
	"context"
	"errors"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/merkle"
	"diaoxiao/internal/receiver/intake"
)

// Consistency proves that the log was only added to since a checkpoint that is kept elsewhere. ErrAltered where the log
// does not have that checkpoint.
func (l *Log) Consistency(ctx context.Context, by intake.By, old []byte) (c evidence.Consistency, err error) {
	was, err := evidence.UnsignedCheckpoint(old)
	if err != nil {
		return c, err
	}
	err = l.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		t, err := newTip(tx)
		if err != nil {
			return err
		}
		has, err := tx.CheckpointBefore(t.log.No, was.Size+1)
		if err == nil && has.Text() != was.Text() {
			err = ErrAltered
		}
		if err != nil {
			return err
		}
		c.Old, c.New = old, t.last.Note
		c.Path, err = merkle.Consistency(was.Size, t.last.Size, storedTiles{tx, t.log.No})
		if errors.Is(err, intake.ErrNotFound) {
			err = ErrAltered
		}
		return err
	})
	return c, err
}
