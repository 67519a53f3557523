//go:build linux

package durability

import (
	"testing"
	"time"
)

// fileSystems are those that servers have.
var fileSystems = []string{"xfs", "ext4"}

// TestPowerCut: whatever was acknowledged survives a power cut.
func TestPowerCut(t *testing.T) {
	n := begin(t).cuts
	for _, kind := range fileSystems {
		t.Run(kind, func(t *testing.T) {
			inPieces(n, cutsPerDisk, func(n int) verdict { return powerCuts(t, product(t), kind, n) }).report(t)
		})
	}
}

// cutsPerDisk bounds a folder: every check reads all of it.
const cutsPerDisk = 10

// powerCuts cuts the power n times under load. The load is of few senders, so that groups are small and commits many,
// and the answers of the moments before the cut are on record.
func powerCuts(t *testing.T, binary, kind string, n int) verdict {
	d := newDisk(t, kind)
	defer d.remove()
	s := newSite(t, binary, d.data(), "power cuts on "+kind)
	defer s.close()
	for i := range n {
		began := time.Now()
		l := s.startLoad(4, largeOf(i))
		s.pause(200, 1200)
		s.cut(d)
		l.stop()
		s.powerUp(d)
		if !s.recover(began) {
			return s.total()
		}
	}
	return s.finish()
}

// cut cuts the power and ends the server. Anything that is answered after it began has not reached anybody.
func (s *site) cut(d *disk) {
	s.t.Helper()
	s.dark.Store(true)
	must(s.t, d.cut())
	s.darkAt.Store(time.Now().UnixNano())
	if s.server != nil {
		s.pause(0, 30) // in which it must not acknowledge anything new
		s.server.kill()
	}
}

// powerUp brings the disk back. Nobody may be sending.
func (s *site) powerUp(d *disk) {
	s.t.Helper()
	must(s.t, d.revive())
	s.darkAt.Store(0)
	s.dark.Store(false)
	s.verdict.cycles++
}
