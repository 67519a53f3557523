package main

import (
	"diaoxiao/api"
	"diaoxiao/internal/outbox"
)

// comparison is what comes of comparing.
type comparison struct {
	Theirs      int64 // cases of the receiver in the span
	Equal       int64
	Uncompared  int64 // of them: only the acceptid was compared
	Open        int64 // neither end has an outcome
	Elsewhere   int64 // received on other days
	Differences []difference

	ledger *ledger
	days   days
	odd    map[string][]api.CaseEntry // by caseid, what did not fit at first sight
}

func newComparison(l *ledger, d days) comparison {
	return comparison{ledger: l, days: d, odd: make(map[string][]api.CaseEntry)}
}

// take compares one case of the receiver. What does not fit waits until all are known.
func (a *comparison) take(e api.CaseEntry) {
	within := a.days.have(receivedAt(e))
	if within {
		a.Theirs++
	}
	for _, h := range a.ledger.under(e.CaseID) {
		same, _ := h.compare(e)
		named := h.acceptID == e.AcceptID || h.acceptID == "" && h.accepted() && e.State != stateReturned && same == alike
		if !named || same == unlike {
			continue
		}
		h.seen = true
		if within {
			a.fit(h, e, same)
		}
		return
	}
	a.odd[e.CaseID] = append(a.odd[e.CaseID], e)
}

// fit counts a pair.
func (a *comparison) fit(h *held, e api.CaseEntry, same likeness) {
	if e.State == stateReturned && h.current && h.state == outbox.Accepted {
		a.differ(givenBack, h, &e, "")
		return
	}
	a.Equal++
	if same == uncompared {
		a.Uncompared++
	}
}

func (a *comparison) differ(kind string, h *held, e *api.CaseEntry, what string) {
	d := difference{Kind: kind, What: what, ours: h}
	if h != nil {
		d.CaseID, d.AcceptID, d.State = h.caseID, h.acceptID, h.state.String()
	}
	if e != nil {
		d.CaseID, d.TheirAcceptID, d.TheirState, d.ReceivedAt, d.Account = e.CaseID, e.AcceptID, e.State, e.ReceivedAt, e.Account
		d.theirs = *e
	}
	a.Differences = append(a.Differences, d)
}

// settle pairs what did not fit, and finds what is at one end only.
func (a *comparison) settle() {
	for _, es := range a.odd {
		for _, e := range es {
			a.pair(e)
		}
	}
	a.odd = nil
	for i := range a.ledger.cases {
		h := &a.ledger.cases[i]
		switch {
		case h.seen:
		case h.accepted() && a.days.have(h.received()):
			a.differ(lost, h, nil, "")
		case h.open() && h.current:
			a.Open++
		}
	}
}

// pair finds for a case of the receiver what it differs from.
func (a *comparison) pair(e api.CaseEntry) {
	h, kind, what := a.counterpart(e)
	if h != nil {
		h.seen = true
	}
	if a.days.have(receivedAt(e)) {
		a.differ(kind, h, &e, what)
	}
}

func (a *comparison) counterpart(e api.CaseEntry) (h *held, kind, what string) {
	candidates := a.ledger.under(e.CaseID)
	for _, h := range candidates {
		if _, text := h.compare(e); h.acceptID == e.AcceptID {
			return h, contrary, text
		}
	}
	for _, h := range candidates {
		same, text := h.compare(e)
		switch {
		case h.acceptID != "":
		case same == unlike:
			return h, contrary, text
		case h.accepted() && e.State == stateReturned:
			return h, givenBack, ""
		case h.accepted():
			return h, contrary, "本地没有受理号，内容也无从比对"
		default:
			return h, undecided, "本地状态 " + h.state.String()
		}
	}
	if len(candidates) > 0 {
		return candidates[0], contrary, "受理号不同"
	}
	return nil, surplus, ""
}
