//go:build linux

package durability

import (
	"testing"
	"time"
)

// TestKill: whatever was acknowledged survives kill -9.
func TestKill(t *testing.T) {
	n := begin(t).kills
	inPieces(n, killsPerFolder, func(n int) verdict { return kills(t, product(t), n) }).report(t)
}

// killsPerFolder bounds a folder: every check reads all of it.
const killsPerFolder = 10

// kills kills the server n times under load.
func kills(t *testing.T, binary string, n int) verdict {
	s := newSite(t, binary, t.TempDir(), "kills")
	defer s.close()
	for i := range n {
		began := time.Now()
		l := s.startLoad(6, largeOf(i))
		s.pause(50, 400)
		s.server.kill()
		l.stop()
		if s.rand.IntN(3) == 0 {
			s.killStarting()
		}
		s.verdict.cycles++
		if !s.recover(began) {
			return s.total()
		}
	}
	return s.finish()
}

// largeOf is the size of the large case in round i, if it has one.
func largeOf(i int) int {
	switch i % killsPerFolder {
	case killsPerFolder / 2:
		return largeItems
	case killsPerFolder - 1:
		return giantItems
	}
	return 0
}

// killStarting kills a server somewhere in its start: a fault on top of a fault.
func (s *site) killStarting() {
	dying := launch(s.t, s.binary, s.data)
	s.pause(0, 60)
	dying.kill()
}

// pause waits for a random time between two numbers of milliseconds.
func (s *site) pause(from, to int) {
	time.Sleep(time.Duration(from)*time.Millisecond +
		time.Duration(s.rand.Int64N(int64(to-from)*int64(time.Millisecond))))
}
