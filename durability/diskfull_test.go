//go:build linux

package durability

import (
	"net/http"
	"os"
	"path/filepath"
	"syscall"
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

// startWithoutRoom is what an impatient operator does. The server may start or not, and may acknowledge what it can
// keep.
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

// TestFullCheckpoint: where the log cannot be copied into the database for want of room, nothing is acknowledged until
// there is room, and then without a restart; nothing acknowledged is lost.
func TestFullCheckpoint(t *testing.T) {
	begin(t)
	verdict := fullCheckpoint(t, product(t))
	verdict.report(t)
}

func fullCheckpoint(t *testing.T, binary string) verdict {
	d := newMemory(t, muchRoom)
	defer d.remove()
	s := newSite(t, binary, d.data(), "full disks at a checkpoint")
	defer s.close()
	began := time.Now()
	s.growLog()
	d.leaveNothing()
	l := s.startLoad(6, 0)
	l.waitForFailure()
	l.stop()
	s.mustHaveStopped("no room for a checkpoint", l)
	must(t, d.leave(muchRoom))
	s.mustGoOn()
	s.verdict.cycles++
	s.server.kill()
	if !s.recover(began) {
		return s.total()
	}
	return s.finish()
}

// growLog sends until the log has its full length, and gives it and its index more room of their own than they will
// take, so that commits go through where checkpoints do not.
func (s *site) growLog() {
	s.t.Helper()
	log := filepath.Join(s.data, "diaoxiao.db-wal")
	l := s.startLoad(6, 0)
	for end := time.Now().Add(2 * time.Minute); fileSize(log) < fullLogSize; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			s.t.Fatalf("the log has %d bytes", fileSize(log))
		}
	}
	l.stop()
	s.keepRoom(log, 2*fullLogSize)
	s.keepRoom(filepath.Join(s.data, "diaoxiao.db-shm"), indexOfTwoLogs)
}

// keepRoom gives a file room of its own beyond its length.
func (s *site) keepRoom(path string, size int64) {
	s.t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	must(s.t, err)
	defer f.Close()
	const keepSize = 1
	must(s.t, syscall.Fallocate(int(f.Fd()), keepSize, 0, size))
}

const (
	// fullLogSize is the length of a log that is copied into the database, in bytes.
	fullLogSize = 4000 * 4096
	// indexOfTwoLogs is more than the index of a log twice as long takes: 32 KiB for some 4096 pages each. A commit
	// that finds no room in the index has failed though the log has it: that stops the server, as it must.
	indexOfTwoLogs = 3 * 32 << 10
)

func fileSize(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// leaveNothing takes the rest of the room, while others may be taking it too.
func (d *disk) leaveNothing() {
	d.t.Helper()
	err := d.leave(0)
	for end := time.Now().Add(time.Minute); err != nil && time.Now().Before(end); err = d.leave(0) {
		time.Sleep(20 * time.Millisecond)
	}
	must(d.t, err)
}

// mustGoOn holds that the server, which was not started again, says that it is ready and acknowledges.
func (s *site) mustGoOn() {
	s.t.Helper()
	code, text := 0, ""
	for end := time.Now().Add(time.Minute); code != http.StatusOK &&
		time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		code, text, _ = s.server.operations("/readyz")
	}
	if r := s.submit(s.fresh(1), false); code != http.StatusOK || !r.success() {
		s.verdict.add(down, "with room again /readyz says %d %s, and a case is answered %+v", code, text, r)
	}
}
