//go:build linux

package durability

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

// Sizes of cases. A large one is kept in parts, and from about 40,000 entities on spooled to a file.
const (
	smallItems  = 5
	partedItems = 5_000 // enough for parts
	largeItems  = 20_000
	giantItems  = 45_000
)

// load is several senders at work on one site.
type load struct {
	site     *site
	quit     chan struct{}
	senders  sync.WaitGroup
	refusals atomic.Int64
	failed   atomic.Int64 // when the first 19009 was read, in unix nanoseconds
}

// startLoad lets senders send. The first of them begins with a case of large entities, unless that is 0.
func (s *site) startLoad(senders, large int) *load {
	l := &load{site: s, quit: make(chan struct{})}
	for i := range senders {
		r := rand.New(rand.NewPCG(s.rand.Uint64(), 0))
		l.senders.Go(func() {
			if i == 0 && large > 0 {
				l.send(s.fresh(large), false)
			}
			for l.send(l.pick(r)) {
			}
		})
	}
	return l
}

// stop ends the load once every request has its answer or its error.
func (l *load) stop() {
	close(l.quit)
	l.senders.Wait()
}

// pick is a new small case or, one time in six, an earlier one again, perhaps in other bytes.
func (l *load) pick(r *rand.Rand) (p parcel, repeat bool) {
	if id := l.site.earlier(r); id != "" && r.IntN(6) == 0 {
		p := parcelOf(id)
		if len(p.body) > 1<<20 || r.IntN(2) == 0 {
			return p, true
		}
		return p.respelled(), true
	}
	return l.site.fresh(1 + r.IntN(smallItems)), false
}

// send submits and reports whether the sender should go on: not when the load ends, and not at a server that is gone or
// has refused often enough to show that it means it.
func (l *load) send(p parcel, repeat bool) bool {
	began := time.Now()
	r := l.site.submit(p, repeat)
	l.watch(p, began, r)
	if r.Status == 0 || r.Status >= 500 && l.refusals.Add(1) > 60 {
		<-l.quit
	}
	select {
	case <-l.quit:
		return false
	default:
		return true
	}
}

// watch holds on to the rule that nothing is acknowledged after a commit has failed: not to a request that began after
// somebody had read 19009. The load is far from making the server too busy.
func (l *load) watch(p parcel, began time.Time, r reply) {
	if r.Code == unavailable {
		l.failed.CompareAndSwap(0, time.Now().UnixNano())
	}
	if at := l.failed.Load(); !l.site.mayGoOn && r.success() && at != 0 && began.UnixNano() > at {
		l.site.add(defiant, "%s as %s", p.caseID, r.AcceptID)
	}
}
