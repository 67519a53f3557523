//go:build linux

package durability

import (
	"path/filepath"
	"testing"
	"time"
)

// TestTrap: a case that can be read is not for that reason durable, and the answer to a repeat must not be given before
// it is.
func TestTrap(t *testing.T) {
	n := begin(t).traps
	for _, kind := range fileSystems {
		t.Run(kind, func(t *testing.T) {
			inPieces(n, 1, func(int) verdict { return trap(t, product(t), kind, (*site).askByRepeat) }).report(t)
		})
		t.Run(kind+" query", func(t *testing.T) {
			inPieces(n, 1, func(int) verdict { return trap(t, product(t), kind, (*site).askByQuery) }).report(t)
		})
	}
}

// trap is this course of events:
//
//	the sync of a case's commit fails: it is in the log, in the page cache only, and rightly answered 19009
//	the server is killed and started again: recovery reads the log, the case is visible
//	the sender asks again and may be told SUCCESS
//	the power is cut: what nobody has synced since is gone
//
// Any sync of the log in between would save the case, whoever made it: a login, another sender's case, the verifier
// that commits as soon as the server is up. So the sender keeps its token from before, nobody else sends, and the disk
// of the restarted server is slow, which holds the verifier's commit up while the sender asks. Correct servers only
// take longer.
func trap(t *testing.T, binary, kind string, ask func(*site, parcel)) verdict {
	d := newDisk(t, kind)
	defer d.remove()
	s := newSite(t, binary, d.data(), "traps on "+kind)
	defer s.close()
	began := time.Now()
	s.quietStart()
	victim := s.fresh(3)
	disorder{calls: syncs, effect: "error=EIO"}.afflict(t, s.server, s.data, filepath.Join(t.TempDir(), "strace"))
	if r := s.submit(victim, false); r.Code != unavailable {
		s.verdict.add(defiant, "commit without a sync was answered %+v", r)
	}
	s.server.kill()
	if err := s.startOnly(slowDisk.wrap(s.data, filepath.Join(t.TempDir(), "strace"))...); err != nil {
		s.verdict.add(down, "%v", err)
		return s.total()
	}
	ask(s, victim)
	s.cut(d)
	s.powerUp(d)
	if !s.recover(began) {
		return s.total()
	}
	return s.finish()
}

// slowDisk takes a second for each sync of the log.
var slowDisk = disorder{calls: syncs, effect: "delay_enter=1s", file: theLog}

// quietStart has a few cases acknowledged and verified, so that nothing is left to be written.
func (s *site) quietStart() {
	var last parcel
	for range 5 {
		last = s.fresh(2)
		s.submit(last, false)
	}
	for end := time.Now().Add(20 * time.Second); s.client.query(last.caseID).State != "已核验" && time.Now().Before(end); {
		time.Sleep(20 * time.Millisecond)
	}
}

// askByRepeat sends the case again, as 19009 tells a sender to.
func (s *site) askByRepeat(p parcel) {
	if r := s.submit(p, true); !r.success() {
		s.verdict.add(refused, "%s sent again: %+v", p.caseID, r)
	}
}

// askByQuery asks how the case stands. An answer with an acceptid is an acknowledgement like SUCCESS to the case
// itself.
func (s *site) askByQuery(p parcel) {
	r := s.client.query(p.caseID)
	if !r.success() && r.Code != noSuchCase {
		s.verdict.add(refused, "%s asked for: %+v", p.caseID, r)
	}
	s.note(p, r, true)
}
