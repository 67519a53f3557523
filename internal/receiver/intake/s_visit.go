package intake

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// OpenVisit is a visit that is going on, and whose.
type OpenVisit struct {
	Visit
	Operator Operator
}

// Visits lists the visits that go on, newest first: all for who manages policies, and one's own for everybody.
func (d *Staff) Visits(ctx context.Context, by Officer) (open []OpenVisit, err error) {
	err = d.desk.look(ctx, by, OwnVisit, func(tx Tx) error {
		now := d.desk.now(tx)
		ps, err := policiesIn(tx)
		if err != nil {
			return err
		}
		of := by.Operator.ID
		if by.Role.May(ManagePolicies) {
			of = 0
		}
		vs, err := tx.Visits(of)
		if err != nil {
			return err
		}
		for _, v := range vs {
			if who, err := tx.OperatorByID(v.OperatorID); err != nil {
				return err
			} else if v.alive(ps, now) && !who.Disabled && !who.Suspended() {
				open = append(open, OpenVisit{v, who})
			}
		}
		return nil
	})
	return open, err
}

// EndVisit ends a visit, one's own or, with the right to manage policies, anybody's. ErrNotFound: there is none.
func (d *Staff) EndVisit(ctx context.Context, by Officer, which TokenHash) error {
	return d.desk.act(ctx, by, OwnVisit, func(tx Tx, now time.Time) (AuditEntry, error) {
		v, err := tx.Visit(which)
		if err != nil {
			return AuditEntry{}, fmt.Errorf("会话：%w", err)
		}
		if v.OperatorID != by.Operator.ID && !by.Role.May(ManagePolicies) {
			return AuditEntry{}, ErrForbidden
		}
		whose, err := tx.OperatorByID(v.OperatorID)
		if err != nil {
			return AuditEntry{}, err
		}
		return AuditEntry{Action: ActionVisitEnd, Target: whose.Name, Detail: wordFact(FactSource, v.Source).String()}, tx.EndVisit(which, now)
	})
}

// SignOut ends the officer's own visit. Safe to repeat.
func (d *Staff) SignOut(ctx context.Context, by Officer) error {
	err := d.desk.act(ctx, by, OwnVisit, func(tx Tx, now time.Time) (AuditEntry, error) {
		return AuditEntry{Action: ActionSignOut, Target: by.Name}, tx.EndVisit(by.Token, now)
	})
	if errors.Is(err, ErrSignedOut) {
		return nil
	}
	return err
}
