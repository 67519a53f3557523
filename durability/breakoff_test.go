//go:build linux

package durability

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// TestBreakOff: a commit broken off while it waits for a standby is visible and lost with the primary: nobody may be
// told of it.
func TestBreakOff(t *testing.T) {
	n := begin(t).breaks
	inPieces(n, 3, func(n int) verdict { return breakOffs(t, product(t), n) }).report(t)
}

// breakOffs is n times this course of events:
//
//	both standbys hang, commits wait for them
//	somebody breaks the waiting off: PostgreSQL commits without a standby and sends a notice, or ends the connection
//	senders send new cases, repeat those that are visible now, and ask for them
//	the primary dies, a standby that never got any of it is promoted
func breakOffs(t *testing.T, binary string, n int) verdict {
	c := newCluster(t, binary, "broken-off commits", threeNodes)
	defer c.end()
	for i := range n {
		began := time.Now()
		c.settleDown()
		l := c.work(3, 0)
		c.pause(200, 500)
		c.pauseStandbys()
		c.deny()
		for _, how := range []string{"pg_cancel_backend", "pg_terminate_backend"} {
			c.breakOff(how, i)
		}
		c.striking("pg_cancel_backend", l.stop)
		c.mustSee()
		c.loseUnsent()
		c.verdict.cycles++
		c.judgeNow(began)
	}
	return c.conclude()
}

// breakOff sends a new case to one node, repeats it at the next and asks for it at the last, while commits are broken
// off.
func (c *cluster) breakOff(how string, i int) {
	c.t.Helper()
	p := c.fresh(3)
	n := c.striking(how, func() {
		for _, a := range []reply{
			c.submitTo(c.nodes[i%3].client, p, false),
			c.submitTo(c.nodes[(i+1)%3].client, p, true),
			c.queryTo(c.nodes[(i+2)%3].client, p.caseID),
		} {
			if a.Code != unavailable && !a.success() { // SUCCESS is noted already
				c.add(down, "%s: %s was answered %+v, want 19009", how, p.caseID, a)
			}
		}
	})
	if n < 3 {
		c.add(down, "%s struck %d commits only", how, n)
	}
}

// striking runs f while every commit that waits for a standby is broken off, and counts those.
func (c *cluster) striking(how string, f func()) int {
	quit, done := make(chan struct{}), make(chan int)
	go func() { done <- c.strike(how, quit) }()
	f()
	close(quit)
	return <-done
}

// strike breaks off every commit that waits for a standby, until quit, and counts them.
func (c *cluster) strike(how string, quit chan struct{}) (n int) {
	for {
		select {
		case <-quit:
			return n
		case <-time.After(20 * time.Millisecond):
			n += len(strings.Fields(c.primary.SQL(c.t, "postgres", "select pid from "+waiting+" where "+how+"(pid)")))
		}
	}
}

// waiting are the backends of nodes that wait for a standby.
const waiting = "(select pid from pg_stat_activity where wait_event = 'SyncRep' and application_name = 'diaoxiao' " +
	"offset 0) w"

// mustSee makes sure that there was something to be told of wrongly.
func (c *cluster) mustSee() {
	c.t.Helper()
	n := c.seen()
	c.t.Logf("%d cases visible that no standby has", n)
	if n == 0 {
		c.verdict.add(down, "no commit that was broken off is visible, so nothing is shown")
	}
}

// loseUnsent kills the primary and promotes the standby that has everything acknowledged; what the standbys had not yet
// read is gone with their connections.
func (c *cluster) loseUnsent() {
	c.t.Helper()
	old, next := c.primary, c.standbys[0]
	old.Kill()
	c.killStandbys()
	c.mark()
	next.Restart(c.t)
	next.Synchronous(c.t, "ANY 1 ("+c.standbys[1].Name()+", "+old.Name()+")")
	c.promote(next)
	c.allow()
	c.standbys[0].Follow(c.t, next)
	c.awaitAll()
	old.Follow(c.t, next)
	next.AwaitSync(c.t, c.standbys[0].Name(), old.Name())
}

// settleDown has some cases acknowledged, so that there is something to lose.
func (c *cluster) settleDown() {
	for _, n := range slices.Concat(c.nodes, c.nodes) {
		c.submitTo(n.client, c.fresh(2), false)
	}
}
