//go:build linux

package durability

import (
	"testing"
	"time"

	"diaoxiao/internal/pgtest"
)

// TestAbsence: while both standbys are away nothing is acknowledged, and the nodes say why; when one is back they go
// on.
func TestAbsence(t *testing.T) {
	n := begin(t).absences
	inPieces(n, absencesPerCluster, func(n int) verdict { return absences(t, product(t), n) }).report(t)
}

const absencesPerCluster = 3

// absences takes both standbys away n times under load, one time in two without closing their connections.
func absences(t *testing.T, binary string, n int) verdict {
	c := newCluster(t, binary, "absences of both standbys", threeNodes)
	defer c.end()
	for i := range n {
		began := time.Now()
		l := c.work(6, 0)
		c.pause(200, 600)
		c.pauseStandbys()
		c.deny()
		killed := i%2 == 1
		if killed {
			c.killStandbys()
		}
		c.awaitUnready(missingStandby)
		c.comeBack(killed)
		l.stop()
		c.primary.AwaitSync(t, c.standbys[0].Name(), c.standbys[1].Name())
		c.verdict.cycles++
		c.judgeNow(began)
	}
	return c.conclude()
}

// missingStandby is the reason that operators look for.
const missingStandby = "同步备库"

func (c *cluster) killStandbys() {
	for _, s := range c.standbys {
		s.Kill()
	}
}

// comeBack brings one standby back, and the other when everything goes on.
func (c *cluster) comeBack(killed bool) {
	c.t.Helper()
	c.allow()
	c.mark()
	c.bringBack(c.standbys[1], killed)
	c.awaitAll()
	c.t.Logf("first SUCCESS %.1f s after one standby came back", c.sinceMark().Seconds())
	c.bringBack(c.standbys[0], killed)
}

func (c *cluster) bringBack(s *pgtest.Server, killed bool) {
	c.t.Helper()
	if killed {
		s.Restart(c.t)
	} else {
		s.Resume()
	}
}
