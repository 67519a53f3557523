package evidencelog

import (
	"context"
	"fmt"

	"diaoxiao/internal/evidence/merkle"
	"diaoxiao/internal/receiver/intake"
)

// Rebuild makes the tiles of the log anew from the store. It fails, and changes nothing, unless they have the root of
// the last checkpoint. Safe to repeat.
func (l *Log) Rebuild(ctx context.Context, by intake.By) (leaves int64, err error) {
	if err := l.desk.Look(ctx, by, intake.Maintain, func(intake.Tx) error { return nil }); err != nil {
		return 0, err
	}
	var t tip
	if err := l.desk.Store().View(ctx, func(tx intake.Tx) (err error) { t, err = newTip(tx); return err }); err != nil {
		return 0, err
	}
	grown := newGrowth(new(merkle.Edge))
	if err := l.eachLeaf(ctx, t, grown.add); err != nil {
		return 0, err
	}
	if grown.edge.Size() != t.last.Size || grown.edge.Root() != t.last.Roots {
		return 0, fmt.Errorf("%d leaves: %w", grown.edge.Size(), ErrAltered)
	}
	return t.last.Size, l.desk.Store().Background(ctx, func(tx intake.Tx) error { return grown.put(tx, t.log.No) })
}
