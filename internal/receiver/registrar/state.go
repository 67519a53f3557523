package registrar

import (
	"context"
	"errors"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
)

// State is what there is of the register now.
type State struct {
	Snapshot register.Snapshot // the current one; the zero value: none was ever imported
	There    bool              // its rows are there: a backup and a copy leave them out
	Age      int64             // days since the day of the snapshot
	Days     int64             // how old it may be; 0: any age
}

// Stale reports whether the snapshot is too old for 一致 to be a comfort.
func (s State) Stale() bool { return s.There && s.Days > 0 && s.Age > s.Days }

// Current returns the state of the register, to those who may look at it and to those who may import it.
func (r *Registrar) Current(ctx context.Context, by intake.By) (s State, err error) {
	err = r.lookEither(ctx, by, func(tx intake.Tx) error {
		s, err = StateIn(tx, r.desk)
		return err
	})
	return s, err
}

// Imports lists the snapshots that were imported, the newest first, to those of Current.
func (r *Registrar) Imports(ctx context.Context, by intake.By, limit int) (ss []register.Snapshot, err error) {
	err = r.lookEither(ctx, by, func(tx intake.Tx) error {
		ss, err = tx.Snapshots(limit)
		return err
	})
	return ss, err
}

func (r *Registrar) lookEither(ctx context.Context, by intake.By, f func(intake.Tx) error) error {
	err := r.desk.Look(ctx, by, intake.LookRegister, f)
	if errors.Is(err, intake.ErrForbidden) {
		return r.desk.Look(ctx, by, intake.ImportRegister, f)
	}
	return err
}

// StateIn is the state of the register within a transaction.
func StateIn(tx intake.Tx, desk *intake.Desk) (s State, err error) {
	if s.Snapshot, err = tx.CurrentSnapshot(); err != nil {
		return State{}, intake.IgnoreMissing(err)
	}
	if s.There, err = tx.HasRegister(s.Snapshot.ID); err != nil {
		return State{}, err
	}
	ps, err := intake.PoliciesIn(tx)
	s.Age, s.Days = s.Snapshot.Age(desk.Now(tx)), ps[intake.RegisterDays]
	return s, err
}
