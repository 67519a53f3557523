package casework

import (
	"context"
	"fmt"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// Claim records that the asker works on a case (认领). The claim of another person ends. Others may work on the case as
// before. ErrExists: the asker has claimed it, or all its firms are decided.
func (d *Cases) Claim(ctx context.Context, by intake.By, acceptID string) error {
	return d.claiming(ctx, by, acceptID, intake.ActionCaseClaim,
		func(tx intake.Tx, now time.Time, r intake.CaseRow) error {
			if err := claimable(by, r); err != nil {
				return err
			}
			return tx.PutCaseClaim(intake.CaseClaim{CaseNo: r.No, By: by.Actor(), At: now})
		})
}

func claimable(by intake.By, r intake.CaseRow) error {
	switch {
	case r.Decided():
		return intake.Exists("案件已退回，或者所有市场主体都已决定，无须认领")
	case r.Claim.By == by.Actor():
		return intake.Exists("案件已由您认领")
	}
	return nil
}

// Unclaim takes the asker's claim back (取消认领). ErrInvalid: the asker has none.
func (d *Cases) Unclaim(ctx context.Context, by intake.By, acceptID string) error {
	return d.claiming(ctx, by, acceptID, intake.ActionCaseUnclaim,
		func(tx intake.Tx, _ time.Time, r intake.CaseRow) error {
			if err := unclaimable(by, r); err != nil {
				return err
			}
			return tx.DeleteCaseClaim(r.No)
		})
}

func unclaimable(by intake.By, r intake.CaseRow) error {
	if r.Claim.By != by.Actor() {
		return intake.Invalid("案件没有由您认领")
	}
	return nil
}

// claiming is one change of a claim with its audit entry. A claim is no event of the case: it decides nothing.
func (d *Cases) claiming(ctx context.Context, by intake.By, acceptID string, a intake.Action,
	do func(intake.Tx, time.Time, intake.CaseRow) error,
) error {
	return d.desk.Act(ctx, by, intake.WorkCases, func(tx intake.Tx, now time.Time) (intake.AuditEntry, error) {
		entry := intake.AuditEntry{Action: a, Target: acceptID}
		r, err := caseRow(tx, acceptID)
		if err == nil {
			err = do(tx, now, r)
		}
		if err != nil {
			return entry, fmt.Errorf("受理号%s：%w", intake.Quote(acceptID), err)
		}
		return entry, nil
	})
}

// CanClaim is nil where Claim would succeed and no other person has claimed the case. ErrExists: another person has.
func CanClaim(by intake.Officer, r intake.CaseRow) error {
	if err := claimable(by, r); err != nil {
		return err
	}
	if r.Claim.By != "" {
		return intake.Exists("案件已由其他人认领")
	}
	return nil
}

// CanUnclaim is nil where Unclaim would succeed.
func CanUnclaim(by intake.Officer, r intake.CaseRow) error { return unclaimable(by, r) }

const (
	// openedAgain is how long after an opening by the same person the next is not recorded.
	openedAgain = 5 * time.Minute
	// OpenedLately is how long an opening is shown to others.
	OpenedLately = time.Hour
)

// Open records that the asker has opened a case to work on it. It returns the last opening by another person within
// OpenedLately; the zero value: there is none. Nothing is audited.
func (d *Cases) Open(ctx context.Context, by intake.Officer, caseNo int64) (other intake.CaseOpening, err error) {
	var now time.Time
	var last intake.CaseOpening
	err = d.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		now = d.desk.Now(tx)
		last, err = tx.CaseOpening(caseNo)
		return intake.IgnoreMissing(err)
	})
	if err != nil {
		return other, err
	}
	mine := last.By == by.Actor()
	if !mine && last.By != "" && now.Sub(last.At) < OpenedLately {
		other = last
	}
	if !by.Role.May(intake.WorkCases) || mine && now.Sub(last.At) < openedAgain {
		return other, nil
	}
	return other, d.desk.Store().Update(ctx, func(tx intake.Tx) error {
		now := d.desk.Now(tx)
		if err := by.May(tx, now, intake.WorkCases); err != nil {
			return err
		}
		return tx.PutCaseOpening(intake.CaseOpening{CaseNo: caseNo, By: by.Actor(), At: now})
	})
}
