package evidencelog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/emmansun/gmsm/smx509"

	"diaoxiao/internal/evidence/merkle"
	"diaoxiao/internal/evidence/stamp"
	"diaoxiao/internal/receiver/intake"
)

// Authorities are the time-stamp authorities that a receiver asks, and how.
type Authorities struct {
	URLs  []string // asked in order, until one makes a stamp
	Roots *smx509.CertPool
	Suite merkle.Suite  // of the next stamp; another one than before is a reason to stamp at once
	Every time.Duration // how old the last stamp may be while the log grows
}

// Stamper has checkpoints stamped by time-stamp authorities (RFC 3161), off the path of acceptance and beside the
// signer. Each stamp covers all before it, so there is nothing else to renew.
type Stamper struct {
	desk   *intake.Desk
	log    *slog.Logger
	of     Authorities
	client *http.Client
	now    func() time.Time
	held   *heldStamps
}

// NewStamper returns the stamper of a desk. log may be nil; now is the clock, nil for that of the machine.
func NewStamper(d *intake.Desk, log *slog.Logger, of Authorities, now func() time.Time) *Stamper {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	if now == nil {
		now = time.Now
	}
	return &Stamper{d, log, of, &http.Client{Timeout: 30 * time.Second}, now, new(heldStamps)}
}

// Run stamps when it is time to, until ctx ends, and returns the error of ctx. It looks every few seconds; after an
// error it waits for a minute, and then twice as long each time, up to an hour.
func (s *Stamper) Run(ctx context.Context) error {
	const look, least, most = 5 * time.Second, time.Minute, time.Hour
	for wait, failed := time.Duration(0), time.Duration(0); ; wait = max(failed, look) {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
		err := s.Pass(ctx)
		if err == nil || ctx.Err() != nil {
			failed = 0
			continue
		}
		failed = min(max(2*failed, least), most)
		s.log.Warn("evidence: no time-stamp", "err", err, "again", failed.String())
	}
}

// Pass makes a stamp if it is time to.
func (s *Stamper) Pass(ctx context.Context) error {
	err := s.pass(ctx)
	s.noteEnd(ctx, err)
	return err
}

func (s *Stamper) pass(ctx context.Context) error {
	due := false
	err := s.desk.Store().View(ctx, func(tx intake.Tx) (err error) {
		due, err = s.due(tx)
		return err
	})
	if err != nil || !due {
		return err
	}
	if _, err = s.Stamp(ctx); errors.Is(err, ErrOvertaken) {
		return nil // by another node
	}
	return err
}

// due says whether it is time for a stamp: the log grew and the last stamp is old, its certificate ends before long, or
// the next one is to use another hash function.
func (s *Stamper) due(tx intake.Tx) (bool, error) {
	t, err := newTip(tx)
	if errors.Is(err, ErrNoLog) || errors.Is(err, ErrNotYet) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	last, err := tx.LastStamp()
	if errors.Is(err, intake.ErrNotFound) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	token, err := stamp.Parse(last.Token)
	if err != nil {
		return true, nil // it was altered; the next one is not the worse for it
	}
	s.noteLast(last, token)
	grown := last.LogNo != t.log.No || last.Size != t.last.Size
	return grown && !s.now().Before(last.Made.Add(s.of.Every)) || token.Suite != s.of.Suite ||
		!s.now().Before(renewal(token)), nil
}

// renewal is when the next stamp is due for the sake of a certificate: 30 days before it ends, or when three quarters
// of its time are over.
func renewal(t stamp.Token) time.Time {
	left := t.Until().Sub(t.Time)
	return t.Until().Add(-min(30*24*time.Hour, left/4))
}

// Stamp has the last checkpoint stamped now. The error says what each authority said; ErrOvertaken: another node
// stamped at the same time.
func (s *Stamper) Stamp(ctx context.Context) (made intake.Stamp, err error) {
	p, err := s.Ask(ctx)
	if err != nil {
		return made, err
	}
	query, err := p.Request.Marshal()
	if err != nil {
		return made, err
	}
	err = errors.New("no authority is set")
	var failed []error
	for _, u := range s.of.URLs {
		var reply []byte
		if reply, err = s.post(ctx, u, query); err == nil {
			made, err = s.Take(ctx, p, reply)
		}
		if err == nil {
			return made, nil
		}
		failed = append(failed, fmt.Errorf("%s: %w", redacted(u), err))
	}
	return made, errors.Join(append(failed, err)[:max(len(failed), 1)]...)
}

