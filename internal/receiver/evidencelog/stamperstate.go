package evidencelog

import (
	"context"
	"sync"
	"time"

	"diaoxiao/internal/evidence/stamp"
	"diaoxiao/internal/receiver/intake"
)

// StamperState is how it stands with the time-stamps, as this node knows it.
type StamperState struct {
	Last    time.Time // of the last stamp, of any node; zero: none is known
	By      string    // its authority
	Due     time.Time // when the next one is made, if the log has grown by then
	Renewal time.Time // when the next one is made in any case, for the sake of the certificate
	Failing bool      // the last pass failed
	Err     error     // of the last pass that failed since the start; nil: none did
	ErrAt   time.Time // of that
	Errors  int64     // passes that failed since the start
}

// heldStamps is a state that others read while the stamper works.
type heldStamps struct {
	mutex sync.Mutex
	state StamperState
}

// State is how it stands. Safe for concurrent use; it asks neither the database nor an authority.
func (s *Stamper) State() StamperState {
	s.held.mutex.Lock()
	defer s.held.mutex.Unlock()
	return s.held.state
}

// noteLast keeps what the last stamp says.
func (s *Stamper) noteLast(last intake.Stamp, t stamp.Token) {
	s.held.mutex.Lock()
	defer s.held.mutex.Unlock()
	st := &s.held.state
	st.Last, st.By, st.Due, st.Renewal = t.Time, t.Authority(), last.Made.Add(s.of.Every), renewal(t)
}

// noteEnd keeps how a pass ended, unless it was stopped.
func (s *Stamper) noteEnd(ctx context.Context, err error) {
	if err != nil && ctx.Err() != nil {
		return
	}
	s.held.mutex.Lock()
	defer s.held.mutex.Unlock()
	st := &s.held.state
	if st.Failing = err != nil; st.Failing {
		st.Err, st.ErrAt, st.Errors = err, s.now(), st.Errors+1
	}
}
