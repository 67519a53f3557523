//go:build linux

package durability

import (
	"testing"
	"time"
)

// TestStop: on SIGTERM every request taken in gets its answer, and the server ends well.
func TestStop(t *testing.T) {
	n := begin(t).stops
	inPieces(n, killsPerFolder, func(n int) verdict { return stops(t, product(t), n) }).report(t)
}

// stops stops the server n times under load. A client without an answer was refused the connection or found it closed,
// so that a case without an answer must not be there.
func stops(t *testing.T, binary string, n int) verdict {
	s := newSite(t, binary, t.TempDir(), "stops")
	defer s.close()
	for i := range n {
		began := time.Now()
		l := s.startLoad(6, largeOf(i+killsPerFolder/2))
		s.pause(50, 400)
		s.mustBeAlone()
		code := s.server.terminate()
		l.stop()
		if code != 0 {
			s.verdict.add(down, "SIGTERM under load ended with exit code %d: %s", code, s.server.last())
		}
		s.mustHaveAnswered(began)
		s.verdict.cycles++
		if !s.recover(began) {
			return s.total()
		}
	}
	return s.finish()
}

// mustBeAlone tries a second server on the folder.
func (s *site) mustBeAlone() {
	second := launch(s.t, s.binary, s.data)
	if second.ready() == nil || second.code() != 1 {
		s.add(down, "a second server runs on the folder: %s", second.last())
	}
	second.kill()
}

// mustHaveAnswered looks for cases without an answer.
func (s *site) mustHaveAnswered(began time.Time) {
	for _, c := range s.check(began) {
		if s.receipts[c.CaseID] == "" {
			s.verdict.add(unheard, "%s is there as %s, and nobody was told", c.CaseID, c.AcceptID)
		}
	}
}
