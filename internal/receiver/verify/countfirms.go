package verify

import (
	"context"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// A program of an older version did not count the firms of a case by state. The migration leaves these cases to the
// verifier, which counts them when nothing else waits. Until then they are counted whenever they are shown.

// uncountedPage is how many cases are counted in one transaction at most.
const uncountedPage = 64

// countFirms counts the firms of some cases that wait for it. more: others may wait.
func (v *Verifier) countFirms(ctx context.Context) (more bool, err error) {
	first := v.uncounted
	err = v.desk.Store().Background(ctx, func(tx intake.Tx) error {
		nos, err := tx.Uncounted(uncountedPage)
		more = len(nos) > 0 && nos[0] != v.uncounted // the same case again: it cannot be counted
		if err != nil || !more {
			return err
		}
		began := time.Now()
		for _, no := range nos {
			if err := intake.UpdateWorklist(tx, no, no, false); err != nil {
				return err
			}
			if tx.Yield() || time.Since(began) > hold {
				break
			}
		}
		first = nos[0]
		return nil
	})
	if err == nil {
		v.uncounted = first
	}
	return more, err
}
