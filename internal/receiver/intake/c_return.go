package intake

import (
	"context"
	"fmt"
	"time"
)

// returnable is nil where the case can be returned.
func returnable(r CaseRow) error {
	switch {
	case !r.Returned.IsZero():
		return exists("案件已退回")
	case r.Work.Published != "":
		return invalid("案件已于%s公示，请先撤销公示", r.Work.Published)
	}
	return nil
}

func giveBack(r *CaseRow, tx Tx, now time.Time, by By, reason string, rows RowNumbers) error {
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

// AskReturn asks for a return (申请退回), which a second person decides on. rows are the rows of the list that the reason
// is about, as the person wrote them (see ParseRowNumbers); "": none. ErrInvalid: no reason, rows that are not in the
// list, or the case is published, which must be taken back first; ErrExists: it is returned, or asked for.
func (d *Cases) AskReturn(ctx context.Context, by By, acceptID, reason, rows string) error {
	if err := checkText("退回理由", reason); err != nil {
		return err
	}
	return d.work(ctx, by, acceptID, step{WorkCases, ActionCaseAskReturn, EventAsk,
		func(w Work) string { return askDetail(w.Reason, w.Rows) }, func(_ Tx, now time.Time, r *CaseRow) (err error) {
			if err := unsettled(*r); err != nil {
				return err
			}
			if r.Work.Rows, err = ParseRowNumbers(rows, r.Items); err != nil {
				return err
			}
			r.Work.Asked, r.Work.AskedBy, r.Work.Reason = now, by.actor(), reason
			return returnable(*r)
		}})
}

// WithdrawReturn takes back what one has asked for. ErrForbidden: somebody else has; ErrInvalid: nobody has.
func (d *Cases) WithdrawReturn(ctx context.Context, by By, acceptID string) error {
	return d.work(ctx, by, acceptID, step{WorkCases, ActionCaseWithdrawReturn, EventWithdraw, said(""), func(_ Tx, _ time.Time, r *CaseRow) error {
		if err := returnAsked(*r); err != nil {
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
func (d *Cases) RefuseReturn(ctx context.Context, by By, acceptID, reason string) error {
	if err := checkText("不同意的理由", reason); err != nil {
		return err
	}
	return d.work(ctx, by, acceptID, step{ConfirmReturns, ActionCaseRefuseReturn, EventRefuse, said(reason), func(tx Tx, _ time.Time, r *CaseRow) error {
		if err := decidable(*r, tx, by); err != nil {
			return err
		}
		r.Work.forget()
		return nil
	}})
}

// ConfirmReturn returns a case for which it was asked (退回), for the reason that was given then: its sender may send the
// caseid again (S17). asked is when that was which he has read of, zero: whenever; one that was taken back and asked
// for anew meanwhile is ErrExists. Other errors as those of RefuseReturn.
func (d *Cases) ConfirmReturn(ctx context.Context, by By, acceptID string, asked time.Time) error {
	return d.work(ctx, by, acceptID, step{ConfirmReturns, ActionCaseConfirmReturn, EventReturn, said(""), func(tx Tx, now time.Time, r *CaseRow) error {
		if err := decidable(*r, tx, by); err != nil {
			return err
		}
		if !asked.IsZero() && !asked.Equal(r.Work.Asked) {
			return exists("退回申请已经撤回并重新提出，请看过新的理由再决定")
		}
		return giveBack(r, tx, now, by, r.Work.Reason, r.Work.Rows)
	}})
}

// returnAsked is nil where a return waits for the second person.
func returnAsked(r CaseRow) error {
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
func decidable(r CaseRow, tx Tx, by By) error {
	if err := returnAsked(r); err != nil {
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
