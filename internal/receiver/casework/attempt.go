package casework

import (
	"context"
	"fmt"

	"diaoxiao/internal/receiver/intake"
)

// AttemptsOf lists every attempt to send the caseid of a case, by the app that sent it, oldest first: those that were
// accepted, those that repeated one and those that were refused, before the case and after it; at most a thousand.
// ErrNotFound: there is no such case.
func (d *Cases) AttemptsOf(ctx context.Context, by intake.By, acceptID string) (as []intake.Attempt, err error) {
	err = d.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		c, err := intake.CaseByAcceptID(tx, acceptID)
		if err != nil {
			return fmt.Errorf("受理号%s：%w", intake.Quote(acceptID), err)
		}
		as, err = tx.Attempts(intake.AttemptFilter{AppID: c.AppID, CaseID: c.CaseID})
		return err
	})
	return as, err
}
