package httpapi

import (
	"encoding/hex"
	"io"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/peer"
)

// query answers the extension of S22.
func (d *door) query(e *exchange) api.Answer {
	in, who, a, ok := ask(d, e, api.ReadQuery)
	if !ok {
		return a
	}
	c, err := d.Desk.Status(e.ctx(), who, in)
	if err != nil {
		return e.fail(err)
	}
	e.rec.CaseID, e.rec.AcceptID = c.CaseID, c.AcceptID
	s := statusOf(c)
	if e.dialect == api.All || in.FirmCounts {
		if s.Firms, err = d.firmCounts(e, who, c); err != nil {
			return e.fail(err)
		}
	}
	if c.State() == api.StateReturned && (e.dialect == api.All || in.ReturnDetails) {
		if s.Return, err = d.returned(e, who, c); err != nil {
			return e.fail(err)
		}
	}
	return api.Answer{AcceptID: c.AcceptID, Status: &s}
}

// returned is why a case was returned. Strict readers know of it only if they ask (S22).
func (d *door) returned(e *exchange, who intake.Caller, c intake.Case) (*api.CaseReturn, error) {
	r, rows, err := d.Desk.Returned(e.ctx(), who, c)
	if err != nil {
		return nil, err
	}
	return &api.CaseReturn{
		At:       r.At.In(beijingtime.Zone).Format(time.RFC3339),
		Reason:   r.Reason,
		RowCount: r.Rows.Count(),
		Rows:     rows,
	}, nil
}

// firmCounts are the firms of a case by state, nil where they are not known yet. Strict readers know of them only if
// they ask (S22).
func (d *door) firmCounts(e *exchange, who intake.Caller, c intake.Case) (*api.FirmCounts, error) {
	n, known, err := d.Desk.FirmCounts(e.ctx(), who, c)
	if err != nil || !known {
		return nil, err
	}
	return &api.FirmCounts{Pending: n.Pending, Ready: n.Ready, Held: n.Held, Released: n.Released, Withheld: n.Withheld,
		Returned: n.Returned, Published: n.Published}, nil
}

// ask finds out who asks for what. Where ok, the exchange has one of the app's slots until its answer is sent: whoever
// does not read it holds no memory beyond them.
func ask[T any](
	d *door,
	e *exchange,
	read func(io.Reader) (T, []api.Problem, error),
) (in T, who intake.Caller, a api.Answer, ok bool) {
	who, err := d.identify(e, d.Desk.Identify)
	if err != nil {
		return in, who, e.fail(err), false
	}
	if in, a, ok = readSmall(d, e, read); !ok {
		return in, who, a, false
	}
	done := peer.Waiting(e.r)
	on, p := d.lookups.take(who.AppID, slotTimeout, func() {})
	done()
	if p != nil {
		return in, who, api.Answer{Problems: []api.Problem{*p}}, false
	}
	e.sending = on
	return in, who, a, true
}

func statusOf(c intake.Case) api.CaseStatus {
	return api.CaseStatus{
		CaseID:     c.CaseID,
		State:      c.State(),
		ReceivedAt: c.Received.In(beijingtime.Zone).Format(time.RFC3339),
		Items:      c.Items,
		Findings:   c.Findings,
	}
}

// list answers the extension of S24. A page ends at maxPage even where more cases are asked for.
func (d *door) list(e *exchange) api.Answer {
	in, who, a, ok := ask(d, e, api.ReadList)
	if !ok {
		return a
	}
	cs, more, err := d.Desk.List(e.ctx(), who, in)
	if err != nil {
		return e.fail(err)
	}
	a.Cases = make([]api.CaseEntry, len(cs))
	for i, c := range cs {
		a.Cases[i] = api.CaseEntry{AcceptID: c.AcceptID, CaseStatus: statusOf(c), Account: c.Account,
			Digest: hex.EncodeToString(c.Digest[:]), SHA256: hex.EncodeToString(c.SHA256[:])}
	}
	if more {
		a.Next = cs[len(cs)-1].AcceptID
	}
	return a.Cut(maxPage)
}
