package intake

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"diaoxiao/api"
)

// Work (案件办理) is where the work of operators on a case stands, as its events have left it. The zero value is that of a
// case nobody has touched.
type Work struct {
	CaseNo    int64
	Checked   time.Time // 核对: when a person compared the case with the registry; zero: not
	Severe    int       // severe findings there were at the check,
	Doubts    int       // and warnings with them
	Published string    // 公示: the day, yyyy-MM-dd; "": not published
	Asked     time.Time // 申请退回: since when a return waits for the second person; zero: none does
	AskedBy   Actor
	Reason    string     // why the return is asked for,
	Rows      RowNumbers // and the rows of the list that this is about

	SeenNo     int64 // the newest case that said something of this one at the check,
	SeenSevere int   // how much severe was said up to it,
	SeenDoubts int   // and warnings with it
	Publish    PublishRequest
}

// ErrSamePerson: who asked for a return cannot be the one who decides on it.
var ErrSamePerson = errors.New("申请人与复核人不能是同一人")

// WorkTx is the work on cases within a transaction.
type WorkTx interface {
	PutWork(Work) error
	InsertCaseEvent(CaseEvent) error
	CaseEvents(caseNo int64) ([]CaseEvent, error) // in order
	Return(caseNo int64) (Return, error)
	DocketTx
}

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
func (d *Desk) CaseFile(ctx context.Context, by By, acceptID string) (f CaseFile, err error) {
	err = d.look(ctx, by, LookCases, func(tx Tx) error {
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
		if r := asker.Renewed; d.now(tx).Sub(r.At) < RecentDays*24*time.Hour {
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
func (d *Desk) work(ctx context.Context, by By, acceptID string, s step) error {
	return d.act(ctx, by, s.right, func(tx Tx, now time.Time) (AuditEntry, error) {
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
func (d *Desk) AddNote(ctx context.Context, by By, acceptID, note string) error {
	if err := checkText("备注", note); err != nil {
		return err
	}
	return d.work(ctx, by, acceptID, step{WorkCases, ActionCaseNote, EventNote, said(note), func(Tx, time.Time, *CaseRow) error { return nil }})
}

// Check records that a person compared the case and its findings with the registry (核对无误); the remark may be empty.
// Should a later verification find more, the case has to be checked again. read is what was known of the case when the
// findings were read, nil: whatever it is; where more is known meanwhile it is ErrExists. ErrInvalid: it is not
// verified yet; ErrExists: it is checked, or returned, or a return is asked for.
func (d *Desk) Check(ctx context.Context, by By, acceptID, remark string, read *Seen) error {
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
		if err := r.hasRead(read); err != nil {
			return err
		}
		r.Work.Checked = now
		r.know()
		return r.unsettled()
	}})
}

// Reopen takes a check back (重新核对). ErrInvalid: the case is not checked, or no reason is given; ErrExists as for Check.
func (d *Desk) Reopen(ctx context.Context, by By, acceptID, reason string) error {
	if err := checkText("理由", reason); err != nil {
		return err
	}
	return d.work(ctx, by, acceptID, step{WorkCases, ActionCaseReopen, EventReopen, said(reason), func(_ Tx, _ time.Time, r *CaseRow) error {
		if r.Work.Checked.IsZero() {
			return invalid("案件未曾核对")
		}
		r.Work.Checked = time.Time{}
		r.Work.unlearn()
		return r.unsettled()
	}})
}

// Unpublish records that the publication was taken back (撤销公示), and why. ErrInvalid: the case is not published, or no
// reason is given.
func (d *Desk) Unpublish(ctx context.Context, by By, acceptID, reason string) error {
	if err := checkText("撤销理由", reason); err != nil {
		return err
	}
	return d.work(ctx, by, acceptID, step{WorkCases, ActionCaseUnpublish, EventUnpublish, said(reason), func(_ Tx, _ time.Time, r *CaseRow) error {
		if r.Work.Published == "" {
			return invalid("案件没有公示")
		}
		r.Work.Published = ""
		if r.Work.Checked.IsZero() {
			r.Work.unlearn() // of what a second person agreed to
		}
		return r.unsettled()
	}})
}

// unsettled is nil where work on the case may go on: it is not returned, and nothing that was asked for waits for a
// second person.
func (r CaseRow) unsettled() error {
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

// maxText bounds what operators write, in bytes.
const maxText = 2000

// checkText wants something written that every database can hold.
func checkText(what, s string) error {
	control := func(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune("\t\r\n", r) }
	if api.Blank(s) || len(s) > maxText || !utf8.ValidString(s) || strings.ContainsFunc(s, control) {
		return invalid("须写明%s（不超过%d字节，不含控制字符）", what, maxText)
	}
	return nil
}
