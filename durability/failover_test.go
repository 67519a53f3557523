//go:build linux

package durability

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"diaoxiao/internal/pgtest"
)

// TestFailover: whatever was acknowledged survives the loss of the primary, and the nodes go on with the next by
// themselves.
func TestFailover(t *testing.T) {
	n := begin(t).failovers
	inPieces(n, failoversPerCluster, func(n int) verdict { return failovers(t, product(t), n) }).report(t)
}

// failoversPerCluster bounds a database: every check reads all of it.
const failoversPerCluster = 5

// failovers kills the primary n times under load, and promotes the standby that has more.
func failovers(t *testing.T, binary string, n int) verdict {
	c := newCluster(t, binary, "failovers", threeNodes)
	defer c.end()
	for i := range n {
		began := time.Now()
		l := c.work(6, failoverLarge(i))
		c.pause(400, 1200)
		c.killPrimary(i%2 == 1)
		c.failOver(i%3 == 2)
		l.stop()
		c.verdict.cycles++
		c.judgeNow(began)
	}
	return c.conclude()
}

// failoverLarge is the size of the large case in round i, if it has one.
func failoverLarge(i int) int {
	if i%failoversPerCluster == 1 {
		return partedItems
	}
	return 0
}

// killPrimary kills it, while one of the standbys lags behind or not.
func (c *cluster) killPrimary(lagging bool) {
	c.t.Helper()
	if lagging {
		c.standbys[c.rand.IntN(2)].Pause()
		c.pause(100, 400)
	}
	c.primary.Kill()
	c.deny()
	for _, s := range c.standbys {
		s.Resume()
	}
}

// failOver does what a manager does once the primary is dead. Where bare, the new primary is without synchronous
// standbys for a while, and nothing may be acknowledged by it.
func (c *cluster) failOver(bare bool) {
	c.t.Helper()
	killed := c.mark()
	old, best := c.primary, c.ahead()
	promoted := c.takeOver(best, bare)
	c.standbys[0].Follow(c.t, c.primary)
	c.awaitAll()
	c.t.Logf(
		"first SUCCESS %.1f s after the kill, %.1f s after the promotion; all nodes %.1f s after the kill",
		c.sinceMark().Seconds(),
		(c.sinceMark() - promoted.Sub(killed)).Seconds(),
		time.Since(killed).Seconds(),
	)
	old.Follow(c.t, c.primary)
	c.primary.AwaitSync(c.t, c.standbys[0].Name(), c.standbys[1].Name())
}

// takeOver promotes, and returns when that was done.
func (c *cluster) takeOver(best *pgtest.Server, bare bool) time.Time {
	c.t.Helper()
	if !bare {
		other := c.standbys[(slices.Index(c.standbys, best)+1)%2]
		best.Synchronous(c.t, fmt.Sprintf("ANY 1 (%s, %s)", other.Name(), c.primary.Name()))
	}
	c.promote(best)
	promoted := time.Now()
	if bare {
		c.awaitUnready("synchronous_standby_names")
		c.primary.Synchronous(c.t, c.anyOne())
	}
	c.allow()
	return promoted
}

// ahead is the standby that has more of the log of the dead primary, once nothing more of it can arrive.
func (c *cluster) ahead() *pgtest.Server {
	c.t.Helper()
	for _, s := range c.standbys {
		c.await(s, "select count(*) = 0 from pg_stat_wal_receiver")
	}
	first, second := c.standbys[0], c.standbys[1]
	if c.has(first) >= c.has(second) {
		return first
	}
	return second
}

// has is how many bytes of log a standby has.
func (c *cluster) has(s *pgtest.Server) (n int64) {
	c.t.Helper()
	text := s.SQL(
		c.t,
		"postgres",
		"select pg_wal_lsn_diff(greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()), '0/0')",
	)
	_, err := fmt.Sscan(text, &n)
	must(c.t, err)
	return n
}
