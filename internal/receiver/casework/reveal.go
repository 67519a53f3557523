package casework

import (
	"context"
	"fmt"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// RevealNames lets a console session, by its token, see the names of all the legal representatives of a case, which
// are personal information and masked in lists otherwise, for so long. The purpose is for the audit. Safe to repeat:
// the last one counts. ErrInvalid: no purpose; ErrNotFound: no such case.
func (d *Cases) RevealNames(
	ctx context.Context,
	by intake.By,
	token intake.TokenHash,
	acceptID, purpose string,
	long time.Duration,
) error {
	if err := intake.CheckText("查看姓名的目的", purpose); err != nil {
		return err
	}
	return d.desk.Act(ctx, by, intake.LookCases, func(tx intake.Tx, now time.Time) (intake.AuditEntry, error) {
		entry := intake.AuditEntry{Action: intake.ActionCaseRevealNames, Target: acceptID, Detail: purpose}
		c, err := intake.CaseByAcceptID(tx, acceptID)
		if err != nil {
			return entry, fmt.Errorf("受理号%s：%w", intake.Quote(acceptID), err)
		}
		return entry, tx.PutReveal(token, c.No, now.Add(long))
	})
}

// Revealed reports whether a console session, by its token, may see the names of a case now.
func (d *Cases) Revealed(
	ctx context.Context,
	by intake.By,
	token intake.TokenHash,
	caseNo int64,
) (revealed bool, err error) {
	err = d.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		until, err := tx.RevealedUntil(token, caseNo)
		revealed = err == nil && d.desk.Now(tx).Before(until)
		return intake.IgnoreMissing(err)
	})
	return revealed, err
}
