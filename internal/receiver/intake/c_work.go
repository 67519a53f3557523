package intake

import (
	"cmp"
	"context"
	"fmt"
	"time"
)

// CaseFile is a case with all that was done with it.
type CaseFile struct {
	CaseRow
	Return Return // of a case that is returned
	Marked []MarkedBy
	Events []CaseEvent
	Asker  Change // what was done within RecentDays with the account that asks for a decision; zero: nothing
}

// RecentDays is how long who decides on a return is told that the account that asks for it was created or reset.
const RecentDays = 30

// CaseFile returns one case by its acceptid, or ErrNotFound.
func (d *Cases) CaseFile(ctx context.Context, by By, acceptID string) (f CaseFile, err error) {
	err = d.desk.look(ctx, by, LookCases, func(tx Tx) error {
		if f.CaseRow, err = caseRow(tx, acceptID); err != nil {
			return err
		}
		if f.Return, err = tx.Return(f.No); ignoreMissing(err) != nil {
			return err
		}
		if f.Marked, err = markedBy(tx, f.No); err != nil {
			return err
		}
		if f.Events, err = tx.CaseEvents(f.No); err != nil {
			return err
		}
		asker, err := operatorOf(tx, cmp.Or(f.Work.AskedBy, f.Work.Publish.By))
		if r := asker.Renewed; d.desk.now(tx).Sub(r.At) < RecentDays*24*time.Hour {
			f.Asker = r
		}
		return err
	})
	return f, err
}

func caseRow(tx Tx, acceptID string) (CaseRow, error) {
	c, err := caseByAcceptID(tx, acceptID)
	if err != nil {
		return CaseRow{}, fmt.Errorf("受理号%q：%w", acceptID, err)
	}
	rows, err := tx.CaseRows(c.No, c.No)
	if err == nil && len(rows) != 1 {
		err = ErrNotFound
	}
	if err != nil {
		return CaseRow{}, err
	}
	return rows[0], nil
}

// step is what one use case does with a case: it looks at the row and changes its Work.
type step struct {
	right  Right
	action Action // for the audit
	kind   EventKind
	detail func(Work) string // of the work as the step leaves it
	do     func(tx Tx, now time.Time, r *CaseRow) error
}

// said is a detail that is known before the work.
func said(detail string) func(Work) string { return func(Work) string { return detail } }

// work is one step with its event, its audit entry and what it means for the docket.
func (d *Cases) work(ctx context.Context, by By, acceptID string, s step) error {
	return d.desk.act(ctx, by, s.right, func(tx Tx, now time.Time) (AuditEntry, error) {
		entry := AuditEntry{Action: s.action, Target: acceptID}
		r, err := caseRow(tx, acceptID)
		if err != nil {
			return entry, err
		}
		if err := s.do(tx, now, &r); err != nil {
			return entry, fmt.Errorf("受理号%q：%w", acceptID, err)
		}
		entry.Detail = s.detail(r.Work)
		if err := tx.InsertCaseEvent(CaseEvent{CaseNo: r.No, At: now, By: by.actor(), Kind: s.kind, Detail: entry.Detail}); err != nil {
			return entry, err
		}
		if s.kind == EventNote {
			return entry, nil
		}
		if err := tx.PutWork(r.Work); err != nil {
			return entry, err
		}
		return entry, updateDocket(tx, r.No, r.No, false)
	})
}

// AddNote puts a note (备注) to a case, whatever its state. ErrInvalid: it is empty or longer than 2000 bytes.
func (d *Cases) AddNote(ctx context.Context, by By, acceptID, note string) error {
	if err := checkText("备注", note); err != nil {
		return err
	}
	return d.work(ctx, by, acceptID, step{WorkCases, ActionCaseNote, EventNote, said(note), func(Tx, time.Time, *CaseRow) error { return nil }})
}

// Check records that a person compared the case and its findings with the registry (核对无误); the remark may be empty.
// Should a later verification find more, the case has to be checked again. read is what was known of the case when the
// findings were read, nil: whatever it is; where more is known meanwhile it is ErrExists. ErrInvalid: it is not
// verified yet; ErrExists: it is checked, or returned, or a return is asked for.
func (d *Cases) Check(ctx context.Context, by By, acceptID, remark string, read *Seen) error {
	if remark != "" {
		if err := checkText("核对说明", remark); err != nil {
			return err
		}
	}
	return d.work(ctx, by, acceptID, step{WorkCases, ActionCaseCheck, EventCheck, said(remark), func(_ Tx, now time.Time, r *CaseRow) error {
		switch {
		case r.Verified.IsZero():
			return invalid("案件尚未核验，请稍后再核对")
		case !r.Work.Checked.IsZero() && !r.Doubted():
			return exists("案件已核对")
		}
		if err := hasRead(*r, read); err != nil {
			return err
		}
		r.Work.Checked = now
		noteSeen(r)
		return unsettled(*r)
	}})
}

// Reopen takes a check back (重新核对). ErrInvalid: the case is not checked, or no reason is given; ErrExists as for Check.
func (d *Cases) Reopen(ctx context.Context, by By, acceptID, reason string) error {
	if err := checkText("理由", reason); err != nil {
		return err
	}
	return d.work(ctx, by, acceptID, step{WorkCases, ActionCaseReopen, EventReopen, said(reason), func(_ Tx, _ time.Time, r *CaseRow) error {
		if r.Work.Checked.IsZero() {
			return invalid("案件未曾核对")
		}
		r.Work.Checked = time.Time{}
		forgetSeen(&r.Work)
		return unsettled(*r)
	}})
}

// Unpublish records that the publication was taken back (撤销公示), and why. ErrInvalid: the case is not published, or no
// reason is given.
func (d *Cases) Unpublish(ctx context.Context, by By, acceptID, reason string) error {
	if err := checkText("撤销理由", reason); err != nil {
		return err
	}
	return d.work(ctx, by, acceptID, step{WorkCases, ActionCaseUnpublish, EventUnpublish, said(reason), func(_ Tx, _ time.Time, r *CaseRow) error {
		if r.Work.Published == "" {
			return invalid("案件没有公示")
		}
		r.Work.Published = ""
		if r.Work.Checked.IsZero() {
			forgetSeen(&r.Work) // of what a second person agreed to
		}
		return unsettled(*r)
	}})
}

// unsettled is nil where work on the case may go on: it is not returned, and nothing that was asked for waits for a
// second person.
func unsettled(r CaseRow) error {
	switch {
	case !r.Returned.IsZero():
		return exists("案件已退回，只能添加备注")
	case !r.Work.Asked.IsZero():
		return exists("案件已申请退回，等待复核")
	case !r.Work.Publish.Asked.IsZero():
		return exists("案件已申请不经核对登记公示，等待复核")
	}
	return nil
}
