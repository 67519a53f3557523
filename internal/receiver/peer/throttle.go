package peer

import (
	"net/netip"
	"sync"
	"time"
)

// A source may fail failureBurst times at once and then once each failureEvery.
const (
	failureBurst = 20
	failureEvery = 6 * time.Second
	maxSources   = 10_000
)

// Throttle counts failures by source. Its memory is bounded. Safe for concurrent use.
type Throttle struct {
	now     func() time.Time
	mu      sync.Mutex
	sources map[netip.Prefix]time.Time // when its failures will be forgotten
}

// NewThrottle returns a Throttle that tells the time by now.
func NewThrottle(now func() time.Time) *Throttle {
	return &Throttle{now: now, sources: make(map[netip.Prefix]time.Time)}
}

// Network is what counts as one source: an IPv4 address, or the /64 an IPv6 host can choose from.
func Network(a netip.Addr) netip.Prefix {
	bits := a.BitLen()
	if a.Is6() {
		bits = 64
	}
	p, _ := a.Prefix(bits)
	return p
}

// Wait returns how long a source must wait before its next try, 0 if it may go on.
func (t *Throttle) Wait(a netip.Addr) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.wait(a)
}

func (t *Throttle) wait(a netip.Addr) time.Duration {
	until, ok := t.sources[Network(a)]
	if !ok {
		return 0
	}
	return max(0, until.Sub(t.now())-(failureBurst-1)*failureEvery)
}

// Reserve counts a failure before the try, so that tries under way together are bounded, too; Undo takes it back where
// the try was none or was right. It returns how long a source must wait, and then nothing is counted.
func (t *Throttle) Reserve(a netip.Addr) (wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if wait = t.wait(a); wait == 0 {
		t.failed(a)
	}
	return wait
}

// Undo takes back one failure.
func (t *Throttle) Undo(a netip.Addr) {
	t.mu.Lock()
	defer t.mu.Unlock()
	p := Network(a)
	if until, ok := t.sources[p]; ok {
		t.sources[p] = until.Add(-failureEvery)
	}
}

// Failed counts one failure. Failures never add up to more than a burst: requests that were under way together when it
// was full must not shut a whole office out for hours.
func (t *Throttle) Failed(a netip.Addr) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.failed(a)
}

func (t *Throttle) failed(a netip.Addr) {
	p, now := Network(a), t.now()
	if until := t.sources[p]; until.After(now) {
		if most := now.Add(failureBurst * failureEvery); until.Add(failureEvery).Before(most) {
			t.sources[p] = until.Add(failureEvery)
		} else {
			t.sources[p] = most
		}
		return
	}
	if len(t.sources) >= maxSources {
		t.forget(now)
	}
	t.sources[p] = now.Add(failureEvery)
}

// forget drops what has expired, or everything where nothing has: rather forget guesses than refuse strangers.
func (t *Throttle) forget(now time.Time) {
	for p, until := range t.sources {
		if !until.After(now) {
			delete(t.sources, p)
		}
	}
	if len(t.sources) >= maxSources {
		clear(t.sources)
	}
}
