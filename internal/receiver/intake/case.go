package intake

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/acceptid"
	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/charset"
)

// Case (案件) is an accepted case. It is written once and never changed; later changes are recorded beside it.
type Case struct {
	No          int64  // consecutive, never reused
	AcceptID    string // 业务受理号
	AppID       int64
	AppKey      string
	Account     string // of the sender
	CaseID      string
	Revision    int    // 0, or one more for each earlier case of this caseid that was returned
	Supersedes  string // acceptid of the returned case it follows; "" for revision 0
	CaseName    string
	PenaltyDate string
	PenaltyOrg  string
	Items       int // length of penaltylist
	Received    time.Time
	Bytes       int64             // of the body as sent
	SHA256      [sha256.Size]byte // of the body as sent
	Digest      api.Digest        // of its values
	Charset     charset.Charset   // of the body
	Pack        int64             // the place of the body in the store: a pack of small bodies, at Offset,
	Offset      int64             // or parts of its own where Pack is 0
	Returned    time.Time         // zero: not returned
	Verified    time.Time         // zero: not yet verified
	Findings    int               // raised by the latest verification
}

// State is the state of a case, in the words that operators and senders read.
func (c Case) State() string {
	switch {
	case !c.Returned.IsZero():
		return api.StateReturned
	case !c.Verified.IsZero():
		return api.StateVerified
	}
	return api.StateAccepted
}

// CaseFilter selects cases in order of their numbers. Zero fields do not select.
type CaseFilter struct {
	After        int64 // case number
	Since, Until time.Time
	AppID        int64
	CaseID       string
	Limit        int
}

// CaseTx reads and writes cases and their bodies within a transaction.
type CaseTx interface {
	NextCaseNo() (int64, error)
	LastReceived() (time.Time, error)                 // when the last case came in; zero: there is none
	InsertCase(Case, Body) (inserted bool, err error) // false: (app, caseid, revision) is taken
	Case(no int64) (Case, error)
	LatestCase(appID int64, caseID string) (Case, error) // the highest revision
	Cases(CaseFilter) ([]Case, error)
	Bodies
}

// Submission is one receive call whose body was read to its end.
type Submission struct {
	Decoded   api.Decoded
	Body      Body
	Bytes     int64
	SHA256    [sha256.Size]byte
	Charset   charset.Charset
	RequestID string
	Source    string
}

// Acceptance is the answer to an accepted or repeated case.
type Acceptance struct {
	AcceptID string
	Outcome  Outcome
}

// Submit accepts a case whole or refuses it (clause 3.2, S17, S19). When it returns an Acceptance, case, body and
// attempt are durable. Safe to repeat: the same values under the same caseid give the same acceptid for ever, other
// values an *api.Refusal with 19005 and nothing changed. ErrUnavailable: the outcome is unknown, repeat the identical
// request. Every outcome but ErrUnavailable leaves an attempt.
func (d *Desk) Submit(ctx context.Context, who Caller, in Submission) (Acceptance, error) {
	if len(in.Decoded.Problems) > 0 {
		return Acceptance{}, d.Refuse(ctx, who, in, in.Decoded.Problems)
	}
	var r Acceptance
	var refusal error
	err := d.store.Update(ctx, func(tx Tx) (err error) {
		r, refusal, err = reception{d, tx, who, in}.decide()
		return err
	})
	if err != nil {
		return Acceptance{}, err
	}
	if refusal == nil && r.Outcome == Accepted {
		d.announce()
	}
	return r, refusal
}

// Refuse records an attempt that is refused for ps, and returns the refusal, or the error that prevented the record. A
// session that is no longer alive is refused with 13000, whatever else is wrong (S7), and leaves at most one attempt a
// minute.
func (d *Desk) Refuse(ctx context.Context, who Caller, in Submission, ps []api.Problem) error {
	var refusal error
	err := d.store.Update(ctx, func(tx Tx) error {
		alive, err := d.sessionAlive(tx, who)
		if err != nil {
			return err
		}
		found := ps // the closure may run again
		if !alive {
			found = []api.Problem{{Code: api.InvalidToken}}
		}
		refusal = &api.Refusal{Problems: found}
		if !alive && !d.dead.first(who.Token, d.Now(tx), in.RequestID) {
			return nil
		}
		return tx.InsertAttempt(refused(d.Now(tx), who, in, found))
	})
	if err != nil {
		return err
	}
	return refusal
}

