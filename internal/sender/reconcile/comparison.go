package reconcile

import (
	"diaoxiao/api"
	"diaoxiao/internal/sender/outbox"
)

// Comparison is what came of comparing.
type Comparison struct {
	Theirs      int64 // cases of the receiver in the span
	Equal       int64
	Uncompared  int64 // of them: only the acceptid was compared
	Open        int64 // neither end has an outcome
	Elsewhere   int64 // received on other days
	Differences []Difference

	ledger *Ledger
	days   Days
	odd    map[string][]api.CaseEntry // by caseid, what did not fit at first sight
}

func newComparison(l *Ledger, d Days) *Comparison {
	return &Comparison{ledger: l, days: d, odd: make(map[string][]api.CaseEntry)}
}

// take compares one case of the receiver. Anything that does not fit waits until all are known.
func (a *Comparison) take(e api.CaseEntry) {
	within := a.days.have(receivedAt(e))
	if within {
		a.Theirs++
	}
	for _, h := range a.ledger.under(e.CaseID) {
		same, _ := h.compare(e)
		named := h.acceptID == e.AcceptID ||
			h.acceptID == "" && h.accepted() && e.State != api.StateReturned && same == alike
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
func (a *Comparison) fit(h *held, e api.CaseEntry, same likeness) {
	if e.State == api.StateReturned && h.current && h.state == outbox.Accepted {
		a.differ(GivenBack, h, &e, "")
		return
	}
	a.Equal++
	if same == uncompared {
		a.Uncompared++
	}
}

func (a *Comparison) differ(kind Kind, h *held, e *api.CaseEntry, what string) {
	d := Difference{Kind: kind, What: what, ours: h}
	if h != nil {
		d.CaseID, d.AcceptID, d.State = h.caseID, h.acceptID, h.state.String()
	}
	if e != nil {
		d.CaseID, d.ReceivedAt, d.Account = e.CaseID, e.ReceivedAt, e.Account
		d.TheirAcceptID, d.TheirState = e.AcceptID, e.State
		d.theirs = *e
	}
	a.Differences = append(a.Differences, d)
}

// settle pairs what did not fit, and finds what is at one end only.
func (a *Comparison) settle() {
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
			a.differ(Missing, h, nil, "")
		case h.open() && h.listed:
			a.differ(Unheard, h, nil, "")
		case h.open() && h.current:
			a.Open++
		}
	}
}

// pair finds for a case of the receiver what it differs from.
func (a *Comparison) pair(e api.CaseEntry) {
	h, kind, what := a.counterpart(e)
	if h != nil {
		h.seen = true
	}
	if a.days.have(receivedAt(e)) || kind == Undecided && h.listed { // nothing else would say its number
		a.differ(kind, h, &e, what)
	}
}

func (a *Comparison) counterpart(e api.CaseEntry) (h *held, kind Kind, what string) {
	candidates := a.ledger.under(e.CaseID)
	for _, h := range candidates {
		if _, text := h.compare(e); h.acceptID == e.AcceptID {
			return h, Different, text
		}
	}
	for _, h := range candidates {
		same, text := h.compare(e)
		switch {
		case h.acceptID != "":
		case same == unlike:
			return h, Different, text
		case h.accepted() && e.State == api.StateReturned:
			return h, GivenBack, ""
		case h.accepted():
			return h, Different, "本地没有受理号，内容也无从比对"
		default:
			return h, Undecided, "本地状态 " + h.state.String()
		}
	}
	if len(candidates) > 0 {
		return candidates[0], Different, "受理号不同"
	}
	return nil, Surplus, ""
}

// Returned are the cases that the receiver has given back (退回) without the sender's knowing.
func (a *Comparison) Returned() (cases []api.CaseEntry) {
	for _, d := range a.Differences {
		if d.Kind == GivenBack {
			cases = append(cases, d.theirs)
		}
	}
	return cases
}
