//go:build linux

package durability

import (
	"sync"
	"testing"
	"time"
)

// TestParallel: the same case sent many times at once is one case with one acceptid.
func TestParallel(t *testing.T) {
	n := begin(t).parallels
	inPieces(n, 20, func(n int) verdict { return parallels(t, product(t), n) }).report(t)
}

const parallelSenders = 50

// parallels sends n cases, each by all senders at once.
func parallels(t *testing.T, binary string, n int) verdict {
	s := newSite(t, binary, t.TempDir(), "parallel cases")
	defer s.close()
	for range n {
		s.sendTogether(s.fresh(5))
		s.verdict.cycles++
	}
	s.check(time.Time{})
	return s.finish()
}

// sendTogether fails a sender that is not told SUCCESS; that it is one row under one acceptid is for the check to find.
func (s *site) sendTogether(p parcel) {
	var senders sync.WaitGroup
	start := make(chan struct{})
	for range parallelSenders {
		senders.Go(func() {
			<-start
			if r := s.submit(p, false); !r.success() {
				s.add(refused, "%s in parallel: %+v", p.caseID, r)
			}
		})
	}
	close(start)
	senders.Wait()
}