// sessionAlive reports whether the caller's session is alive, within the transaction that decides.
func (d *Desk) sessionAlive(tx Tx, who Caller) (bool, error) {
	s, err := tx.Session(who.Token)
	if err == nil && s.Alive(d.Now(tx)) {
		return true, nil
	}
	d.recent.drop(who.Token)
	return false, IgnoreMissing(err)
}

func newAttempt(now time.Time, who Caller, in Submission) Attempt {
	return Attempt{
		At:        now,
		AppID:     who.AppID,
		Account:   who.Account,
		CaseID:    Clip(in.Decoded.Case.CaseID, 200),
		Bytes:     in.Bytes,
		SHA256:    in.SHA256,
		RequestID: in.RequestID,
		Source:    in.Source,
	}
}

func refused(now time.Time, who Caller, in Submission, ps []api.Problem) Attempt {
	a := newAttempt(now, who, in)
	a.Outcome, a.Codes = Refused, api.CodeList(ps)
	var fields []string
	for _, p := range ps[:min(len(ps), 10)] {
		if p.Field != "" {
			fields = append(fields, Clip(api.KnownField(p.Field), 100))
		}
	}
	a.Fields, a.Told = strings.Join(fields, ","), NewTold(ps)
	return a
}

// reception is one receive call within the transaction that decides on it.
type reception struct {
	*Desk
	tx  Tx
	who Caller
	in  Submission
}

// decide decides within the transaction that makes the decision durable. It tries to insert first: the constraint on
// (app, caseid, revision) decides which call is the first, not a look-up before.
func (r reception) decide() (Acceptance, error, error) {
	alive, err := r.sessionAlive(r.tx, r.who)
	if err != nil {
		return Acceptance{}, nil, err
	}
	if !alive {
		return r.refuseIn(api.Problem{Code: api.InvalidToken})
	}
	c, err := r.newCase()
	if err != nil {
		return Acceptance{}, nil, err
	}
	last, err := r.tx.LastReceived()
	if err != nil {
		return Acceptance{}, nil, err
	}
	inserted, err := r.tx.InsertCase(c, r.in.Body)
	if err != nil {
		return Acceptance{}, nil, err
	}
	if !inserted {
		return r.receiveAgain(c, last)
	}
	return r.accepted(c, last)
}

func (r reception) newCase() (c Case, err error) {
	if c.No, err = r.tx.NextCaseNo(); err != nil {
		return c, err
	}
	v := r.in.Decoded.Case
	c.Received = r.Now(r.tx).Truncate(time.Millisecond)
	c.AppID, c.Account, c.CaseID, c.CaseName = r.who.AppID, r.who.Account, v.CaseID, v.CaseName
	c.PenaltyDate, c.PenaltyOrg, c.Items = v.PenaltyDate, v.PenaltyOrg, r.in.Decoded.Items
	c.Bytes, c.SHA256, c.Digest, c.Charset = r.in.Bytes, r.in.SHA256, r.in.Decoded.Digest, r.in.Charset
	c.AcceptID, err = acceptid.New(c.Received, c.No)
	return c, err
}

// receiveAgain handles a caseid that this app has sent before (S17).
func (r reception) receiveAgain(c Case, last time.Time) (Acceptance, error, error) {
	prev, err := r.tx.LatestCase(c.AppID, c.CaseID)
	switch {
	case err != nil:
		return Acceptance{}, nil, err
	case !prev.Returned.IsZero():
		c.Revision, c.Supersedes = prev.Revision+1, prev.AcceptID
		inserted, err := r.tx.InsertCase(c, r.in.Body)
		if err == nil && !inserted {
			err = fmt.Errorf("case %q: revision %d is taken", c.CaseID, c.Revision)
		}
		if err != nil {
			return Acceptance{}, nil, err
		}
		return r.accepted(c, last)
	case prev.Digest == c.Digest:
		return r.record(prev, Repeated)
	}
	return r.refuseIn(api.Problem{Code: api.Conflict, Field: "caseid", Detail: "原受理号" + prev.AcceptID})
}

