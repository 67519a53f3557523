//go:build linux

package durability

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

// clusterLoad is several senders at work on all nodes of a cluster. They go on whatever they are told: after a refusal
// they rest a little, and send the same again, perhaps to another node, or ask for it.
type clusterLoad struct {
	cluster *cluster
	load    *load // which only picks
	quit    chan struct{}
	senders sync.WaitGroup
	success atomic.Int64
	refused atomic.Int64
}

// work lets senders send. The first of them begins with a case of large entities, unless that is 0.
func (c *cluster) work(senders, large int) *clusterLoad {
	l := &clusterLoad{cluster: c, load: &load{site: c.site}, quit: make(chan struct{})}
	for i := range senders {
		r := rand.New(rand.NewPCG(c.rand.Uint64(), 0))
		l.senders.Go(func() {
			if i == 0 && large > 0 {
				c.submitTo(c.anyNode(r), c.fresh(large), false)
			}
			l.run(r)
		})
	}
	return l
}

// stop ends the load once every request has its answer.
func (l *clusterLoad) stop() {
	close(l.quit)
	l.senders.Wait()
}

func (l *clusterLoad) run(r *rand.Rand) {
	for doubt := ""; !l.over(); {
		caseID, a := l.once(r, doubt)
		if a.success() || a.Code == noSuchCase {
			l.success.Add(1)
			doubt = ""
			continue
		}
		l.refused.Add(1)
		doubt = caseID
		l.rest(time.Duration(5+r.IntN(50)) * time.Millisecond)
	}
}

// once sends or asks once. Of what is in doubt it does the one or the other, or leaves it for later.
func (l *clusterLoad) once(r *rand.Rand, doubt string) (caseID string, a reply) {
	c := l.cluster
	to := c.anyNode(r)
	if doubt == "" && r.IntN(8) == 0 {
		doubt = c.earlier(r)
	}
	switch kind := r.IntN(3); {
	case doubt != "" && kind == 0:
		return doubt, c.queryTo(to, doubt)
	case doubt != "" && kind == 1:
		return doubt, c.submitTo(to, parcelOf(doubt), true)
	}
	p, repeat := l.load.pick(r)
	return p.caseID, c.submitTo(to, p, repeat)
}

func (l *clusterLoad) over() bool {
	select {
	case <-l.quit:
		return true
	default:
		return false
	}
}

func (l *clusterLoad) rest(d time.Duration) {
	select {
	case <-l.quit:
	case <-time.After(d):
	}
}
