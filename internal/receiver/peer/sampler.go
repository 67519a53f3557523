package peer

import (
	"net/netip"
	"sync"
	"time"
)

// Of the requests of one source, and of all, so many pass in a minute.
const (
	sampleOfSource = 30
	sampleOfAll    = 300
)

// Sampler lets the first requests of each source in a minute pass, and counts the others. It keeps what anybody can
// send without a credential from filling a disk. Its memory is bounded. Safe for concurrent use.
type Sampler struct {
	now     func() time.Time
	mu      sync.Mutex
	began   time.Time // of the minute
	passed  int
	of      map[netip.Prefix]int
	skipped int64
}

// NewSampler returns a Sampler that tells the time by now.
func NewSampler(now func() time.Time) *Sampler {
	return &Sampler{now: now, of: make(map[netip.Prefix]int)}
}

// Pass reports whether a request of a source passes, and counts it.
func (s *Sampler) Pass(a netip.Addr) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := s.now(); now.Sub(s.began).Abs() >= time.Minute {
		s.began, s.passed = now, 0
		clear(s.of)
	}
	p := Network(a)
	if s.passed >= sampleOfAll || s.of[p] >= sampleOfSource {
		s.skipped++
		return false
	}
	s.passed++
	s.of[p]++
	return true
}

// Skipped is how many requests did not pass so far.
func (s *Sampler) Skipped() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.skipped
}
