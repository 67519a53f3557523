package casework

import (
	"context"
	"errors"
	"fmt"
	"time"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/receiver/intake"
)

// ErrUnchecked: the case has severe findings that no operator has checked. Its publication needs a reason and the
// consent of a second person.
var ErrUnchecked = errors.New("案件有严重提示尚未核对，不能登记公示")

// Publish records the day on which the penalty was published (公示), yyyy-MM-dd. ErrInvalid: the day is missing, before
// penaltydate, or in the future. ErrExists: the case is published or returned, or a request waits for a decision.
// ErrUnchecked: the case is not verified yet, or no operator has checked a severe finding, its own or of a later case.
func (d *Cases) Publish(ctx context.Context, by intake.By, acceptID, day string) error {
	if err := checkDay(day); err != nil {
		return err
	}
	return d.work(ctx, by, acceptID, step{
		intake.WorkCases,
		intake.ActionCasePublish,
		intake.EventPublish,
		said(day),
		func(_ intake.Tx, now time.Time, r *intake.CaseRow) error {
			if err := publishableNow(*r, day, now); err != nil {
				return err
			}
			r.Work.Published = day
			if r.Work.Checked.IsZero() {
				r.Work.SeenWorse = r.Worse // all findings count, as nobody checked any
			}
			return nil
		},
	})
}

// publishableNow is nil where one person may record the publication.
func publishableNow(r intake.CaseRow, day string, now time.Time) error {
	if err := publishable(r, day, now); err != nil {
		return err
	}
	if r.Verified.IsZero() {
		return fmt.Errorf("%w：案件尚未核验，请稍后再登记；必须立即登记的，写明理由申请，由另一人复核", ErrUnchecked)
	}
	if r.Unchecked() {
		return fmt.Errorf("%w：请先与登记系统核对并登记核对无误；不经核对也须登记的，写明理由申请，由另一人复核", ErrUnchecked)
	}
	return nil
}

func checkDay(day string) error {
	if !intake.IsCalendarDay(day) {
		return intake.Invalid("公示日期%q应为2026-03-15的形式", intake.Clip(day, 20))
	}
	return nil
}

// publishable is nil where the case can have been published on that day. It does not look at findings.
func publishable(r intake.CaseRow, day string, now time.Time) error {
	if r.Work.Published != "" {
		return intake.Exists("案件已于%s公示", r.Work.Published)
	}
	if err := dayValid(r, day, now); err != nil {
		return err
	}
	return unsettled(r)
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

// AskPublish asks for the publication of a case although no operator has checked its severe findings (申请不经核对登记公示).
// A second person decides. ErrInvalid: the reason is missing, the day is not valid, or the case needs no second person.
// ErrExists as for Publish.
func (d *Cases) AskPublish(ctx context.Context, by intake.By, acceptID, day, reason string) error {
	if err := intake.InvalidAll(checkDay(day), intake.CheckText("不经核对登记公示的理由", reason)); err != nil {
		return err
	}
	return d.work(
		ctx,
		by,
		acceptID,
		step{intake.WorkCases, intake.ActionCaseAskPublish, intake.EventAskPublish, said(day + "\n" + reason),
			func(_ intake.Tx, now time.Time, r *intake.CaseRow) error {
				if err := publishable(*r, day, now); err != nil {
					return err
				}
				if !r.NeedsSecond() {
					return intake.Invalid("案件没有未核对的严重提示，请直接登记公示")
				}
				r.Work.Publish = intake.PublishRequest{Asked: now, By: by.Actor(), Day: day, Reason: reason}
				return nil
			}},
	)
}

// WithdrawPublish takes back the request of AskPublish. ErrForbidden: another operator made the request. ErrInvalid:
// there is no request.
func (d *Cases) WithdrawPublish(ctx context.Context, by intake.By, acceptID string) error {
	return d.work(ctx, by, acceptID, step{
		intake.WorkCases,
		intake.ActionCaseWithdrawPublish,
		intake.EventWithdrawPublish,
		said(""),
		func(_ intake.Tx, _ time.Time, r *intake.CaseRow) error {
			if err := publishAsked(*r); err != nil {
				return err
			}
			if r.Work.Publish.By != by.Actor() {
				return fmt.Errorf("%w：只有申请人可以撤回公示申请", intake.ErrForbidden)
			}
			r.Work.Publish = intake.PublishRequest{}
			return nil
		},
	})
}

// RefusePublish refuses the request of AskPublish, with a reason (不同意公示). ErrSamePerson: the person of the request
// cannot decide on it. ErrInvalid: there is no request, or the reason is missing. ErrExists: the case is returned.
func (d *Cases) RefusePublish(ctx context.Context, by intake.By, acceptID, reason string) error {
	if err := intake.CheckText("不同意的理由", reason); err != nil {
		return err
	}
	return d.work(ctx, by, acceptID, step{
		intake.ConfirmReturns,
		intake.ActionCaseRefusePublish,
		intake.EventRefusePublish,
		said(reason),
		func(tx intake.Tx, _ time.Time, r *intake.CaseRow) error {
			if err := agreeable(*r, tx, by); err != nil {
				return err
			}
			r.Work.Publish = intake.PublishRequest{}
			return nil
		},
	})
}

// AgreePublish grants the request of AskPublish and records the publication (同意公示). asked is the time of the request
// that the second person read, zero: any; read is the findings that this person saw, nil: any. ErrExists: a newer
// request replaced that one, or there are findings that this person did not see. Other errors as those of
// RefusePublish.
func (d *Cases) AgreePublish(
	ctx context.Context,
	by intake.By,
	acceptID string,
	asked time.Time,
	read *intake.Seen,
) error {
	return d.work(ctx, by, acceptID, step{
		intake.ConfirmReturns,
		intake.ActionCaseAgreePublish,
		intake.EventAgreePublish,
		func(w intake.Work) string { return w.Published },
		func(tx intake.Tx, _ time.Time, r *intake.CaseRow) error {
			if err := agreeable(*r, tx, by); err != nil {
				return err
			}
			if !asked.IsZero() && !asked.Equal(r.Work.Publish.Asked) {
				return intake.Exists("公示申请已经撤回并重新提出，请看过新的理由再决定")
			}
			if err := hasRead(*r, read); err != nil {
				return err
			}
			r.Work.Published, r.Work.Publish = r.Work.Publish.Day, intake.PublishRequest{}
			noteSeen(r)
			return nil
		},
	})
}

// publishAsked is nil where a publication waits for the second person.
func publishAsked(r intake.CaseRow) error {
	switch {
	case !r.Returned.IsZero():
		return intake.Exists("案件已退回")
	case r.Work.Publish.Asked.IsZero():
		return intake.Invalid("案件没有待复核的公示申请，可能已被撤回或复核")
	}
	return nil
}

// agreeable is nil where by may decide on the publication.
func agreeable(r intake.CaseRow, tx intake.Tx, by intake.By) error {
	if err := publishAsked(r); err != nil {
		return err
	}
	same, err := intake.SamePerson(tx, r.Work.Publish.By, by.Actor())
	if same {
		return intake.ErrSamePerson
	}
	return err
}
