package casework

import (
	"context"
	"errors"
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// stamp is equal at two moments only where nothing has changed of what is known of the firms of a case.
type stamp struct {
	verified, worse, returned, checked int64
	severe, warnings, notices          int
	marks                              intake.Marks
	snapshot, event                    int64
	stale                              bool
}

func (j *judge) stamp(r intake.CaseRow) (s stamp, err error) {
	s = stamp{verified: r.Verified.UnixMilli(), worse: r.Worse.UnixMilli(), returned: r.Returned.UnixMilli(),
		checked: r.Work.Checked.UnixMilli(), severe: r.Severe, warnings: r.Warnings, notices: r.Notices,
		marks: r.Marks, snapshot: r.Snapshot}
	a, err := j.snapshot(r.Snapshot)
	if err != nil {
		return s, err
	}
	s.stale = a.stale
	s.event, err = j.tx.LastCaseEvent(r.No)
	return s, err
}

// atRest is nil where no verifier is about to change findings or verdicts of the case, a piece of it at a time.
func (j *judge) atRest(r intake.CaseRow) error {
	v, err := j.tx.Verification(r.No)
	if intake.IgnoreMissing(err) != nil {
		return err
	}
	current, err := j.tx.CurrentSnapshot()
	if intake.IgnoreMissing(err) != nil {
		return err
	}
	if !r.Verified.IsZero() && (v.Rules != rules.Version || current.ID > r.Snapshot) {
		return intake.Exists("案件正在重新核验或与新的主体库比对，请稍后再试")
	}
	return nil
}

const (
	// smallList is up to how many firms are read within the transaction that decides on them.
	smallList = 2000
	// sightings is how often a long list is read before it is given up.
	sightings = 5
)

var errMoved = errors.New("the case has changed since it was read")

// sighted is a use case that depends on what is known of the firms of one case. A long list is read in a snapshot, so
// that the reading does not hold up others; the transaction that decides then makes sure that nothing changed since.
type sighted[T any] struct {
	right intake.Right
	of    func(intake.Tx) (intake.CaseRow, error)
	see   func(*judge, intake.CaseRow) (T, error)
	act   func(tx intake.Tx, now time.Time, r intake.CaseRow, seen T) (intake.AuditEntry, error)
}

func (u sighted[T]) run(ctx context.Context, d *Cases, by intake.By) error {
	for range sightings {
		seen, was, err := u.look(ctx, d, by)
		if err != nil {
			return err
		}
		err = d.desk.Act(ctx, by, u.right, func(tx intake.Tx, now time.Time) (entry intake.AuditEntry, err error) {
			r, err := u.of(tx)
			if err != nil {
				return entry, err
			}
			j := d.judge(tx)
			if was == nil {
				seen, err = u.see(j, r)
			} else if is, e := j.stamp(r); e != nil || is != *was {
				err = errors.Join(e, errMoved)
			}
			if err != nil {
				return entry, err
			}
			return u.act(tx, now, r, seen)
		})
		if !errors.Is(err, errMoved) {
			return err
		}
	}
	return intake.Exists("案件的核验结果或者办理情况正在变化，请稍后再试")
}

// look reads a long list. A nil stamp: the list is short, and nothing was read.
func (u sighted[T]) look(ctx context.Context, d *Cases, by intake.By) (seen T, was *stamp, err error) {
	err = d.desk.Look(ctx, by, u.right, func(tx intake.Tx) error {
		was = nil
		r, err := u.of(tx)
		if err != nil || r.Items <= smallList {
			return err
		}
		j := d.judge(tx)
		if err := j.atRest(r); err != nil {
			return err
		}
		s, err := j.stamp(r)
		if err != nil {
			return err
		}
		was = &s
		seen, err = u.see(j, r)
		return err
	})
	return seen, was, err
}
