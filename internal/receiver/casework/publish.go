package casework

import (
	"context"
	"errors"
	"fmt"
	"time"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
)

// ErrUnchecked: no firm of the case can be published. A firm is published once two persons have released it, unless
// something doubtful came up about it since.
var ErrUnchecked = errors.New("没有可以登记公示的市场主体")

// publishable is the firms of a case that one person may publish, and why others may not be.
type publishable struct {
	set                            rowSet
	published, alarmed, unreleased int
	recalled                       int // a row whose recall waits for a decision; 0: none
}

// Publish records the day on which the penalty was published (登记公示), yyyy-MM-dd, for all firms of the case that are
// released and not published yet, and about which nothing new is doubtful; for these see Draft of kind 存疑公示. So a case
// may be published in parts. ErrInvalid: the day is missing, before penaltydate, or in the future. ErrExists: all is
// published, the case is returned, or its return or the recall of such a firm waits for a decision. ErrUnchecked: there
// is no such firm.
func (d *Cases) Publish(ctx context.Context, by intake.By, acceptID, day string) error {
	if err := checkDay(day); err != nil {
		return err
	}
	return sighted[publishable]{
		right: intake.WorkCases,
		of: func(tx intake.Tx) (intake.CaseRow, error) {
			r, err := caseRow(tx, acceptID)
			if err != nil {
				return r, err
			}
			return r, about(acceptID, unsettled(tx, r))
		},
		see: (*judge).publishable,
		act: func(tx intake.Tx, now time.Time, r intake.CaseRow, p publishable) (e intake.AuditEntry, err error) {
			if err := about(acceptID, p.check(r, day, now)); err != nil {
				return e, err
			}
			old, err := tx.FirmSpans(r.No)
			if err != nil {
				return e, err
			}
			err = tx.PutFirmSpans(r.No, decide(r.No, old, p.set, func(s intake.FirmSpan) intake.FirmSpan {
				s.Published = day
				return s
			}))
			if err != nil {
				return e, err
			}
			notePublished(&r, day)
			a := deed{intake.CaseEvent{Kind: intake.EventPublish, Detail: day, Rows: intake.JoinRows(p.set)},
				intake.ActionCasePublish}
			if p.set.count() == r.Items {
				a.Rows = "" // the case as a whole
			}
			return record(tx, now, by, r, a)
		},
	}.run(ctx, d, by)
}

// about names the case that an error is about.
func about(acceptID string, err error) error {
	if err != nil {
		err = fmt.Errorf("受理号%s：%w", intake.Quote(acceptID), err)
	}
	return err
}

// publishable reads which firms of a case may be published.
func (j *judge) publishable(r intake.CaseRow) (p publishable, err error) {
	waits, err := waitingIn(j.tx, r.No)
	if err != nil {
		return p, err
	}
	var recalls rowSet
	for _, w := range waits {
		if w.Kind == release.Recall {
			recalls = append(recalls, w.Rows.Spans()...)
		}
	}
	recalls = intake.JoinRows(recalls).Spans()
	source, err := j.firmSource(r)
	if err != nil {
		return p, err
	}
	for f, err := range source.Runs(0, r.Items-1) {
		if err != nil {
			return p, err
		}
		p.add(f)
	}
	p.recalled = recalls.common(p.set)
	return p, nil
}

// add adds firms of a run.
func (p *publishable) add(f intake.FirmRun) {
	switch {
	case f.Published() != "":
		p.published += f.Len()
	case f.Decision == release.Undecided:
		p.unreleased += f.Len()
	case f.Decision != release.ToRelease:
	case f.Alarmed():
		p.alarmed += f.Len()
	default:
		p.set.add(f.From+1, f.To+1)
	}
}

// check is nil where there are firms that may be published on that day.
func (p publishable) check(r intake.CaseRow, day string, now time.Time) error {
	if err := dayValid(r, day, now); err != nil {
		return err
	}
	switch {
	case p.recalled > 0:
		return intake.Exists("清单第%d条已申请撤回放行，等待复核，请在决定以后再登记", p.recalled)
	case len(p.set) > 0:
		return nil
	case p.alarmed > 0:
		return fmt.Errorf("%w：其中%d户放行以后有新的疑点，请核对后写明理由申请存疑公示，由另一人复核", ErrUnchecked, p.alarmed)
	case r.Verified.IsZero():
		return fmt.Errorf("%w：案件尚未核验，请稍后再申请放行", ErrUnchecked)
	case p.unreleased > 0:
		return fmt.Errorf("%w：其中%d户尚未放行，请先申请放行，由另一人复核", ErrUnchecked, p.unreleased)
	case p.published > 0:
		return intake.Exists("案件已于%s公示", r.Work.Published)
	}
	return fmt.Errorf("%w：全部定为不予公示", ErrUnchecked)
}

func checkDay(day string) error {
	if !intake.IsCalendarDay(day) {
		return intake.Invalid("公示日期%s应为2026-03-15的形式", intake.Quote(intake.Clip(day, 20)))
	}
	return nil
}

// dayValid is nil where firms of the case can have been published on that day.
func dayValid(r intake.CaseRow, day string, now time.Time) error {
	if err := checkDay(day); err != nil {
		return err
	}
	switch {
	case day > beijingtime.Day(now):
		return intake.Invalid("公示日期%s还没有到", day)
	case day < r.PenaltyDate:
		return intake.Invalid("公示日期%s早于处罚决定日期%s；若处罚决定日期有误，请申请退回", day, r.PenaltyDate)
	}
	return nil
}
