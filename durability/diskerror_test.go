//go:build linux

package durability

import (
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// TestDiskError: a failed system call is never answered with SUCCESS, and nothing is acknowledged after it until a
// restart.
func TestDiskError(t *testing.T) {
	n := begin(t).sweep
	v := diskErrors(t, product(t), diskFaults)
	v.plus(inPieces(n, 1, func(int) verdict { return diskErrors(t, product(t), otherCalls(diskFaults)) })).report(t)
}

// diskFault is a disorder of a server that is starting or running.
type diskFault struct {
	when  func(*site, disorder, string) error
	most  int // a random call up to this number may take the place of the fault's; 0: not
	fault disorder
}

// diskFaults strike a start (the folder's sync, settling what the last process left), a new log's header, commits and
// checkpoints; most once, which is the dangerous kind: the next sync would succeed without having kept anything.
var diskFaults = []diskFault{
	{starting, 0, disorder{syncs, "error=EIO", "1", theFolder}},
	{starting, 0, disorder{syncs, "error=EIO", "1", theLog}},
	{starting, 0, disorder{syncs, "error=EIO", "1", theDatabase}},
	{starting, 0, disorder{syncs, "error=EIO", "2", theLog}},
	{starting, 30, disorder{"pwrite64", "error=ENOSPC", "20", theDatabase}},
	{starting, 0, disorder{"ftruncate", "error=EIO", "1", theLog}},
	{running, 0, disorder{syncs, "error=EIO", "1", theLog}},
	{running, 100, disorder{syncs, "error=EIO", "30", theLog}},
	{running, 0, disorder{syncs, "error=EIO", "60+", theLog}},
	{running, 0, disorder{syncs, "error=EIO", "1", theDatabase}},
	{running, 0, disorder{"pwrite64", "error=ENOSPC", "1+", theLog}},
	{running, 500, disorder{"pwrite64", "error=ENOSPC", "100", theLog}},
	{running, 500, disorder{"pwrite64", "error=EIO", "301", theLog}},
	{running, 100, disorder{"pwrite64", "error=ENOSPC", "50", theDatabase}},
	{running, 5, disorder{"pread64", "error=EIO", "1", theDatabase}},
}

// fullLog and oneSync are single faults, for mutants.
var (
	fullLog = []diskFault{{running, 0, disorder{"pwrite64", "error=ENOSPC", "100+", theLog}}}
	oneSync = []diskFault{{running, 0, disorder{syncs, "error=EIO", "30", theLog}}}
)

// otherCalls are the same faults at other calls.
func otherCalls(faults []diskFault) (others []diskFault) {
	for _, f := range faults {
		if f.most > 0 {
			f.fault.when = strconv.Itoa(1 + rand.IntN(f.most))
			others = append(others, f)
		}
	}
	return others
}

// diskErrors lets one fault after the other strike one folder, each under load, each followed by a restart on a disk
// that works again.
func diskErrors(t *testing.T, binary string, faults []diskFault) verdict {
	s := newSite(t, binary, t.TempDir(), "disk errors")
	defer s.close()
	for i, f := range faults {
		began := time.Now()
		s.server.kill()
		s.suffer(f)
		if i%2 == 0 {
			s.server.terminate()
		}
		s.server.kill()
		s.verdict.cycles++
		if !s.recover(began) {
			return s.total()
		}
	}
	return s.finish()
}

// starting starts a server under the disorder.
func starting(s *site, d disorder, out string) error { return s.startOnly(d.wrap(s.data, out)...) }

// running starts a server and puts it under the disorder then.
func running(s *site, d disorder, out string) error {
	if err := s.start(); err != nil {
		s.verdict.add(down, "%v", err)
		return err
	}
	d.afflict(s.t, s.server, s.data, out)
	return nil
}

// suffer runs a server and a load until the fault strikes.
func (s *site) suffer(f diskFault) {
	s.t.Helper()
	d, out := f.fault, filepath.Join(s.t.TempDir(), "strace")
	// A read that failed stops nothing, and a checkpoint that found no room goes on when it finds some.
	s.mayGoOn = d.calls == "pread64" || d.calls == "pwrite64" && d.effect == "error=ENOSPC" && d.file == theDatabase
	if err := f.when(s, d, out); err != nil {
		s.t.Logf("%v: does not start: %s", d, clip(err.Error()))
	} else {
		s.client.login(s.app) // may fail already
		l := s.startLoad(4, 0)
		l.waitForFailure()
		l.stop()
		if !s.mayGoOn {
			s.mustHaveStopped(d.String(), l)
		}
	}
	if struck(out) == 0 {
		s.t.Errorf("%v never struck", d)
	}
}

// waitForFailure waits until a sender is told 19009 and some time more, in which nothing may be acknowledged.
func (l *load) waitForFailure() {
	for end := time.Now().Add(30 * time.Second); l.failed.Load() == 0 && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	time.Sleep(100 * time.Millisecond)
}

// mustHaveStopped is what a sender and an operator see of a server whose disk has failed.
func (s *site) mustHaveStopped(what string, l *load) {
	if l.failed.Load() == 0 {
		s.verdict.add(defiant, "%s: no answer was 19009", what)
	}
	if r := s.submit(s.fresh(1), false); r.Status != http.StatusServiceUnavailable || r.Code != unavailable {
		s.verdict.add(defiant, "%s: a case was answered %+v", what, r)
	}
	if code, err := s.server.readiness(); code != http.StatusServiceUnavailable {
		s.verdict.add(defiant, "%s: /readyz says %d, %v", what, code, err)
	}
}
