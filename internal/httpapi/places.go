package httpapi

import (
	"sync"
	"time"

	"diaoxiao/api"
)

// places bounds how many bodies are read at once, in all and for one app, so that no app keeps the others out.
type places struct {
	all   chan struct{} // holds one for each place taken
	share int           // of one app
	mu    sync.Mutex
	of    map[int64]chan struct{} // the same by app
}

func newPlaces(n int) *places {
	return &places{all: make(chan struct{}, n), share: max(1, n/2), of: make(map[int64]chan struct{})}
}

// take takes a place for an app, waiting for one until patience ends; nil: not at all. The problem tells the sender to come
// back.
func (p *places) take(app int64, patience <-chan time.Time) (release func(), problem *api.Problem) {
	own := p.shareOf(app)
	if !occupy(own, patience) {
		return nil, &api.Problem{Code: api.TooManyRequests, Detail: "该应用同时报送过多"}
	}
	if !occupy(p.all, patience) {
		<-own
		return nil, &api.Problem{Code: api.Unavailable}
	}
	return func() { <-p.all; <-own }, nil
}

func (p *places) shareOf(app int64) chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.of[app] == nil {
		p.of[app] = make(chan struct{}, p.share)
	}
	return p.of[app]
}

func occupy(places chan struct{}, patience <-chan time.Time) bool {
	select {
	case places <- struct{}{}:
		return true
	default:
	}
	if patience == nil {
		return false
	}
	select {
	case places <- struct{}{}:
		return true
	case <-patience:
		return false
	}
}
