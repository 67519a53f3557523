//go:build linux

package durability

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestOverload: with a slow store and three times the load that goes through, the nodes stay as large as they are,
// refuse what is too much, and lose nothing.
func TestOverload(t *testing.T) {
	n := beginAlone(t).slows
	inPieces(n, 1, func(int) verdict {
		return overloads(t, product(t), 5*time.Second*time.Duration(min(n, 3)))
	}).report(t)
}

const (
	slowness = 30 * time.Millisecond // each way between node and primary
	// bodies a node reads at once, of which one app has half: so much load is what can go through.
	slowBodies = 128
	// grown is how much larger a node may become in the time of the overload, in bytes.
	grown = 48 << 20
)

// overloads sends for a time as much as goes through, and then for long three times as much.
func overloads(t *testing.T, binary string, long time.Duration) verdict {
	c := newDatabases(t)
	defer c.end()
	c.site = prepareSite(t, binary, c.url(), "overloads of a slow store")
	far := urlWithin(newSlowLink(t, host(c.primary), slowness).addr(), time.Minute)
	for range 3 {
		c.addNode(far, "replicated", "--max-bodies", strconv.Itoa(slowBodies))
	}
	c.enter()
	began := time.Now()
	rate := c.through(2 * time.Second)
	o := c.flood(3*rate, long)
	t.Logf("%.0f a second go through; of %.0f a second: %d acknowledged, %d refused, %d unsent; waiting at most %d; "+
		"resident %s",
		rate, 3*rate, o.success.Load(), o.refused.Load(), o.unsent.Load(), o.waiting, o.sizes)
	if o.refused.Load() == 0 {
		c.verdict.add(down, "nothing was refused, so nothing is shown")
	}
	c.verdict.cycles++
	c.awaitAll()
	c.check(began)
	c.askSome(4)
	return c.conclude()
}

// through is how many cases a second are acknowledged when every place is taken.
func (c *cluster) through(d time.Duration) float64 {
	var n atomic.Int64
	var senders sync.WaitGroup
	end := time.Now().Add(d)
	for _, to := range c.nodes {
		for range slowBodies / 2 {
			senders.Go(func() {
				for time.Now().Before(end) {
					if c.submitTo(to.client, c.fresh(1), false).success() {
						n.Add(1)
					}
				}
			})
		}
	}
	senders.Wait()
	return float64(n.Load()) / d.Seconds()
}

// flood is a load that does not wait for answers.
type flood struct {
	cluster                  *cluster
	success, refused, unsent atomic.Int64
	waiting                  int // the most that waited for a writer
	sizes                    string
}

// unanswered is how many requests may be under way, so that it is not the sender who breaks down.
const unanswered = 4096

// flood sends so many cases a second, to one node after the other.
func (c *cluster) flood(rate float64, d time.Duration) *flood {
	f := &flood{cluster: c}
	var senders sync.WaitGroup
	under := make(chan struct{}, unanswered)
	began, sent, before := time.Now(), 0, c.sizes()[:0]
	for ; time.Since(began) < d; time.Sleep(5 * time.Millisecond) {
		for ; float64(sent) < rate*time.Since(began).Seconds(); sent++ {
			select {
			case under <- struct{}{}:
				to := c.nodes[sent%len(c.nodes)]
				senders.Go(func() { f.send(to); <-under })
			default:
				f.unsent.Add(1)
			}
		}
		f.watch()
		if len(before) == 0 && time.Since(began) > d/3 {
			before = c.sizes()
		}
	}
	f.judgeSizes(before, c.sizes())
	senders.Wait()
	return f
}

// send sends one case. A refusal says when to come back.
func (f *flood) send(to *node) {
	r := f.cluster.submitTo(to.client, f.cluster.fresh(1), false)
	switch {
	case r.success():
		f.success.Add(1)
	case (r.Code == tooMany || r.Code == unavailable) && r.RetryAfter != "":
		f.refused.Add(1)
	default:
		f.cluster.add(refused, "too much was answered %+v, want 19008 or 19009 with Retry-After", r)
	}
}

// watch holds the queues to what one app may bring.
func (f *flood) watch() {
	for i, n := range f.cluster.nodes {
		w := f.cluster.figure(n, "diaoxiao_store_waiting")
		if f.waiting = max(f.waiting, w); w > slowBodies {
			f.cluster.add(down, "node %d: %d updates wait", i, w)
		}
	}
}

func (f *flood) judgeSizes(before, after []int) {
	for i := range after {
		f.sizes += fmt.Sprintf("%d→%d MiB ", before[i]>>20, after[i]>>20)
		if after[i] > before[i]+grown {
			f.cluster.add(down, "node %d grew from %d to %d bytes", i, before[i], after[i])
		}
	}
	f.sizes = strings.TrimSpace(f.sizes)
}

// figure is one of the metrics of a node.
func (c *cluster) figure(n *node, name string) int {
	_, text, err := n.operations("/metrics")
	m := regexp.MustCompile(`(?m)^` + name + ` (\d+)$`).FindStringSubmatch(text)
	if err != nil || m == nil {
		c.add(down, "no %s: %v", name, err)
		return 0
	}
	v, _ := strconv.Atoi(m[1])
	return v
}

// sizes are the resident bytes of the nodes.
func (c *cluster) sizes() (sizes []int) {
	for _, n := range c.nodes {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", n.cmd.Process.Pid))
		var all, resident int
		if err == nil {
			_, err = fmt.Sscan(string(b), &all, &resident)
		}
		if err != nil {
			c.add(down, "%v", err)
		}
		sizes = append(sizes, resident*os.Getpagesize())
	}
	return sizes
}

// askSome sends again n of what was refused and n of what was acknowledged.
func (c *cluster) askSome(n int) {
	open := c.open()
	for _, id := range open[:min(n, len(open))] {
		c.ask(parcelOf(id), "")
	}
	for range n {
		id := c.earlier(c.rand)
		c.ask(parcelOf(id).respelled(), c.receipts[id])
	}
}
