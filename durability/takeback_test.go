//go:build linux

package durability

import (
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestTakeBack: a manager that takes the names of the standbys back, as Patroni does when they are gone, lets commits
// go that wait for them. Nobody may be told of those.
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
			c.awaitCase()
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

// awaitCase waits until a commit that waits for a standby brings a new case. One that only answers repeats, or is a
// heartbeat, would keep all others from their turn: it is broken off.
func (c *cluster) awaitCase() {
	c.t.Helper()
	const brings = "exists (select from pg_locks l where l.pid = w.pid and mode = 'RowExclusiveLock' and " +
		"relation in ('pack'::regclass, 'body_part'::regclass))"
	for end := time.Now().Add(recovery); ; time.Sleep(5 * time.Millisecond) {
		if c.primary.SQL(c.t, database, "select count(*) > 0 from "+waiting+" where "+brings) == "t" {
			return
		}
		c.primary.SQL(c.t, database, "select pg_cancel_backend(pid) from "+waiting+" where not "+brings)
		if time.Now().After(end) {
			c.t.Fatalf("no commit of a case waits for a standby")
		}
	}
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

// TestLateCheckpointer: names of standbys that are set while the server runs are in force only when its checkpointer
// has read them; until then commits do not wait, and nobody may be told of them.
func TestLateCheckpointer(t *testing.T) {
	begin(t)
	lateCheckpointers(t, product(t)).report(t)
}

func lateCheckpointers(t *testing.T, binary string) verdict {
	c := newCluster(t, binary, "late checkpointers", threeNodes)
	defer c.end()
	began := time.Now()
	c.settleDown()
	c.primary.Synchronous(t, "")
	c.pauseUnasked()
	c.deny()
	c.nameLate()
	l := c.work(6, 0)
	c.await(c.primary, "select count(*) > 0 from "+waiting)
	c.striking("pg_cancel_backend", l.stop)
	c.loseUnsent()
	c.verdict.cycles++
	c.judgeNow(began)
	return c.conclude()
}

// pauseUnasked halts the standbys while commits do not wait for them.
func (c *cluster) pauseUnasked() {
	for _, s := range c.standbys {
		c.awaitLog(s)
	}
	for _, s := range c.standbys {
		s.Pause()
	}
}

// nameLate names the standbys, which the checkpointer reads a second later.
func (c *cluster) nameLate() {
	c.t.Helper()
	pid, err := strconv.Atoi(c.primary.SQL(
		c.t,
		"postgres",
		"select pid from pg_stat_activity where backend_type = 'checkpointer'",
	))
	must(c.t, err)
	must(c.t, syscall.Kill(pid, syscall.SIGSTOP))
	c.primary.SQL(c.t, "postgres", "alter system set synchronous_standby_names = '"+c.anyOne()+"'")
	c.primary.SQL(c.t, "postgres", "select pg_reload_conf()")
	time.AfterFunc(time.Second, func() { syscall.Kill(pid, syscall.SIGCONT) })
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
