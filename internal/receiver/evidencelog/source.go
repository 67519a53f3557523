package evidencelog

import (
	"errors"
	"maps"
	"math"
	"slices"

	"diaoxiao/internal/evidence"
	"diaoxiao/internal/receiver/intake"
)

// mostRows bounds what one batch reads of each table that is to be signed.
const mostRows = 8192

// endless is how far a batch reads that is to be signed: to the end of everything, within the bound.
var endless = evidence.Upto{Gaps: math.MaxInt64, Cases: math.MaxInt64, Events: math.MaxInt64, Attempts: math.MaxInt64,
	Audit: math.MaxInt64, Rows: math.MaxInt64}

// source is what one batch of leaves is made of: the rows of the store between two checkpoints.
type source struct {
	from, to evidence.Upto // to: the last rows that there are
	until    evidence.Upto // the bounds that were asked for
	most     int           // rows of each table but that of cases
	mostCase int           // cases
	gaps     []intake.Gap
	cases    []intake.Case
	requests map[int64]string // request id of the accepted case
	events   []intake.CaseEvent
	accepted map[int64]string          // acceptids of the cases of events
	proposed map[int64]intake.Proposal // of events
	attempts []intake.Attempt
	audit    []intake.AuditEntry
	rows     []intake.RowDigest
}

// empty says that nothing is new.
func (s *source) empty() bool { return s.from == s.to }

// read reads the rows after one checkpoint up to another one, or endless.
func read(tx intake.Tx, from, until evidence.Upto) (s *source, err error) {
	if until == endless {
		return readNew(tx, from, mostRows)
	}
	return (&source{from: from, to: from, until: until, most: math.MaxInt, mostCase: math.MaxInt}).read(tx)
}

// readNew reads the rows after the last checkpoint, of cases at most some.
func readNew(tx intake.Tx, from evidence.Upto, cases int) (*source, error) {
	return (&source{from: from, to: from, until: endless, most: mostRows, mostCase: min(cases, mostRows)}).read(tx)
}

func (s *source) read(tx intake.Tx) (*source, error) {
	for _, step := range []func(intake.Tx, evidence.Upto) error{
		s.readGaps, s.readAttempts, s.readCases, s.readEvents, s.readAudit, s.readRows,
	} {
		if err := step(tx, s.until); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// nextBatch is the checkpoint that follows another one, with the rows between the two. s is nil at the end of the log.
func nextBatch(tx intake.Tx, logNo int64, after evidence.Checkpoint) (
	at intake.SignedCheckpoint, s *source, err error) {
	next, err := tx.Checkpoints(logNo, after.Size, 1)
	if err != nil || len(next) == 0 {
		return at, nil, err
	}
	s, err = read(tx, after.Upto, next[0].Upto)
	return next[0], s, err
}

func (s *source) readGaps(tx intake.Tx, until evidence.Upto) error {
	gaps, err := tx.Gaps()
	for _, g := range gaps {
		if g.From > s.from.Gaps && g.From <= until.Gaps {
			s.gaps, s.to.Gaps = append(s.gaps, g), g.From
		}
	}
	return err
}

// paged reads rows in pages, from after a number up to another one and at most some of them. whole says that nothing
// is left below the upper bound.
func paged[T any](
	after, until int64, most int, page func(after int64, limit int) ([]T, error), no func(T) int64,
) (all []T, whole bool, err error) {
	for len(all) < most {
		rows, err := page(after, min(most-len(all), mostRows))
		if err != nil || len(rows) == 0 {
			return all, true, err
		}
		for _, r := range rows {
			if after = no(r); after > until {
				return all, true, nil
			}
			all = append(all, r)
		}
	}
	return all, false, nil
}

// readAttempts reads the attempts; an accepted one has the request id of its case.
func (s *source) readAttempts(tx intake.Tx, until evidence.Upto) (err error) {
	s.attempts, _, err = paged(s.from.Attempts, until.Attempts, s.most, func(after int64, n int) (
		[]intake.Attempt, error) {
		return tx.Attempts(intake.AttemptFilter{After: after, Limit: n})
	}, func(a intake.Attempt) int64 { return a.No })
	s.requests = make(map[int64]string)
	for _, a := range s.attempts {
		if s.to.Attempts = a.No; a.Outcome == intake.Accepted {
			s.requests[a.CaseNo] = a.RequestID
		}
	}
	return err
}

func (s *source) readCases(tx intake.Tx, until evidence.Upto) (err error) {
	s.cases, _, err = paged(s.from.Cases, until.Cases, s.mostCase, func(after int64, n int) ([]intake.Case, error) {
		return tx.Cases(intake.CaseFilter{After: after, Limit: n})
	}, func(c intake.Case) int64 { return c.No })
	if err != nil || len(s.cases) == 0 {
		return err
	}
	s.to.Cases = s.cases[len(s.cases)-1].No
	return s.readRequests(tx)
}

// readRequests reads the request ids of the cases whose attempts are in another batch: attempts can be ahead of cases.
func (s *source) readRequests(tx intake.Tx) error {
	lacks := func(c intake.Case) bool { _, has := s.requests[c.No]; return !has }
	i := slices.IndexFunc(s.cases, lacks)
	if i < 0 {
		return nil
	}
	all, err := tx.AcceptedRequests(s.cases[i].No, s.to.Cases)
	maps.Copy(s.requests, all)
	return err
}

func (s *source) readEvents(tx intake.Tx, until evidence.Upto) (err error) {
	s.events, _, err = paged(s.from.Events, until.Events, s.most, tx.EventsAfter,
		func(e intake.CaseEvent) int64 { return e.No })
	s.accepted, s.proposed = make(map[int64]string), make(map[int64]intake.Proposal)
	for _, e := range s.events {
		s.to.Events = e.No
		err = errors.Join(err, s.readAround(tx, e))
	}
	return err
}

// readAround reads the acceptid of the case of an event, and its proposal. Of what is not there it reads nothing: the
// leaf then differs from the one that was logged.
func (s *source) readAround(tx intake.Tx, e intake.CaseEvent) error {
	if _, read := s.accepted[e.CaseNo]; !read {
		c, err := tx.Case(e.CaseNo)
		if err != nil && !errors.Is(err, intake.ErrNotFound) {
			return err
		}
		s.accepted[e.CaseNo] = c.AcceptID
	}
	if _, read := s.proposed[e.ProposalNo]; read || e.ProposalNo == 0 {
		return nil
	}
	p, err := tx.Proposal(e.ProposalNo)
	if err != nil && !errors.Is(err, intake.ErrNotFound) {
		return err
	}
	s.proposed[e.ProposalNo] = p
	return nil
}

func (s *source) readAudit(tx intake.Tx, until evidence.Upto) (err error) {
	s.audit, _, err = paged(s.from.Audit, until.Audit, s.most, tx.Audit,
		func(e intake.AuditEntry) int64 { return e.No })
	if n := len(s.audit); n > 0 {
		s.to.Audit = s.audit[n-1].No
	}
	return err
}

func (s *source) readRows(tx intake.Tx, until evidence.Upto) (err error) {
	s.rows, _, err = paged(s.from.Rows, until.Rows, s.most, tx.RowDigests,
		func(r intake.RowDigest) int64 { return r.No })
	if n := len(s.rows); n > 0 {
		s.to.Rows = s.rows[n-1].No
	}
	return err
}
