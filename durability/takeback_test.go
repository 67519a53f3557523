//go:build linux

package durability

import (
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestTakeBack: a manager that takes the names of the standbys back, as Patroni does when they are gone, lets commits go that
// wait for them. Nobody may be told of those.
func TestTakeBack(t *testing.T) {
	n := begin(t).takebacks
	inPieces(n, 3, func(n int) verdict { return takeBacks(t, product(t), n) }).report(t)
}

// takeBacks is n times this course of events, with nodes that ask for replication and one that only saw it:
//
//	both standbys hang, commits wait for them
//	the names are taken back, or taken back and set again before the waiting ones notice
//	the primary dies, a standby that never got any of it is promoted
func takeBacks(t *testing.T, binary string, n int) verdict {
	c := newCluster(t, binary, "names taken back", []string{"replicated", "auto", "auto"})
	defer c.end()
	for range n {
		for _, take := range []func(){c.takeBack, c.takeBackBriefly} {
			began := time.Now()
			c.settleDown()
			l := c.work(6, 0)
			c.pause(200, 500)
			c.pauseStandbys()
			c.deny()
			c.await(c.primary, "select count(*) > 0 from "+waiting)
			take()
			c.striking("pg_cancel_backend", l.stop)
			c.mustSee()
			c.loseUnsent()
			c.verdict.cycles++
			c.judgeNow(began)
		}
	}
	return c.conclude()
}

// takeBack lets the waiting ones go, for good.
func (c *cluster) takeBack() {
	c.t.Helper()
	c.primary.Synchronous(c.t, "")
	c.awaitUnready("synchronous_standby_names")
}

// briefly is how often names are taken back and set again: who waits may be nobody that a sender waits for.
const briefly = 4

// takeBackBriefly holds the waiting ones where they are, so that they see the names before and after.
func (c *cluster) takeBackBriefly() {
	c.t.Helper()
	for range briefly {
		c.await(c.primary, "select count(*) > 0 from "+waiting)
		held := c.hold()
		c.primary.Synchronous(c.t, "")
		c.primary.Synchronous(c.t, c.anyOne())
		for _, pid := range held {
			must(c.t, syscall.Kill(pid, syscall.SIGCONT))
		}
		c.pause(50, 100)
	}
}

// hold halts the backends of nodes that wait for a standby.
func (c *cluster) hold() (pids []int) {
	c.t.Helper()
	for _, f := range strings.Fields(c.primary.SQL(c.t, "postgres", "select pid from "+waiting)) {
		pid, err := strconv.Atoi(f)
		must(c.t, err)
		must(c.t, syscall.Kill(pid, syscall.SIGSTOP))
		pids = append(pids, pid)
	}
	return pids
}
