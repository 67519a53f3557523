package evidencelog

import (
	"context"
	"errors"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/merkle"
	"diaoxiao/internal/receiver/intake"
)

// Consistency proves that the log was only added to since a checkpoint that is kept elsewhere: up to another one
// that is kept elsewhere, or, where later is nil, up to the last one. ErrAltered where the log does not have one of
// them, ErrOrder where later is the smaller one.
func (l *Log) Consistency(ctx context.Context, by intake.By, old, later []byte) (c evidence.Consistency, err error) {
	was, err := evidence.UnsignedCheckpoint(old)
	if err != nil {
		return c, err
	}
	err = l.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		t, err := newTip(tx)
		if err != nil {
			return err
		}
		if err := t.cosign(); err != nil {
			return err
		}
		is, end := t.last.Checkpoint, t.last.Note
		if later != nil {
			end = later
			is, err = evidence.UnsignedCheckpoint(later)
		}
		if err = errors.Join(err, t.has(was), t.has(is)); err != nil {
			return err
		}
		if is.Size < was.Size {
			return ErrOrder
		}
		c.Old, c.New = old, end
		c.Path, err = merkle.Consistency(was.Size, is.Size, storedTiles{tx, t.log.No})
		if errors.Is(err, intake.ErrNotFound) {
			err = ErrAltered
		}
		return err
	})
	return c, err
}

// ErrOrder: of two checkpoints the one that should be the later one is the earlier one.
var ErrOrder = errors.New("the later checkpoint is smaller than the earlier one")

// has fails unless the log has a checkpoint.
func (t tip) has(c evidence.Checkpoint) error {
	stored, err := t.tx.CheckpointBefore(t.log.No, c.Size+1)
	if err == nil && stored.Text() != c.Text() {
		err = ErrAltered
	}
	return err
}
