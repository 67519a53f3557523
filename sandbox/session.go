package sandbox

import (
	"sync"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// session is what the sandbox knows of a login: whose it is, which the receiver alone decides about.
type session struct {
	no      int // of the exchange of the login
	appKey  string
	account string
	dies    time.Time // zero: when the receiver says
}

// maxSessions bounds the memory of sessions.
const maxSessions = 10_000

// sessions are the logins, by the hash of their token.
type sessions struct {
	mu  sync.Mutex
	all map[intake.TokenHash]session
}

func (s *sessions) add(token string, n session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all == nil || len(s.all) >= maxSessions {
		s.all = make(map[intake.TokenHash]session)
	}
	s.all[intake.HashToken(token)] = n
}

// of returns the session of a token, the zero session where there is none.
func (s *sessions) of(token string) session {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all[intake.HashToken(token)]
}

func (s *sessions) limit(token string, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n, ok := s.all[intake.HashToken(token)]; ok {
		n.dies = at
		s.all[intake.HashToken(token)] = n
	}
}

func (s *sessions) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = nil
}
