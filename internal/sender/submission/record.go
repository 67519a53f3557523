package submission

import (
	"context"
	"fmt"

	"diaoxiao/api"
	"diaoxiao/internal/display"
	"diaoxiao/internal/rules"
	"diaoxiao/internal/sender/outbox"
	"diaoxiao/internal/sender/sheet"
)

// record puts cases into the outbox.
func (s *Run) record(ctx context.Context, ks []*candidate) error {
	drafts := make([]outbox.Draft, len(ks))
	for i, k := range ks {
		drafts[i] = outbox.Draft{
			CaseID:   k.text.CaseID,
			CaseName: k.text.CaseName,
			Fold:     k.me.fold,
			Digest:   k.decoded.Digest,
			Items:    k.decoded.Items,
			Source:   s.sourceOf(k.where),
			Body:     k.body,
			Held:     k.held,
		}
	}
	all, err := s.conf.Box.Record(s.conf.Target, drafts)
	if err != nil {
		s.tally.Unrecorded += len(ks)
		return BoxError(err)
	}
	for i, r := range all {
		if r.Verdict == outbox.Clash {
			if r, err = s.settleClash(ctx, drafts[i], r); err != nil {
				return err
			}
		}
		if err := s.recorded(ks[i], r); err != nil {
			return err
		}
	}
	return nil
}

// settleClash asks the receiver whether the earlier case with the same caseid was returned (退回), and then records the
// new one.
func (s *Run) settleClash(ctx context.Context, d outbox.Draft, r outbox.Recorded) (outbox.Recorded, error) {
	if r.State != outbox.Accepted || !s.isReturned(ctx, r.Entry) {
		return r, nil
	}
	if err := s.conf.Box.MarkReturned(r.No); err != nil {
		return r, BoxError(err)
	}
	again, err := s.conf.Box.Record(s.conf.Target, []outbox.Draft{d})
	if err != nil {
		return r, BoxError(err)
	}
	return again[0], nil
}

// isReturned asks the receiver. Where it cannot say, the case is not taken for returned.
func (s *Run) isReturned(ctx context.Context, e outbox.Entry) bool {
	now, err := s.conf.Client.Query(ctx, api.QueryRequest{AcceptID: e.AcceptID, CaseID: e.CaseID})
	return err == nil && now.AcceptID == e.AcceptID && now.CaseID == e.CaseID && now.State == outbox.Returned.String()
}

// recorded reports the verdict of the outbox on a case, and queues the case where it is to be sent.
func (s *Run) recorded(k *candidate, r outbox.Recorded) error {
	o := k.outcome()
	k.me.no, k.me.gone = r.No, !r.NeverSent() && r.State != outbox.Refused
	switch r.Verdict {
	case outbox.Done:
		return s.skip(o, r.Entry)
	case outbox.Clash:
		o.Event, o.State, o.Problems = Blocked, StateBlocked, append(k.problems, clashProblem(k.where, r.Entry))
		s.tally.Blocked++
		return s.conf.Report.Report(o)
	}
	o.takeEntry(r.Entry)
	o.Event = Recorded
	k.me.toSend, s.outcomes[r.No] = true, &o
	s.tally.Fit++
	if k.like != nil {
		s.tally.Doubts++
	}
	if r.Held == "" {
		s.queue.Add(r.Entry)
	} else {
		s.hold(r.Entry)
		s.severe, s.doubtful = s.severe+k.found.n[rules.Severe], s.doubtful+len(k.doubts)
	}
	return s.conf.Report.Report(o)
}

// skip reports a case that was accepted before.
func (s *Run) skip(o Outcome, e outbox.Entry) error {
	o.takeEntry(e)
	o.Event, o.Skipped = Skipped, true
	if e.State == outbox.Returned {
		s.tally.Returned++
	} else {
		s.tally.Skipped++
	}
	return s.conf.Report.Report(o)
}

// clashProblem names the case that keeps another one from being sent.
func clashProblem(at sheet.Place, e outbox.Entry) sheet.Problem {
	p := sheet.Problem{Place: at, Field: "caseid", Fatal: true}
	from := PlaceOf(e.Source).String()
	switch e.State {
	case outbox.Accepted:
		p.Text = fmt.Sprintf("该案件编号已受理，受理号 %s，内容与本次不同（原报送自%s）", e.AcceptID, from)
		p.Next = "如确需更正，请接收方退回原案件后再次运行，或使用新的案件编号"
	default:
		p.Text = fmt.Sprintf("该案件编号以不同的内容报送过而结果未知，可能已受理（原报送自%s）", from)
		p.Next = "先运行 diaoxiao outbox retry " + display.ShellQuote(e.CaseID) + " 取得结果"
	}
	return p
}
