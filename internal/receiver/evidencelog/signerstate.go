package evidencelog

import (
	"context"
	"errors"
	"sync"
	"time"

	"diaoxiao/internal/evidence"
)

// SignerState is how it stands with the signing of the evidence log, as this node knows it.
type SignerState struct {
	Name     string              // of the log
	Last     evidence.Checkpoint // the last one that this node knows, of any node; Size 0: none
	Unsigned time.Time           // since when rows but cases are in no checkpoint, or may be; zero: none
	Failing  bool                // the last pass failed
	Err      error               // of the last pass that failed since the start; nil: none did
	ErrAt    time.Time           // of that
	Errors   int64               // passes that failed since the start
}

// Forked says that the database is older than a checkpoint that this node has seen, so that it signs nothing.
func (s SignerState) Forked() bool { return s.Failing && errors.Is(s.Err, ErrFork) }

// heldState is a state that others read while the signer works.
type heldState struct {
	mutex sync.Mutex
	state SignerState
}

// State is how it stands. Safe for concurrent use; it asks neither the database nor the keys.
func (s *Signer) State() SignerState {
	s.held.mutex.Lock()
	defer s.held.mutex.Unlock()
	return s.held.state
}

// note changes the state.
func (h *heldState) note(change func(*SignerState)) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	change(&h.state)
}

// recall begins the state with what this node remembers of an earlier run.
func (s *Signer) recall() {
	if len(s.keys) > 0 {
		s.held.state.Name = s.keys[0].Name
	}
	if c, seen, err := s.memory.Last(); err == nil && seen {
		s.held.state.Name, s.held.state.Last = c.Origin, c
	}
}

// noteRead keeps what a reading of the database showed; batch is nil before there is a log.
func (s *Signer) noteRead(batch *source) {
	s.held.note(func(st *SignerState) {
		if batch == nil {
			return
		}
		st.Name, st.Last = s.of.Origin, s.last.Checkpoint
		if at := batch.oldest(); !at.IsZero() || !st.Failing {
			st.Unsigned = at
		}
	})
}

// noteEnd keeps how a pass ended, unless it was stopped.
func (s *Signer) noteEnd(ctx context.Context, err error) {
	if err != nil && ctx.Err() != nil {
		return
	}
	s.held.note(func(st *SignerState) {
		if st.Failing = err != nil; !st.Failing {
			st.Unsigned = time.Time{}
			return
		}
		st.Err, st.ErrAt, st.Errors = err, time.Now(), st.Errors+1
		if st.Unsigned.IsZero() {
			st.Unsigned = st.ErrAt
		}
	})
}

// oldest is the time of the first row, of those that come first in their tables; zero where there are none. Cases do
// not count: they wait for a calm hour, and their attempts bind them meanwhile.
func (s *source) oldest() (at time.Time) {
	take := func(t time.Time) {
		if at.IsZero() || t.Before(at) {
			at = t
		}
	}
	if len(s.gaps) > 0 {
		take(s.gaps[0].At)
	}
	if len(s.events) > 0 {
		take(s.events[0].At)
	}
	if len(s.attempts) > 0 {
		take(s.attempts[0].At)
	}
	if len(s.audit) > 0 {
		take(s.audit[0].At)
	}
	if len(s.rows) > 0 {
		take(s.rows[0].At)
	}
	return at
}
