package reconcile

import (
	"context"
	"errors"

	"diaoxiao/api"
	"diaoxiao/client"
	"diaoxiao/internal/display"
	"diaoxiao/internal/sender/outbox"
)

// lookAgain asks the outbox once more about what it had no acceptance of when it was read: another process may be
// sending.
func (r *run) lookAgain(ctx context.Context) error {
	return r.sift(func(d *Difference) (settled bool, err error) {
		if d.Kind != Surplus && d.Kind != Undecided {
			return false, nil
		}
		f := r.Filter
		f.CaseID, f.History = d.CaseID, false
		err = r.Box.Entries(ctx, f, func(e outbox.Entry) error {
			h := heldOf(e)
			same, _ := h.compare(d.theirs)
			settled = settled || h.acceptID == d.TheirAcceptID && same == alike
			return nil
		})
		if d.Kind == Surplus && !settled && err == nil {
			err = r.underOther(ctx, d)
		}
		if settled {
			r.result.Equal++
		}
		return settled, err
	})
}

// underOther says of a case that is too much whether the outbox has it under another address.
func (r *run) underOther(ctx context.Context, d *Difference) error {
	return r.Box.Entries(ctx, outbox.Filter{CaseID: d.CaseID}, func(e outbox.Entry) error {
		if e.AcceptID == d.TheirAcceptID {
			d.What = "发件箱记在 " + e.URL + " 名下，受理号相同：接收方换了地址"
		}
		return nil
	})
}

// mostAsked is how many missing cases are asked for one by one whose day of receipt is known; of others every one is,
// because nothing else says that it should have been in the list.
const mostAsked = 1000

// askAgain asks for each case that is missing by itself: it may have been received on another day than we think.
func (r *run) askAgain(ctx context.Context) error {
	asked := 0
	return r.sift(func(d *Difference) (settled bool, err error) {
		if d.Kind != Missing && d.Kind != Unheard {
			return false, nil
		}
		if asked++; asked > mostAsked && d.ours.dated() {
			d.What = "未单独复查"
			return false, nil
		}
		r.tell("复查缺失的 %s 件", display.Count(asked))
		e, err := r.To.Query(ctx, api.QueryRequest{AcceptID: d.AcceptID, CaseID: d.CaseID})
		switch {
		case errors.Is(err, api.NoSuchCase):
			return false, nil
		case errors.Is(err, client.ErrNotOffered):
			d.What = "未单独复查"
			return false, nil
		case err != nil:
			return false, err
		}
		return r.found(d, e), nil
	})
}

// found is a case that is there after all. If it was received on a day that was listed, the list is not to be trusted.
func (r *run) found(d *Difference, e api.CaseEntry) (settled bool) {
	if d.Kind == Unheard {
		d.Kind, d.What = Undecided, "受理日在起止日期以外，或列出之后才受理"
		d.TheirAcceptID, d.TheirState, d.ReceivedAt = e.AcceptID, e.State, e.ReceivedAt
		return false
	}
	if at := receivedAt(e); at.IsZero() || !r.Days.wide().have(at) {
		r.result.Elsewhere++
		return true
	}
	d.Kind, d.What = Different, "单独查得到，接收方的对账清单中却没有"
	d.TheirAcceptID, d.TheirState, d.ReceivedAt = e.AcceptID, e.State, e.ReceivedAt
	return false
}

// sift looks at every difference again and drops those that are settled.
func (r *run) sift(again func(*Difference) (settled bool, err error)) error {
	var kept []Difference
	for _, d := range r.result.Differences {
		settled, err := again(&d)
		if err != nil {
			return err
		}
		if !settled {
			kept = append(kept, d)
		}
	}
	r.result.Differences = kept
	return nil
}

// askReasons asks what the list does not tell of the cases that the receiver has: the firms by state, and why a case
// was returned. Where that cannot be learned, nothing is said of it: the difference itself is known. The error is that
// of ctx.
func (r *run) askReasons(ctx context.Context) error {
	asked := 0
	for i := range r.result.Differences {
		d := &r.result.Differences[i]
		if d.TheirAcceptID == "" || asked == mostAsked {
			continue
		}
		asked++
		r.tell("查询办理情况 %s 件", display.Count(asked))
		e, err := r.To.Query(ctx, api.QueryRequest{AcceptID: d.TheirAcceptID, FirmCounts: true})
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return nil // no receiver that tells, or none that answers now
		}
		d.FirmCounts = e.Firms
		if why := e.Return; why != nil && d.Kind == GivenBack {
			d.ReturnReason, d.ReturnRowCount, d.ReturnRows = why.Reason, why.RowCount, why.Rows
		}
	}
	return nil
}

// Return is why the receiver has given a case back, nil where it is not known.
func (d Difference) Return() *api.CaseReturn {
	if d.ReturnReason == "" {
		return nil
	}
	return &api.CaseReturn{Reason: d.ReturnReason, RowCount: d.ReturnRowCount, Rows: d.ReturnRows}
}
