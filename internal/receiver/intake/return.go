package intake

import (
	"context"
	"fmt"
	"time"
)

// Return (退回) is an operator's decision to give a case back to its sender.
type Return struct {
	CaseNo int64
	At     time.Time
	By     Actor
	Reason string
	Rows   RowNumbers // of the list, that the reason is about
}

// returnable is nil where the case can be returned.
func (r CaseRow) returnable() error {
	switch {
	case !r.Returned.IsZero():
		return exists("案件已退回")
	case r.Work.Published != "":
		return invalid("案件已于%s公示，请先撤销公示", r.Work.Published)
	}
	return nil
}

func (r *CaseRow) giveBack(tx Tx, now time.Time, by By, reason string, rows RowNumbers) error {
	r.Work.forget()
	r.Work.Publish = PublishRequest{}
	if err := tx.InsertReturn(Return{CaseNo: r.No, At: now, By: by.actor(), Reason: reason, Rows: rows}); err != nil {
		return err
	}
	said, err := tx.PairsOf(r.No, r.No)
	if err != nil {
		return err
	}
	return updateDockets(tx, touched(said)) // what it says of earlier cases is settled
}

// forget settles a return that was asked for.
func (w *Work) forget() { w.Asked, w.AskedBy, w.Reason, w.Rows = time.Time{}, "", "", "" }

// AskReturn asks for a return (申请退回), which a second person decides on. rows are the rows of the list that the reason
// is about, as the person wrote them (see ParseRowNumbers); "": none. ErrInvalid: no reason, rows that are not in the
// list, or the case is published, which must be taken back first; ErrExists: it is returned, or asked for.
func (d *Desk) AskReturn(ctx context.Context, by By, acceptID, reason, rows string) error {
	if err := checkText("退回理由", reason); err != nil {
		return err
	}
	return d.work(ctx, by, acceptID, step{WorkCases, ActionCaseAskReturn, EventAsk,
		func(w Work) string { return askDetail(w.Reason, w.Rows) }, func(_ Tx, now time.Time, r *CaseRow) (err error) {
			if err := r.unsettled(); err != nil {
				return err
			}
			if r.Work.Rows, err = ParseRowNumbers(rows, r.Items); err != nil {
				return err
			}
			r.Work.Asked, r.Work.AskedBy, r.Work.Reason = now, by.actor(), reason
			return r.returnable()
		}})
}

// WithdrawReturn takes back what one has asked for. ErrForbidden: somebody else has; ErrInvalid: nobody has.
func (d *Desk) WithdrawReturn(ctx context.Context, by By, acceptID string) error {
	return d.work(ctx, by, acceptID, step{WorkCases, ActionCaseWithdrawReturn, EventWithdraw, said(""), func(_ Tx, _ time.Time, r *CaseRow) error {
		if err := r.asked(); err != nil {
			return err
		}
		if r.Work.AskedBy.person() != by.actor().person() {
			return fmt.Errorf("%w：只有申请人可以撤回退回申请", ErrForbidden)
		}
		r.Work.forget()
		return nil
	}})
}

// RefuseReturn decides that the case stays (不同意退回), and why. ErrSamePerson: who asked cannot decide; ErrInvalid: nobody
// has asked, or no reason is given; ErrExists: it is returned.
func (d *Desk) RefuseReturn(ctx context.Context, by By, acceptID, reason string) error {
	if err := checkText("不同意的理由", reason); err != nil {
		return err
	}
	return d.work(ctx, by, acceptID, step{ConfirmReturns, ActionCaseRefuseReturn, EventRefuse, said(reason), func(tx Tx, _ time.Time, r *CaseRow) error {
		if err := r.decidable(tx, by); err != nil {
			return err
		}
		r.Work.forget()
		return nil
	}})
}

// ConfirmReturn returns a case for which it was asked (退回), for the reason that was given then: its sender may send the
// caseid again (S17). asked is when that was which he has read of, zero: whenever; one that was taken back and asked
// for anew meanwhile is ErrExists. Other errors as those of RefuseReturn.
func (d *Desk) ConfirmReturn(ctx context.Context, by By, acceptID string, asked time.Time) error {
	return d.work(ctx, by, acceptID, step{ConfirmReturns, ActionCaseConfirmReturn, EventReturn, said(""), func(tx Tx, now time.Time, r *CaseRow) error {
		if err := r.decidable(tx, by); err != nil {
			return err
		}
		if !asked.IsZero() && !asked.Equal(r.Work.Asked) {
			return exists("退回申请已经撤回并重新提出，请看过新的理由再决定")
		}
		return r.giveBack(tx, now, by, r.Work.Reason, r.Work.Rows)
	}})
}

// asked is nil where a return waits for the second person.
func (r CaseRow) asked() error {
	switch {
	case !r.Returned.IsZero():
		return exists("案件已退回")
	case r.Work.Asked.IsZero():
		return invalid("案件没有待复核的退回申请，可能已被撤回或复核")
	}
	return nil
}

// decidable is nil where by may decide on the return: another person than the one who asked. At the command line only
// what was asked for there can be decided on, by another who signed in at the machine.
func (r CaseRow) decidable(tx Tx, by By) error {
	if err := r.asked(); err != nil {
		return err
	}
	if by.actor().onCommandLine() {
		return anotherLogin(r.Work.AskedBy, by.actor())
	}
	same, err := samePerson(tx, r.Work.AskedBy, by.actor())
	if same {
		return ErrSamePerson
	}
	return err
}
