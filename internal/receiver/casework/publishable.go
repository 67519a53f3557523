package casework

import (
	"context"

	"diaoxiao/internal/receiver/intake"
)

// CanPublish is nil where Publish would record the publication of a case on that day, and otherwise its error. Nothing
// is changed.
func (d *Cases) CanPublish(ctx context.Context, by intake.By, acceptID, day string) error {
	if err := checkDay(day); err != nil {
		return err
	}
	return d.desk.Look(ctx, by, intake.WorkCases, func(tx intake.Tx) error {
		r, err := caseRow(tx, acceptID)
		if err != nil {
			return err
		}
		if err := unsettled(tx, r); err != nil {
			return err
		}
		firms, err := d.judge(tx).publishable(r)
		if err != nil {
			return err
		}
		return firms.check(r, day, d.desk.Now(tx))
	})
}
