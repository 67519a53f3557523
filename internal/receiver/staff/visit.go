package staff

import (
	"context"
	"errors"
	"fmt"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// OpenVisit is a visit that has not ended, with its operator.
type OpenVisit struct {
	intake.Visit
	Operator intake.Operator
}

// Visits lists the visits that have not ended, newest first: all visits for an officer with the right to manage
// policies, the officer's own for any other.
func (d *Staff) Visits(ctx context.Context, by intake.Officer) (open []OpenVisit, err error) {
	err = d.desk.Look(ctx, by, intake.OwnVisit, func(tx intake.Tx) error {
		now := d.desk.Now(tx)
		ps, err := intake.PoliciesIn(tx)
		if err != nil {
			return err
		}
		of := by.Operator.ID
		if by.Role.May(intake.ManagePolicies) {
			of = 0
		}
		vs, err := tx.Visits(of)
		if err != nil {
			return err
		}
		for _, v := range vs {
			if who, err := tx.OperatorByID(v.OperatorID); err != nil {
				return err
			} else if v.Alive(ps, now) && !who.Disabled && !who.Suspended() {
				open = append(open, OpenVisit{v, who})
			}
		}
		return nil
	})
	return open, err
}

// EndVisit ends a visit of the officer or, with the right to manage policies, of any operator. ErrNotFound: there is no
// such visit; ErrForbidden: it belongs to another operator, and the officer does not have that right.
func (d *Staff) EndVisit(ctx context.Context, by intake.Officer, which intake.TokenHash) error {
	return d.desk.Act(ctx, by, intake.OwnVisit, func(tx intake.Tx, now time.Time) (intake.AuditEntry, error) {
		v, err := tx.Visit(which)
		if err != nil {
			return intake.AuditEntry{}, fmt.Errorf("会话：%w", err)
		}
		if v.OperatorID != by.Operator.ID && !by.Role.May(intake.ManagePolicies) {
			return intake.AuditEntry{}, intake.ErrForbidden
		}
		whose, err := tx.OperatorByID(v.OperatorID)
		if err != nil {
			return intake.AuditEntry{}, err
		}
		return intake.AuditEntry{
			Action: intake.ActionVisitEnd,
			Target: whose.Name,
			Detail: intake.WordFact(intake.FactSource, v.Source).String(),
		}, tx.EndVisit(which, now)
	})
}

// SignOut ends the officer's own visit. Safe to repeat.
func (d *Staff) SignOut(ctx context.Context, by intake.Officer) error {
	err := d.desk.Act(ctx, by, intake.OwnVisit, func(tx intake.Tx, now time.Time) (intake.AuditEntry, error) {
		return intake.AuditEntry{Action: intake.ActionSignOut, Target: by.Name}, tx.EndVisit(by.Token, now)
	})
	if errors.Is(err, intake.ErrSignedOut) {
		return nil
	}
	return err
}
