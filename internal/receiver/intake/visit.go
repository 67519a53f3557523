package intake

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Visit (在线会话) is one sign-in of an operator at the console.
type Visit struct {
	Token      TokenHash
	OperatorID int64
	Created    time.Time
	Seen       time.Time // to about a minute
	Ended      time.Time // zero: not ended
	Source     string    // network address
	Agent      string    // the browser, as it names itself
}

func (v Visit) alive(ps Policies, now time.Time) bool {
	return v.Ended.IsZero() && now.Before(v.Created.Add(time.Duration(ps[LifeHours])*time.Hour)) && now.Before(v.Seen.Add(ps.minutes(IdleMinutes)))
}

// OpenVisit is a visit that is going on, and whose.
type OpenVisit struct {
	Visit
	Operator Operator
}

// Visits lists the visits that go on, newest first: all for who manages policies, and one's own for everybody.
func (d *Desk) Visits(ctx context.Context, by Officer) (open []OpenVisit, err error) {
	err = d.look(ctx, by, OwnVisit, func(tx Tx) error {
		now := d.now(tx)
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
func (d *Desk) EndVisit(ctx context.Context, by Officer, which TokenHash) error {
	return d.act(ctx, by, OwnVisit, func(tx Tx, now time.Time) (AuditEntry, error) {
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
func (d *Desk) SignOut(ctx context.Context, by Officer) error {
	err := d.act(ctx, by, OwnVisit, func(tx Tx, now time.Time) (AuditEntry, error) {
		return AuditEntry{Action: ActionSignOut, Target: by.Name}, tx.EndVisit(by.Token, now)
	})
	if errors.Is(err, ErrSignedOut) {
		return nil
	}
	return err
}
