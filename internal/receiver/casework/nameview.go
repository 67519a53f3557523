package casework

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/receiver/intake"
)

// NameSpan is the time over which single views are counted and summed up.
const NameSpan = 10 * time.Minute

// ErrPurpose: so many whole names were seen one by one that a purpose is asked for before more are shown.
var ErrPurpose = errors.New("须先说明查看姓名的目的")

// ViewName counts that an officer sees the whole name of one entity; position is zero-based. After FreeNames different
// entities in NameSpan it is ErrPurpose, and the name is not to be shown, unless the names of the case are revealed to
// the visit. Views are audited in sums. Safe to repeat: an entity counts once in NameSpan.
func (d *Cases) ViewName(ctx context.Context, by intake.Officer, caseNo int64, pos int) error {
	var refusal error
	err := d.desk.Store().Update(ctx, func(tx intake.Tx) error {
		refusal = nil
		now := d.desk.Now(tx)
		if err := by.May(tx, now, intake.LookCases); err != nil {
			return err
		}
		free, again, err := nameIsFree(tx, by, caseNo, pos, now)
		if err != nil || again {
			return err
		}
		if !free {
			refusal = ErrPurpose
			return nil
		}
		return sumUp(tx, by, caseNo, now)
	})
	if err == nil {
		err = refusal
	}
	return err
}

// nameIsFree counts a view, and reports whether the name may be shown; again: it was counted before.
func nameIsFree(tx intake.Tx, by intake.Officer, caseNo int64, pos int, now time.Time) (free, again bool, err error) {
	until, err := tx.RevealedUntil(by.Token, caseNo)
	if err == nil && now.Before(until) {
		return true, false, nil
	}
	if intake.IgnoreMissing(err) != nil {
		return false, false, err
	}
	ps, err := intake.PoliciesIn(tx)
	if err != nil {
		return false, false, err
	}
	seen, err := tx.NameViews(by.Operator.ID, now.Add(-NameSpan))
	if err != nil {
		return false, false, err
	}
	for _, v := range seen {
		if v.CaseNo == caseNo && v.Pos == pos {
			return true, true, nil
		}
	}
	if int64(len(seen)) >= ps[intake.FreeNames] {
		return false, false, nil
	}
	return true, false, tx.PutNameView(intake.NameView{OperatorID: by.Operator.ID, CaseNo: caseNo, Pos: pos, At: now})
}

// sumUp adds a view to the operator's sum, after the one before is audited where its span is over.
func sumUp(tx intake.Tx, by intake.Officer, caseNo int64, now time.Time) error {
	sums, err := tx.NameSums(by.Operator.ID)
	if err != nil {
		return err
	}
	began := now
	if len(sums) > 0 && now.Before(sums[0].Began.Add(NameSpan)) && !now.Before(sums[0].Began) {
		began = sums[0].Began
	} else if err := auditNames(tx, sums, now); err != nil {
		return err
	}
	return tx.AddNameSum(intake.NameSum{OperatorID: by.Operator.ID, CaseNo: caseNo, Began: began, Views: 1})
}

// auditNames writes the sums of one operator into the audit.
func auditNames(tx intake.Tx, sums []intake.NameSum, now time.Time) error {
	if len(sums) == 0 {
		return nil
	}
	o, err := tx.OperatorByID(sums[0].OperatorID)
	if err != nil {
		return err
	}
	views, cases, target := 0, make([]string, 0, len(sums)), fmt.Sprintf("%d件案件", len(sums))
	for _, s := range sums {
		c, err := tx.Case(s.CaseNo)
		if err != nil {
			return err
		}
		views += s.Views
		cases = append(cases, fmt.Sprintf("%s %d", c.AcceptID, s.Views))
		if len(sums) == 1 {
			target = c.AcceptID
		}
	}
	const most = 50
	facts := intake.Facts{
		intake.WordFact(intake.FactViews, strconv.Itoa(views)),
		intake.TextFact(intake.FactSince, sums[0].Began.In(beijingtime.Zone).Format(time.DateTime)),
		intake.ListFact(intake.FactCases, cases[:min(len(cases), most)]),
	}
	if err := tx.DeleteNameSums(o.ID); err != nil {
		return err
	}
	return tx.AppendAudit(intake.AuditEntry{
		At:     now,
		By:     intake.Officer{Operator: o}.Actor(),
		Action: intake.ActionCaseViewNames,
		Target: target,
		Detail: facts.String(),
	})
}

// SweepNames audits the sums whose span is over, and forgets views that no longer count. It must be called every half
// minute or so. It is safe to repeat.
func (d *Cases) SweepNames(ctx context.Context) error {
	return d.desk.Store().Update(ctx, func(tx intake.Tx) error { return sweepNames(tx, d.desk.Now(tx)) })
}

// sweepNames audits the sums whose span is over, and forgets views that no longer count.
func sweepNames(tx intake.Tx, now time.Time) error {
	sums, err := tx.NameSums(0)
	for begin := 0; err == nil && begin < len(sums); {
		end := begin + 1
		for end < len(sums) && sums[end].OperatorID == sums[begin].OperatorID {
			end++
		}
		if s := sums[begin]; !now.Before(s.Began.Add(NameSpan)) || now.Before(s.Began) {
			err = auditNames(tx, sums[begin:end], now)
		}
		begin = end
	}
	if err != nil {
		return err
	}
	return tx.SweepNameViews(now.Add(-NameSpan))
}
