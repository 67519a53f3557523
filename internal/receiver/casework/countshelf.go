package casework

import (
	"sync"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
)

// caseCounts are counts over the whole of a long list, which take longer than the rest of its page. nil: not read yet.
type caseCounts struct {
	at       stamp
	verdicts map[register.Verdict]int
	rules    map[int]int // firms by the rules of their findings
	severe   *SevereOpen
}

// countShelf keeps the counts of cases that were looked at. They hold as long as the stamp of the case is the same. It
// is safe for concurrent use.
type countShelf struct {
	mu  sync.Mutex
	all map[int64]caseCounts
}

// countsKept is of how many cases counts are kept.
const countsKept = 256

func (s *countShelf) of(caseNo int64, at stamp) caseCounts {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.all[caseNo]; c.at == at {
		return c
	}
	return caseCounts{at: at}
}

func (s *countShelf) put(caseNo int64, c caseCounts) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.all) >= countsKept {
		clear(s.all)
	}
	s.all[caseNo] = c
}

// keeping calls f with the counts of a case that are known, and keeps what it adds. Those of a short list are not kept,
// nor those of a case that a verifier is about to change a piece at a time.
func (j *judge) keeping(r intake.CaseRow, f func(*caseCounts) error) error {
	if j.shelf == nil || r.Items <= smallList || j.atRest(r) != nil {
		return f(&caseCounts{})
	}
	at, err := j.stamp(r)
	if err != nil {
		return err
	}
	c := j.shelf.of(r.No, at)
	if err := f(&c); err != nil {
		return err
	}
	j.shelf.put(r.No, c)
	return nil
}

// verdictCounts is how many rows of a case have each verdict. Do not change it.
func (j *judge) verdictCounts(r intake.CaseRow) (of map[register.Verdict]int, err error) {
	err = j.keeping(r, func(c *caseCounts) (err error) {
		if c.verdicts == nil {
			c.verdicts, err = j.tx.CountVerdicts(r.No)
		}
		of = c.verdicts
		return err
	})
	return of, err
}

// ruleCounts is how many firms of a case have a finding by each rule. Do not change it.
func (j *judge) ruleCounts(r intake.CaseRow) (of map[int]int, err error) {
	err = j.keeping(r, func(c *caseCounts) (err error) {
		if c.rules == nil {
			c.rules, err = j.tx.CountFirmRules(r.No)
		}
		of = c.rules
		return err
	})
	return of, err
}