// accepted records a new case. Where the clock was set back since the case before it, the audit says so: otherwise
// nobody could distinguish the case from one that was inserted later.
func (r reception) accepted(c Case, last time.Time) (Acceptance, error, error) {
	if c.Received.Before(last.Add(-ClockTolerance)) {
		e := AuditEntry{At: c.Received, By: System, Action: ActionClockBack, Target: c.AcceptID,
			Detail: WordFact(FactPrevious, last.UTC().Format(time.RFC3339)).String()}
		if err := r.tx.AppendAudit(e); err != nil {
			return Acceptance{}, nil, err
		}
	}
	return r.record(c, Accepted)
}

func (r reception) record(c Case, o Outcome) (Acceptance, error, error) {
	a := newAttempt(r.Now(r.tx), r.who, r.in)
	a.CaseNo, a.Outcome = c.No, o
	return Acceptance{c.AcceptID, o}, nil, r.tx.InsertAttempt(a)
}

func (r reception) refuseIn(p api.Problem) (Acceptance, error, error) {
	ps := []api.Problem{p}
	refusal := &api.Refusal{Problems: ps}
	if p.Code == api.InvalidToken && !r.dead.first(r.who.Token, r.Now(r.tx), r.in.RequestID) {
		return Acceptance{}, refusal, nil
	}
	return Acceptance{}, refusal, r.tx.InsertAttempt(refused(r.Now(r.tx), r.who, r.in, ps))
}

// Status returns one of the caller's own cases (S22). A case of another app is refused like one that does not exist:
// 19013. It is an Update, because an answer with an acceptid acknowledges the case: data that is merely visible may
// still be lost.
func (d *Desk) Status(ctx context.Context, who Caller, q api.QueryRequest) (c Case, err error) {
	err = d.store.Update(ctx, func(tx Tx) error {
		c, err = findCase(tx, who.AppID, q)
		return err
	})
	if errors.Is(err, ErrNotFound) {
		return c, refuse(api.NoSuchCase, "", "")
	}
	return c, err
}

// List returns a page of the caller's own cases, in order of acceptance, and whether there are more (S24). Days are
// those of receipt in Beijing. An after that is no acceptid is refused with 19013. The reading blocks nobody; the
// commit that follows it makes sure that no listed case can still be lost.
func (d *Desk) List(ctx context.Context, who Caller, q api.ListRequest) (cs []Case, more bool, err error) {
	f, err := pageOf(who, q)
	if err != nil {
		return nil, false, err
	}
	err = d.store.View(ctx, func(tx Tx) error {
		cs, err = tx.Cases(f)
		return err
	})
	if err != nil {
		return nil, false, err
	}
	if len(cs) > q.Limit {
		cs, more = cs[:q.Limit], true
	}
	return cs, more, d.store.Update(ctx, func(tx Tx) error {
		_, err := tx.Session(who.Token)
		return IgnoreMissing(err)
	})
}

// pageOf is the filter that selects the page, and one case more.
func pageOf(who Caller, q api.ListRequest) (f CaseFilter, err error) {
	f = CaseFilter{AppID: who.AppID, Limit: q.Limit + 1}
	if q.After != "" {
		var ok bool
		if f.After, ok = acceptid.CaseNo(q.After); !ok {
			return f, refuse(api.NoSuchCase, "after", "")
		}
	}
	if q.From != "" {
		f.Since, err = time.ParseInLocation(time.DateOnly, q.From, beijingtime.Zone)
	}
	if q.To != "" && err == nil {
		f.Until, err = time.ParseInLocation(time.DateOnly, q.To, beijingtime.Zone)
		f.Until = f.Until.AddDate(0, 0, 1)
	}
	return f, err
}

func findCase(tx Tx, appID int64, q api.QueryRequest) (Case, error) {
	if q.AcceptID == "" {
		return tx.LatestCase(appID, q.CaseID)
	}
	c, err := CaseByAcceptID(tx, q.AcceptID)
	if err == nil && (c.AppID != appID || q.CaseID != "" && q.CaseID != c.CaseID) {
		err = ErrNotFound
	}
	return c, err
}

// CaseByAcceptID returns the case with an acceptid, or ErrNotFound.
func CaseByAcceptID(tx Tx, acceptID string) (Case, error) {
	no, ok := acceptid.CaseNo(acceptID)
	if !ok {
		return Case{}, ErrNotFound
	}
	c, err := tx.Case(no)
	if err == nil && c.AcceptID != acceptID {
		err = ErrNotFound
	}
	return c, err
}

// ClockTolerance is how far a clock may go back without an entry in the audit: time servers adjust clocks, and the
// clocks of a database and its standby differ.
const ClockTolerance = time.Minute