// redacted is a URL without its password.
func redacted(u string) string {
	parsed, err := url.Parse(u)
	if err != nil {
		return "an address that cannot be read"
	}
	return parsed.Redacted()
}

// post sends a query to an authority.
func (s *Stamper) post(ctx context.Context, u string, query []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u, bytes.NewReader(query))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", stamp.QueryType)
	resp, err := s.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("HTTP %d", resp.StatusCode)
	}
	return io.ReadAll(io.LimitReader(resp.Body, 1<<20))
}

// Pending is a request that was made and has no reply yet.
type Pending struct {
	Request stamp.Request
	Note    []byte // the checkpoint to be stamped
}

// Ask is the request for a stamp of the last checkpoint. ErrNoLog or ErrNotYet.
func (s *Stamper) Ask(ctx context.Context) (p Pending, err error) {
	err = s.desk.Store().View(ctx, func(tx intake.Tx) error {
		t, err := newTip(tx)
		if err != nil {
			return err
		}
		earlier, err := tx.Stamps()
		p.Note = t.last.Note
		p.Request = stamp.NewRequest(s.of.Suite, stamp.Cover(s.of.Suite, items(earlier), p.Note))
		return err
	})
	return p, err
}

// items are stamps as the next one covers them.
func items(all []intake.Stamp) (list []stamp.Item) {
	for _, s := range all {
		list = append(list, stamp.Item{Note: s.Note, Token: s.Token})
	}
	return list
}

// ErrOvertaken: another stamp was made since the request, so the reply does not cover it. Ask anew.
var ErrOvertaken = errors.New("another stamp was made since the request")

// Take stores the stamp of a reply, after it was verified: it is of the request, by a trusted authority, and not before
// the last stamp.
func (s *Stamper) Take(ctx context.Context, p Pending, reply []byte) (made intake.Stamp, err error) {
	token, err := p.Request.Take(reply)
	if err != nil {
		return made, err
	}
	if err := token.Hold(token.Time, s.of.Roots, nil); err != nil {
		return made, err
	}
	made = intake.Stamp{Note: p.Note, Made: token.Time, Token: token.DER}
	if err := s.desk.Store().View(ctx, func(tx intake.Tx) error { return place(tx, &made, token) }); err != nil {
		return made, err
	}
	// Stamps are only ever added, so what was looked at holds unless the number is taken.
	err = s.desk.Store().Update(ctx, func(tx intake.Tx) error { return tx.InsertStamp(made) })
	if errors.Is(err, intake.ErrExists) {
		err = ErrOvertaken
	}
	if err == nil {
		s.noteLast(made, token)
	}
	return made, err
}

// place numbers a stamp behind all that there are, which it must cover.
func place(tx intake.Tx, made *intake.Stamp, token stamp.Token) error {
	t, err := newTip(tx)
	if err != nil {
		return err
	}
	c, err := unsigned(made.Note)
	if err == nil && c.Origin != t.log.Origin {
		err = ErrOvertaken // by another log
	}
	if err != nil {
		return err
	}
	earlier, err := tx.Stamps()
	if err != nil {
		return err
	}
	made.No, made.LogNo, made.Size = int64(len(earlier))+1, t.log.No, c.Size
	return follows(earlier, *made, token)
}

// follows fails unless a stamp covers all before it and is not older than the last.
func follows(earlier []intake.Stamp, made intake.Stamp, t stamp.Token) error {
	if t.Hash != stamp.Cover(t.Suite, items(earlier), made.Note) {
		return ErrOvertaken
	}
	if n := len(earlier); n > 0 && t.Time.Before(earlier[n-1].Made) {
		return fmt.Errorf("the stamp is of %s, before the last one, of %s", t.Time.Format(time.RFC3339),
			earlier[n-1].Made.Format(time.RFC3339))
	}
	return nil
}
