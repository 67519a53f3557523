package submission

import (
	"context"
	"errors"
	"fmt"

	"diaoxiao/api"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/sender/outbox"
	"diaoxiao/internal/sender/reconcile"
)

// Retry chooses from the outbox: the cases with the given caseids, or all that were not sent or whose outcome is
// unknown. A case that was accepted is chosen where it is named and the receiver says that it has given it back. With
// consent, cases that wait for it are chosen too; they wait for Release.
func (s *Run) Retry(ctx context.Context, caseIDs []string, consent bool) error {
	enqueue := func(e outbox.Entry) error { return s.enqueue(e, consent) }
	if len(caseIDs) == 0 {
		f := outbox.Filter{Target: s.conf.Target, States: []outbox.State{outbox.Pending, outbox.Unknown}}
		return s.conf.Box.Entries(ctx, f, enqueue)
	}
	for _, id := range caseIDs {
		if err := s.retryOne(ctx, id, enqueue); err != nil {
			return err
		}
	}
	return nil
}

// retryOne chooses the case with one caseid.
func (s *Run) retryOne(ctx context.Context, id string, enqueue func(outbox.Entry) error) error {
	known := false
	err := s.conf.Box.Entries(ctx, outbox.Filter{Target: s.conf.Target, CaseID: id}, func(e outbox.Entry) error {
		known = true
		if e.State == outbox.Accepted || e.State == outbox.Returned {
			return s.sendReturned(ctx, e, enqueue)
		}
		return enqueue(e)
	})
	if err == nil && !known {
		err = explain.BadUsage(explain.WithStep(
			fmt.Errorf("%w：%s", outbox.ErrNotFound, id),
			"用 diaoxiao outbox list 查看已有的案件",
		))
	}
	return err
}

// enqueue takes a case of the outbox into the queue, or among those that wait.
func (s *Run) enqueue(e outbox.Entry, consent bool) error {
	o := outcomeOf(e)
	if s.tally.Cases++; e.Held != "" && !consent {
		s.tally.Held++
		o.Event = Waits
		return s.conf.Report.Report(o)
	}
	if e.Held != "" {
		s.hold(e)
	} else {
		s.queue.Add(e)
	}
	s.outcomes[e.No] = &o
	s.tally.Items += e.Items
	return nil
}

// sendReturned sends an accepted case anew if the receiver says that it has given it back.
func (s *Run) sendReturned(ctx context.Context, e outbox.Entry, enqueue func(outbox.Entry) error) error {
	now, err := s.conf.Client.Query(ctx, api.QueryRequest{AcceptID: e.AcceptID, CaseID: e.CaseID})
	if errors.Is(err, api.NoSuchCase) {
		return s.missing(ctx, e)
	}
	if err != nil {
		return fmt.Errorf("查询受理号 %s：%w", e.AcceptID, err)
	}
	if now.AcceptID != e.AcceptID || now.CaseID != e.CaseID {
		return s.differ(e, reconcile.Different, fmt.Sprintf("接收方为受理号 %s、案件编号 %s", now.AcceptID, now.CaseID))
	}
	if now.State != api.StateReturned {
		o := outcomeOf(e)
		o.Event, o.Skipped, o.Theirs = Unchanged, true, now.State
		s.tally.Cases++
		s.tally.Skipped++
		return s.conf.Report.Report(o)
	}
	if err := s.conf.Box.MarkReturned(e.No); err != nil {
		return BoxError(err)
	}
	again, err := s.conf.Box.Again(e.No)
	if err != nil {
		return BoxError(err)
	}
	return enqueue(again)
}

// missing reports an accepted case that the receiver has not got under its acceptid: not at all, or under another.
func (s *Run) missing(ctx context.Context, e outbox.Entry) error {
	now, err := s.conf.Client.Query(ctx, api.QueryRequest{CaseID: e.CaseID})
	switch {
	case errors.Is(err, api.NoSuchCase):
		return s.differ(e, reconcile.Missing, "接收方没有")
	case err != nil:
		return fmt.Errorf("查询案件 %s：%w", e.CaseID, err)
	}
	return s.differ(e, reconcile.Different, fmt.Sprintf("接收方为受理号 %s、案件编号 %s", now.AcceptID, now.CaseID))
}

// differ reports a case on which the two ends disagree. It is not sent.
func (s *Run) differ(e outbox.Entry, kind reconcile.Kind, why string) error {
	o := outcomeOf(e)
	o.Event, o.Difference, o.Message = Differing, kind, why
	s.tally.Cases++
	s.tally.Differing++
	return s.conf.Report.Report(o)
}
