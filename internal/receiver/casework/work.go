package casework

import (
	"context"
	"fmt"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// CaseFile is a case with all that was done with it.
type CaseFile struct {
	intake.CaseRow
	Return intake.Return // of a case that is returned
	Marked []MarkedBy
	Events []intake.CaseEvent
	Waits  []ProposalRow // that wait for a decision, the oldest first; without their cases
	// OpenFirm is the first undecided firm, counted from one, of which a person found that it differs or has to be
	// looked into: until then the case cannot be checked as a whole. 0: none.
	OpenFirm int
	// SevereOpen are firms that have to be compared one by one before the case can be checked as a whole.
	SevereOpen SevereOpen
}

// RecentDays is for how many days the creation or the reset of an account is shown beside its proposals.
const RecentDays = 30

// CaseFile returns one case by its acceptid, or ErrNotFound.
func (d *Cases) CaseFile(ctx context.Context, by intake.By, acceptID string) (f CaseFile, err error) {
	err = d.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		if f.CaseRow, err = caseRow(tx, acceptID); err != nil {
			return err
		}
		if f.CaseRow, err = d.judge(tx).countedCase(f.CaseRow); err != nil {
			return err
		}
		if f.Return, err = tx.Return(f.No); intake.IgnoreMissing(err) != nil {
			return err
		}
		if f.Marked, err = markedBy(tx, f.No); err != nil {
			return err
		}
		if f.Events, err = tx.CaseEvents(f.No); err != nil {
			return err
		}
		if c, err := d.judge(tx).openCheck(f.CaseRow); err != nil {
			return err
		} else if f.OpenFirm = 0; c.Outcome != 0 {
			f.OpenFirm = c.Pos + 1
		}
		if !f.Verified.IsZero() && f.Returned.IsZero() && !f.CaseChecked() {
			if f.SevereOpen, err = d.judge(tx).severeOpen(f.CaseRow); err != nil {
				return err
			}
		}
		f.Waits, err = waitingRows(tx, by, f.No)
		return err
	})
	return f, err
}

func caseRow(tx intake.Tx, acceptID string) (intake.CaseRow, error) {
	c, err := intake.CaseByAcceptID(tx, acceptID)
	if err != nil {
		return intake.CaseRow{}, fmt.Errorf("受理号%s：%w", intake.Quote(acceptID), err)
	}
	return caseOfNo(tx, c.No)
}

// caseOfNo is caseRow by the number of the case.
func caseOfNo(tx intake.Tx, no int64) (intake.CaseRow, error) {
	rows, err := tx.CaseRows(no, no)
	if err == nil && len(rows) != 1 {
		err = intake.ErrNotFound
	}
	if err != nil {
		return intake.CaseRow{}, err
	}
	return rows[0], nil
}

// step is what one use case does with a case: it looks at the row and changes its Work.
type step struct {
	right  intake.Right
	action intake.Action // for the audit
	kind   intake.EventKind
	detail func(intake.Work) string // of the work as the step leaves it
	do     func(tx intake.Tx, now time.Time, r *intake.CaseRow) error
}

// said is a detail that is known before the work.
func said(detail string) func(intake.Work) string { return func(intake.Work) string { return detail } }

// work is one step with its event, its audit entry and what it means for the worklist.
func (d *Cases) work(ctx context.Context, by intake.By, acceptID string, s step) error {
	return d.desk.Act(ctx, by, s.right, func(tx intake.Tx, now time.Time) (intake.AuditEntry, error) {
		entry := intake.AuditEntry{Action: s.action, Target: acceptID}
		r, err := caseRow(tx, acceptID)
		if err != nil {
			return entry, err
		}
		if err := s.do(tx, now, &r); err != nil {
			return entry, fmt.Errorf("受理号%s：%w", intake.Quote(acceptID), err)
		}
		entry.Detail = s.detail(r.Work)
		if err := tx.InsertCaseEvent(intake.CaseEvent{
			CaseNo: r.No,
			At:     now,
			By:     by.Actor(),
			Kind:   s.kind,
			Detail: entry.Detail,
		}); err != nil {
			return entry, err
		}
		if s.kind == intake.EventNote {
			return entry, nil
		}
		if err := tx.PutWork(r.Work); err != nil {
			return entry, err
		}
		return entry, intake.UpdateWorklist(tx, r.No, r.No, false)
	})
}

// AddNote puts a note (备注) to a case, whatever its state. ErrInvalid: it is empty or longer than 2000 bytes.
func (d *Cases) AddNote(ctx context.Context, by intake.By, acceptID, note string) error {
	if err := intake.CheckText("备注", note); err != nil {
		return err
	}
	return d.work(ctx, by, acceptID, step{
		intake.WorkCases,
		intake.ActionCaseNote,
		intake.EventNote,
		said(note),
		func(intake.Tx, time.Time, *intake.CaseRow) error { return nil },
	})
}

// Check records that a person compared the case and its findings with the registry (核对无误); the remark may be empty.
// Should a later verification find more, the case has to be checked again. read is what was known of the case when the
// findings were read, nil: whatever it is; where more is known meanwhile it is ErrExists. ErrInvalid: it is not
// verified yet, a person found that a firm differs or is to be looked into, or a firm with a severe finding was not
// compared by a person and found to agree; ErrExists: it is checked, or returned, or a return is asked for.
func (d *Cases) Check(ctx context.Context, by intake.By, acceptID, remark string, read *intake.Seen) error {
	if remark != "" {
		if err := intake.CheckText("核对说明", remark); err != nil {
			return err
		}
	}
	return d.work(ctx, by, acceptID, step{
		intake.WorkCases,
		intake.ActionCaseCheck,
		intake.EventCheck,
		said(remark),
		func(tx intake.Tx, now time.Time, r *intake.CaseRow) error {
			switch {
			case r.Verified.IsZero():
				return intake.Invalid("案件尚未核验，请稍后再核对")
			case !r.Work.Checked.IsZero() && !r.Doubted():
				return intake.Exists("案件已核对")
			}
			if err := hasRead(*r, read); err != nil {
				return err
			}
			if err := d.judge(tx).openFirms(*r); err != nil {
				return err
			}
			r.Work.Checked = now
			noteSeen(r)
			return unsettled(tx, *r)
		},
	})
}

// Reopen takes a check back (撤销核对). ErrInvalid: the case is not checked, or no reason is given; ErrExists as for Check.
func (d *Cases) Reopen(ctx context.Context, by intake.By, acceptID, reason string) error {
	if err := intake.CheckText("理由", reason); err != nil {
		return err
	}
	return d.work(ctx, by, acceptID, step{
		intake.WorkCases,
		intake.ActionCaseReopen,
		intake.EventReopen,
		said(reason),
		func(tx intake.Tx, _ time.Time, r *intake.CaseRow) error {
			if r.Work.Checked.IsZero() {
				return intake.Invalid("案件未曾核对")
			}
			r.Work.Checked = time.Time{}
			forgetSeen(&r.Work)
			return unsettled(tx, *r)
		},
	})
}

// unsettled is nil where work on the case may go on: it is not returned, and its return does not wait for a second
// person.
func unsettled(tx intake.Tx, r intake.CaseRow) error {
	if !r.Returned.IsZero() {
		return intake.Exists("案件已退回，只能添加备注")
	}
	waits, err := waitingIn(tx, r.No)
	if err != nil {
		return err
	}
	return returnWaits(waits)
}
