//go:build linux

package durability

import (
	"path/filepath"
	"testing"
	"time"
)

// TestCommandCut: what a command has reported as done survives a power cut too: the first app in a new folder, a
// backup, a restored folder.
func TestCommandCut(t *testing.T) {
	n := begin(t).traps
	for _, kind := range fileSystems {
		t.Run(kind, func(t *testing.T) {
			inPieces(n, 1, func(int) verdict { return commandCuts(t, product(t), kind) }).report(t)
		})
	}
}

// commandCuts cuts the power right after each command.
func commandCuts(t *testing.T, binary, kind string) verdict {
	d := newDisk(t, kind)
	defer d.remove()
	s := prepareSite(t, binary, d.data(), "commands on "+kind)
	defer s.close()
	s.cutAfter(d, "app", "create", "--name", "耐久二", "--account", "经办人")
	if err := s.start(); err != nil {
		s.verdict.add(lost, "the app in a new folder: %v", err)
		return s.total()
	}
	for range 20 {
		s.submit(s.fresh(2), false)
	}
	file, data := filepath.Join(d.dir, "backup.db"), s.data
	s.cutAfter(d, "db", "backup", file)
	s.data = filepath.Join(d.dir, "new", "restored")
	s.cutAfter(d, "db", "restore", file)
	s.check(time.Time{})
	s.data = data
	if !s.recover(time.Time{}) {
		return s.total()
	}
	return s.finish()
}

// cutAfter runs a command, cuts the power and brings it back.
func (s *site) cutAfter(d *disk, args ...string) {
	s.t.Helper()
	if _, err := s.run(args...); err != nil {
		s.verdict.add(unclean, "%v", err)
	}
	s.cut(d)
	s.powerUp(d)
}
