package casework

import (
	"context"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// Unpublish records that the publication was taken back (撤销公示), and why: that of all published firms of the case,
// which stay released. ErrInvalid: nothing is published, or no reason is given.
func (d *Cases) Unpublish(ctx context.Context, by intake.By, acceptID, reason string) error {
	if err := intake.CheckText("撤销理由", reason); err != nil {
		return err
	}
	return d.work(ctx, by, acceptID, step{
		intake.WorkCases,
		intake.ActionCaseUnpublish,
		intake.EventUnpublish,
		said(reason),
		func(tx intake.Tx, _ time.Time, r *intake.CaseRow) error {
			if r.Work.Published == "" {
				return intake.Invalid("案件没有公示")
			}
			r.Work.Published = ""
			if r.Work.Checked.IsZero() {
				forgetSeen(&r.Work) // of what two persons released
			}
			if err := changeDay(tx, r.No, ""); err != nil {
				return err
			}
			return unsettled(tx, *r)
		},
	})
}

// changeDay puts another day on all published firms of a case; "": they are not published any more.
func changeDay(tx intake.Tx, caseNo int64, day string) error {
	old, err := tx.FirmSpans(caseNo)
	if err != nil {
		return err
	}
	return tx.PutFirmSpans(caseNo, decide(caseNo, old, everyDecided(old), func(s intake.FirmSpan) intake.FirmSpan {
		if s.Published != "" {
			s.Published = day
		}
		return s
	}))
}

func everyDecided(spans []intake.FirmSpan) (set rowSet) {
	for _, s := range spans {
		set.add(s.From+1, s.To+1)
	}
	return set
}

// CorrectDay corrects the day of a publication that was recorded wrongly (更正公示日期), with a reason; the publication
// itself stands. ErrInvalid as for Publish, and where nothing is published, or parts of the case were published on
// several days: then the publication is taken back and recorded again. ErrExists: it was that day, or the case is
// returned or its return waits for a decision.
func (d *Cases) CorrectDay(ctx context.Context, by intake.By, acceptID, day, reason string) error {
	if err := intake.InvalidAll(checkDay(day), intake.CheckText("更正的理由", reason)); err != nil {
		return err
	}
	return d.work(ctx, by, acceptID, step{
		intake.WorkCases,
		intake.ActionCaseCorrectDay,
		intake.EventCorrectDay,
		said(day + "\n" + reason),
		func(tx intake.Tx, now time.Time, r *intake.CaseRow) error {
			if err := dayValid(*r, day, now); err != nil {
				return err
			}
			if err := correctable(tx, *r, day); err != nil {
				return err
			}
			r.Work.Published = day
			if err := changeDay(tx, r.No, day); err != nil {
				return err
			}
			return unsettled(tx, *r)
		},
	})
}

func correctable(tx intake.Tx, r intake.CaseRow, day string) error {
	switch r.Work.Published {
	case "":
		return intake.Invalid("案件没有公示")
	case day:
		return intake.Exists("登记的公示日期就是%s", day)
	}
	spans, err := tx.FirmSpans(r.No)
	for _, s := range spans {
		if s.Published != "" && s.Published != r.Work.Published {
			return intake.Invalid("本案分几次公示（%s、%s），不能一并更正；请撤销公示后重新登记", r.Work.Published, s.Published)
		}
	}
	return err
}
