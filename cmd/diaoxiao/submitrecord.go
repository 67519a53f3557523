package main

import (
	"fmt"

	"diaoxiao/api"
	"diaoxiao/internal/display"
	"diaoxiao/internal/rules"
	"diaoxiao/internal/sender/outbox"
	"diaoxiao/internal/sender/sheet"
)

// record puts cases into the outbox.
func (s *submission) record(ks []*candidate) error {
	drafts := make([]outbox.Draft, len(ks))
	for i, k := range ks {
		drafts[i] = outbox.Draft{CaseID: k.text.CaseID, CaseName: k.text.CaseName, Fold: k.me.fold, Digest: k.decoded.Digest, Items: k.decoded.Items, Source: s.sourceOf(k.where), Body: k.body, Held: k.held}
	}
	recorded, err := s.box.Record(s.target, drafts)
	if err != nil {
		s.Unrecorded += len(ks)
		return boxError(err)
	}
	for i, r := range recorded {
		if r.Verdict == outbox.Clash {
			if r, err = s.settleClash(drafts[i], r); err != nil {
				return err
			}
		}
		if err := s.recorded(ks[i], r); err != nil {
			return err
		}
	}
	return nil
}

// settleClash asks the receiver whether the case that stands in the way was returned (退回), and then records the new
// one.
func (s *submission) settleClash(d outbox.Draft, r outbox.Recorded) (outbox.Recorded, error) {
	if r.State != outbox.Accepted || !s.isReturned(r.Entry) {
		return r, nil
	}
	if err := s.box.MarkReturned(r.No); err != nil {
		return r, boxError(err)
	}
	again, err := s.box.Record(s.target, []outbox.Draft{d})
	if err != nil {
		return r, boxError(err)
	}
	return again[0], nil
}

// isReturned asks the receiver. Where it cannot say, the case is not taken for returned.
func (s *submission) isReturned(e outbox.Entry) bool {
	now, err := s.client.Query(s.ctx, api.QueryRequest{AcceptID: e.AcceptID, CaseID: e.CaseID})
	return err == nil && now.AcceptID == e.AcceptID && now.CaseID == e.CaseID && now.State == outbox.Returned.String()
}

// recorded tells what the outbox said to a case.
func (s *submission) recorded(k *candidate, r outbox.Recorded) error {
	v := k.view()
	k.me.no, k.me.gone = r.No, !r.NeverSent() && r.State != outbox.Refused
	switch r.Verdict {
	case outbox.Done:
		v.takeEntry(r.Entry)
		v.Skipped = true
		if r.State == outbox.Returned {
			s.Returned++
		} else {
			s.Skipped++
		}
		return s.out.skipped(v, r.Entry)
	case outbox.Clash:
		p := clashProblem(k.where, r.Entry)
		k.problems = append(k.problems, p)
		v.State, v.Problems = stateBlocked, viewProblems(k.problems)
		s.Blocked++
		return s.out.blocked(v, k)
	}
	v.takeEntry(r.Entry)
	k.me.toSend, s.views[r.No] = true, v
	s.fit++
	if k.like != nil {
		s.Doubts++
	}
	if r.Held == "" {
		s.queue.Add(r.Entry)
		return s.out.findings(k)
	}
	s.hold(r.Entry)
	s.severe, s.doubtful = s.severe+k.found.n[rules.Severe], s.doubtful+len(k.doubts)
	return s.out.findings(k)
}

// clashProblem says which case stands in the way.
func clashProblem(at sheet.Place, e outbox.Entry) sheet.Problem {
	p := sheet.Problem{Place: at, Field: "caseid", Fatal: true}
	from := placeOf(e.Source).String()
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
