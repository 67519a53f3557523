package verify

import (
	"fmt"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
)

// proposalsRead is how many proposals of one case are read.
const proposalsRead = 100000

// proposed compares the proposals of a case with its events, both ways. requests are those of an older program that
// became proposals.
func (in *inspector) proposed(r intake.CaseRow, events, requests []intake.CaseEvent) error {
	ps, err := in.tx.Proposals(intake.ProposalQuery{CaseNo: r.No, Limit: proposalsRead})
	if err != nil {
		return err
	}
	of := make(map[int64]bool, len(ps))
	for _, p := range ps {
		of[p.No] = true
		in.proposal(r.Case, p, events)
	}
	for _, e := range requests {
		if n := countOf(ps, e); n != 1 {
			in.found(faultOf(FaultWork, r.Case, "办理记录%d（%s）的申请应有1件，现有%d件", e.No, e.Kind, n).
				of(fmt.Sprintf("case_event %d", e.No), moment(e.At)+" "+string(e.By), fmt.Sprint(n)))
		}
	}
	for _, e := range events {
		if e.ProposalNo != 0 && !of[e.ProposalNo] {
			in.found(faultOf(FaultWork, r.Case, "办理记录%d（%s）所指的第%d号申请不存在", e.No, e.Kind, e.ProposalNo).
				of(fmt.Sprintf("case_event %d", e.No), fmt.Sprint(e.ProposalNo), ""))
		}
	}
	return nil
}

// countOf is how many of the proposals the event made.
func countOf(ps []intake.Proposal, e intake.CaseEvent) (n int) {
	for _, p := range ps {
		if asks(p, e) {
			n++
		}
	}
	return n
}

// proposal compares one proposal with the events with which it was made and answered.
func (in *inspector) proposal(c intake.Case, p intake.Proposal, events []intake.CaseEvent) {
	place := fmt.Sprintf("proposal %d", p.No)
	if ns, err := intake.ParseRowSet(string(p.Rows), c.Items); err != nil || ns != p.Rows {
		in.found(faultOf(FaultWork, c, "申请涉及的条目不是清单中的条目，或写法不符").
			of(place, fmt.Sprintf("第1至%d条", c.Items), intake.Clip(string(p.Rows), 60)))
	}
	asked, answered := false, intake.CaseEvent{}
	for _, e := range events {
		switch {
		case asks(p, e):
			asked = true
		case e.ProposalNo == p.No && e.Kind != intake.DeedsOn(p.Kind).Ask.Kind:
			answered = e
		}
	}
	if !asked {
		in.found(faultOf(FaultWork, c, "申请与办理记录不符").of(place, "", intake.Clip(p.Asked(), 60)))
	}
	if answered.Kind != answerKind(p) || !answered.At.Equal(p.Answered) || answered.By != p.AnsweredBy ||
		p.Answer == release.Refused && answered.Detail != p.Reply {
		in.found(faultOf(FaultWork, c, "申请的结果与办理记录不符").
			of(place, fmt.Sprintf("%s %s %s", answered.Kind, answered.By, moment(answered.At)),
				fmt.Sprintf("%s %s %s", p.Answer, p.AnsweredBy, moment(p.Answered))))
	}
}

// asks reports whether the event is the one with which the proposal was made. An older program wrote that of a proposal
// without its number.
func asks(p intake.Proposal, e intake.CaseEvent) bool {
	if e.By != p.By || !e.At.Equal(p.At) {
		return false
	}
	want := intake.DeedsOn(p.Kind).Ask.On(p, p.Asked())
	if e.ProposalNo != 0 {
		return e.ProposalNo == p.No && e.Kind == want.Kind && e.Detail == want.Detail && e.Rows == want.Rows
	}
	switch e.Kind {
	case intake.EventAsk:
		reason, rows, said := intake.ReadAskDetail(e.Detail)
		return p.Kind == release.Return && reason == p.Reason && (!said || rows == p.Rows)
	case intake.EventAskPublish:
		return p.Kind == release.Release && e.Detail == p.Day+"\n"+p.Reason
	}
	return false
}

// answerKind is the event of the answer to a proposal; "": it has none.
func answerKind(p intake.Proposal) intake.EventKind {
	names := intake.DeedsOn(p.Kind)
	switch p.Answer {
	case release.Confirmed:
		return names.Confirm.Kind
	case release.Refused:
		return names.Refuse.Kind
	case release.Withdrawn:
		return names.Withdraw.Kind
	}
	return ""
}
