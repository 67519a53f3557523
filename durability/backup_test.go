//go:build linux

package durability

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestBackup: a backup taken under load restores to a clean store that holds everything acknowledged before it began.
func TestBackup(t *testing.T) {
	n := begin(t).backups
	inPieces(n, 5, func(n int) verdict { return backups(t, product(t), n) }).report(t)
}

// backups takes and restores n backups while a server receives.
func backups(t *testing.T, binary string, n int) verdict {
	s := newSite(t, binary, t.TempDir(), "backups")
	defer s.close()
	for i := range n {
		l := s.startLoad(4, largeOf(i+killsPerFolder/2))
		s.pause(200, 500)
		before, err := s.record.read()
		must(t, err)
		file := filepath.Join(t.TempDir(), "backup.db")
		if _, err := s.run("db", "backup", file); err != nil {
			s.verdict.add(unclean, "%v", err)
		}
		l.stop()
		s.judgeBackup(file, before)
		s.verdict.cycles++
	}
	return s.finish()
}

// judgeBackup restores a backup and holds it against the record of what came before it. Later cases may be in it,
// whole.
func (s *site) judgeBackup(file string, before []entry) {
	s.t.Helper()
	data := filepath.Join(s.t.TempDir(), "restored")
	defer os.RemoveAll(data)
	if _, err := run(s.binary, data, "db", "restore", file); err != nil { // checks by itself
		s.verdict.add(unclean, "%v", err)
		return
	}
	cases, err := export(s.binary, data, time.Time{})
	if err != nil {
		s.verdict.add(unclean, "%v", err)
	}
	judge(&s.verdict, before, s.sent, cases)
	s.repeatAt(data, before)
}

// repeatAt sends the latest acknowledged case to a server on the restored folder.
func (s *site) repeatAt(data string, before []entry) {
	restored := launch(s.t, s.binary, data)
	defer restored.kill()
	if err := restored.ready(); err != nil {
		s.verdict.add(down, "restored: %v", err)
		return
	}
	c := newClient(restored.addr, "")
	c.login(s.app)
	for i := len(before) - 1; i >= 0; i-- {
		if e := before[i]; e.acknowledged() {
			if r := c.submit(parcelOf(e.CaseID).body); r.AcceptID != e.AcceptID {
				s.verdict.add(refused, "restored: %s, acknowledged as %s, sent again: %+v", e.CaseID, e.AcceptID, r)
			}
			return
		}
	}
}
