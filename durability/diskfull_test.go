//go:build linux

package durability

import (
	"testing"
	"time"
)

// TestDiskFull: on a full disk cases are refused, and none acknowledged is lost.
func TestDiskFull(t *testing.T) {
	n := begin(t).fulls
	inPieces(n, 1, func(int) verdict { return diskFull(t, product(t)) }).report(t)
}

const (
	littleRoom = 6 << 20
	muchRoom   = 400 << 20
	fillings   = 2
)

// diskFull lets the folder's disk run full under load, tries to go on there, makes room and goes on, several times.
func diskFull(t *testing.T, binary string) verdict {
	d := newMemory(t, littleRoom)
	defer d.remove()
	s := newSite(t, binary, d.data(), "full disks")
	defer s.close()
	for range fillings {
		must(t, d.leave(littleRoom))
		began := time.Now()
		s.fill()
		s.server.kill()
		s.startWithoutRoom()
		must(t, d.leave(muchRoom))
		s.verdict.cycles++
		if !s.recover(began) {
			return s.total()
		}
	}
	return s.finish()
}

// fill sends until the disk is full and the server says so.
func (s *site) fill() {
	l := s.startLoad(6, largeItems)
	l.waitForFailure()
	l.stop()
	s.mustHaveStopped("disk full", l)
	r := s.submit(s.fresh(largeItems), false)
	s.t.Logf("a large case on a full disk is answered %d %s", r.Status, r.Code)
	if r.success() {
		s.verdict.add(defiant, "disk full: a large case was answered %+v", r)
	}
}

// startWithoutRoom is what an impatient operator does. The server may start or not, and may acknowledge what it can keep.
func (s *site) startWithoutRoom() {
	if err := s.start(); err != nil {
		s.t.Logf("does not start on a full disk: %s", clip(err.Error()))
	} else {
		l := s.startLoad(2, 0)
		s.pause(100, 200)
		l.stop()
	}
	s.server.kill()
}
