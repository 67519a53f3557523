package httpapi

import (
	"io"
	"sync"
	"sync/atomic"
	"time"

	"diaoxiao/api"
)

// A body that has sent less than stalledBytes after stalledAfter gives its slot back when others wait.
const (
	stalledBytes = 1 << 10
	stalledAfter = 5 * time.Second
	evictionTime = 2 * time.Second // for the stalled body to leave
)

// slots bounds how many bodies are read, or answers made, at once, in all and for one holder, an app or a network
// address: half of them while less than half are taken, a quarter beyond, so that it takes more than two to fill them.
type slots struct {
	n     int
	each  int // for one holder instead of that; 0: as said
	mu    sync.Mutex
	held  map[*slot]struct{}
	of    map[any]int
	freed chan struct{} // closed when a slot comes back; nil: nobody waits for that
}

// slot is one slot taken. The body that is read on it counts its bytes.
type slot struct {
	in      *slots
	holder  any
	since   time.Time
	got     atomic.Int64
	evict   func()      // ends the reading of the body; called while the slot is held
	evicted atomic.Bool // evict was called
}

func newSlots(n int) *slots {
	return &slots{n: n, held: make(map[*slot]struct{}), of: make(map[any]int)}
}

// take takes a slot for a holder. Where there is none it waits until patience ends, and as long as a stalled body
// needs to leave. The problem says that the sender has to come back. evict must be safe to call from elsewhere.
func (p *slots) take(holder any, patience time.Duration, evict func()) (*slot, *api.Problem) {
	for end := time.Now().Add(patience); ; {
		got, problem, freed := p.try(holder, evict)
		if got != nil {
			return got, nil
		}
		wait := time.Until(end)
		if p.evictStalled(holder, problem.Code == api.TooManyRequests) {
			wait = max(wait, evictionTime)
			end = time.Now().Add(wait)
		}
		if wait <= 0 {
			return nil, problem
		}
		select {
		case <-freed:
		case <-time.After(wait):
		}
	}
}

// try takes a slot that is free; else freed is closed when one comes back.
func (p *slots) try(holder any, evict func()) (*slot, *api.Problem, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.of[holder] >= p.share():
		return nil, &api.Problem{Code: api.TooManyRequests, Detail: "该应用同时报送过多"}, p.nextFreed()
	case len(p.held) >= p.n:
		return nil, &api.Problem{Code: api.Unavailable}, p.nextFreed()
	}
	got := &slot{in: p, holder: holder, since: time.Now(), evict: evict}
	p.held[got] = struct{}{}
	p.of[holder]++
	return got, nil, nil
}

// share is how many slots one holder may take. It needs p.mu.
func (p *slots) share() int {
	switch {
	case p.each > 0:
		return p.each
	case len(p.held) < p.n/2:
		return max(1, p.n/2)
	}
	return max(1, p.n/4)
}

// nextFreed is closed when a slot comes back. It needs p.mu.
func (p *slots) nextFreed() <-chan struct{} {
	if p.freed == nil {
		p.freed = make(chan struct{})
	}
	return p.freed
}

// evictStalled ends the body that has sent the least of those that have sent next to nothing, of the holder's own where
// only those count.
func (p *slots) evictStalled(holder any, own bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	var least *slot
	for h := range p.held {
		if (!own || h.holder == holder) && h.stalled() && (least == nil || h.got.Load() < least.got.Load()) {
			least = h
		}
	}
	if least == nil {
		return false
	}
	least.evicted.Store(true)
	least.evict()
	return true
}

func (h *slot) stalled() bool {
	return !h.evicted.Load() && h.got.Load() < stalledBytes && time.Since(h.since) > stalledAfter
}

// release gives the slot back.
func (h *slot) release() {
	p := h.in
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.held, h)
	if p.of[h.holder]--; p.of[h.holder] == 0 {
		delete(p.of, h.holder)
	}
	if p.freed != nil {
		close(p.freed)
		p.freed = nil
	}
}

// counting is the body of a request that is read on a slot.
type counting struct {
	io.ReadCloser
	on *slot
}

func (c counting) Read(b []byte) (int, error) {
	n, err := c.ReadCloser.Read(b)
	c.on.got.Add(int64(n))
	return n, err
}
