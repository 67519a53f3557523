package casework

import (
	"context"
	"fmt"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// returnable is nil where the case can be returned.
func returnable(r intake.CaseRow) error {
	switch {
	case !r.Returned.IsZero():
		return intake.Exists("案件已退回")
	case r.Work.Published != "":
		return intake.Invalid("案件已于%s公示，请先撤销公示", r.Work.Published)
	}
	return nil
}

func giveBack(
	r *intake.CaseRow,
	tx intake.Tx,
	now time.Time,
	by intake.By,
	reason string,
	rows intake.RowNumbers,
) error {
	r.Work.Forget()
	r.Work.Publish = intake.PublishRequest{}
	if err := tx.InsertReturn(intake.Return{
		CaseNo: r.No,
		At:     now,
		By:     by.Actor(),
		Reason: reason,
		Rows:   rows,
	}); err != nil {
		return err
	}
	said, err := tx.PairsOf(r.No, r.No)
	if err != nil {
		return err
	}
	return intake.UpdateWorklists(tx, intake.Touched(said)) // what it says of earlier cases is settled
}

// AskReturn asks for a return (申请退回), which a second person decides on. rows are the rows of the list that the reason
// is about, as the person wrote them (see ParseRowNumbers); "": none. ErrInvalid: no reason, rows that are not in the
// list, or the case is published, which must be taken back first; ErrExists: it is returned, or asked for.
func (d *Cases) AskReturn(ctx context.Context, by intake.By, acceptID, reason, rows string) error {
	if err := intake.CheckText("退回理由", reason); err != nil {
		return err
	}
	return d.work(ctx, by, acceptID, step{
		intake.WorkCases,
		intake.ActionCaseAskReturn,
		intake.EventAsk,
		func(w intake.Work) string { return intake.AskDetail(w.Reason, w.Rows) },
		func(_ intake.Tx, now time.Time, r *intake.CaseRow) (err error) {
			if err := unsettled(*r); err != nil {
				return err
			}
			if r.Work.Rows, err = intake.ParseRowNumbers(rows, r.Items); err != nil {
				return err
			}
			r.Work.Asked, r.Work.AskedBy, r.Work.Reason = now, by.Actor(), reason
			return returnable(*r)
		},
	})
}

// WithdrawReturn takes back the request of AskReturn. ErrForbidden: another operator made the request. ErrInvalid:
// there is no request.
func (d *Cases) WithdrawReturn(ctx context.Context, by intake.By, acceptID string) error {
	return d.work(ctx, by, acceptID, step{
		intake.WorkCases,
		intake.ActionCaseWithdrawReturn,
		intake.EventWithdraw,
		said(""),
		func(_ intake.Tx, _ time.Time, r *intake.CaseRow) error {
			if err := returnAsked(*r); err != nil {
				return err
			}
			if r.Work.AskedBy.Person() != by.Actor().Person() {
				return fmt.Errorf("%w：只有申请人可以撤回退回申请", intake.ErrForbidden)
			}
			r.Work.Forget()
			return nil
		},
	})
}

// RefuseReturn refuses the request of AskReturn, with a reason (不同意退回). ErrSamePerson: the person of the request
// cannot decide on it. ErrInvalid: there is no request, or the reason is missing. ErrExists: the case is returned.
func (d *Cases) RefuseReturn(ctx context.Context, by intake.By, acceptID, reason string) error {
	if err := intake.CheckText("不同意的理由", reason); err != nil {
		return err
	}
	return d.work(ctx, by, acceptID, step{
		intake.ConfirmReturns,
		intake.ActionCaseRefuseReturn,
		intake.EventRefuse,
		said(reason),
		func(tx intake.Tx, _ time.Time, r *intake.CaseRow) error {
			if err := decidable(*r, tx, by); err != nil {
				return err
			}
			r.Work.Forget()
			return nil
		},
	})
}

// ConfirmReturn grants the request of AskReturn and returns the case (退回) for the reason of the request: its sender may
// send the caseid again (S17). asked is the time of the request that the second person read, zero: any. ErrExists: a
// newer request replaced that one. Other errors as those of RefuseReturn.
func (d *Cases) ConfirmReturn(ctx context.Context, by intake.By, acceptID string, asked time.Time) error {
	return d.work(ctx, by, acceptID, step{
		intake.ConfirmReturns,
		intake.ActionCaseConfirmReturn,
		intake.EventReturn,
		said(""),
		func(tx intake.Tx, now time.Time, r *intake.CaseRow) error {
			if err := decidable(*r, tx, by); err != nil {
				return err
			}
			if !asked.IsZero() && !asked.Equal(r.Work.Asked) {
				return intake.Exists("退回申请已经撤回并重新提出，请看过新的理由再决定")
			}
			return giveBack(r, tx, now, by, r.Work.Reason, r.Work.Rows)
		},
	})
}

// returnAsked is nil where a return waits for the second person.
func returnAsked(r intake.CaseRow) error {
	switch {
	case !r.Returned.IsZero():
		return intake.Exists("案件已退回")
	case r.Work.Asked.IsZero():
		return intake.Invalid("案件没有待复核的退回申请，可能已被撤回或复核")
	}
	return nil
}

// decidable is nil where by may decide on the return: a person other than the person of the request. The command line
// decides only on requests that were made there, and only for another person who signed in at the machine.
func decidable(r intake.CaseRow, tx intake.Tx, by intake.By) error {
	if err := returnAsked(r); err != nil {
		return err
	}
	if by.Actor().OnCommandLine() {
		return intake.AnotherLogin(r.Work.AskedBy, by.Actor())
	}
	same, err := intake.SamePerson(tx, r.Work.AskedBy, by.Actor())
	if same {
		return intake.ErrSamePerson
	}
	return err
}
