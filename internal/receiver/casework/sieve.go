package casework

import (
	"iter"
	"math"
	"slices"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/release"
	"diaoxiao/internal/rules"
)

// seeker finds positions of a list, in ascending order.
type seeker interface {
	// seek is the first position at or after one. ok false: there is none.
	seek(at int) (pos int, ok bool, err error)
}

// sieve finds the positions of a case that all of its seekers find.
type sieve struct {
	of    []seeker
	items int
	close func()
}

// sieve is the sieve of a filter, for positions from one on. Close it.
func (j *judge) sieve(r intake.CaseRow, which EntityFilter, from int) (*sieve, error) {
	s := &sieve{items: r.Items, close: func() {}}
	if len(which.Verdicts) > 0 {
		a, err := j.snapshot(r.Snapshot)
		if err != nil {
			return nil, err
		}
		s.of = append(s.of, j.byVerdict(r, a, which.Verdicts))
	} else if which.Doubted {
		s.of = append(s.of, anyOf{j.byRules(r.No, nil), rowSet(which.Also.Spans())})
	}
	if which.Rule != 0 {
		s.of = append(s.of, j.byRules(r.No, []int{which.Rule}))
	}
	if which.Severity != 0 {
		s.of = append(s.of, j.byRules(r.No, rulesOf(which.Severity)))
	}
	if which.Rows != "" {
		s.of = append(s.of, rowSet(which.Rows.Spans()))
	}
	if which.Code != "" {
		k, err := j.byCode(r, which.Code)
		if err != nil {
			return nil, err
		}
		s.of = append(s.of, k)
	}
	if len(which.States) > 0 || which.Open {
		firms, err := j.firmSource(r)
		if err != nil {
			return nil, err
		}
		runs := &runSeeker{which: which}
		runs.next, s.close = iter.Pull2(firms.Runs(from, math.MaxInt))
		s.of = append(s.of, runs)
	}
	return s, nil
}

// next is the first position at or after one that the sieve lets through.
func (s *sieve) next(at int) (pos int, ok bool, err error) {
	at = max(0, at)
	for agreed := 0; agreed < len(s.of); {
		agreed = 0
		for _, k := range s.of {
			pos, ok, err := k.seek(at)
			if err != nil || !ok {
				return 0, false, err
			}
			if pos == at {
				agreed++
			}
			at = pos
		}
	}
	return at, at < s.items, nil
}

// first lists the first positions from one on.
func (s *sieve) first(at, limit int) (all []int, err error) {
	for len(all) < limit {
		pos, ok, err := s.next(at)
		if err != nil || !ok {
			return all, err
		}
		all, at = append(all, pos), pos+1
	}
	return all, nil
}

// runSeeker finds firms by their states.
type runSeeker struct {
	which EntityFilter
	next  func() (intake.FirmRun, error, bool)
	run   intake.FirmRun
	begun bool
}

func (s *runSeeker) seek(at int) (int, bool, error) {
	for !s.begun || s.run.To < at || !s.which.hasState(s.run) {
		run, err, ok := s.next()
		if err != nil || !ok {
			return 0, false, err
		}
		s.run, s.begun = run, true
	}
	return max(at, s.run.From), true, nil
}

// hasState reports whether the firms of a run are in one of the states, and open where that is asked for.
func (f EntityFilter) hasState(r intake.FirmRun) bool {
	state := r.State()
	if f.Open && (state != release.Held || r.Covered()) {
		return false
	}
	return len(f.States) == 0 || slices.Contains(f.States, state)
}

// pageSeeker finds positions that are read a page at a time.
type pageSeeker struct {
	read  func(from, limit int) ([]int, error)
	page  []int
	limit int
	ended bool
}

// The number of positions of the first page, and of a large one.
const (
	firstPlaces = 128
	largePlaces = 4096
)

func (s *pageSeeker) seek(at int) (int, bool, error) {
	for {
		i, _ := slices.BinarySearch(s.page, at)
		if s.page = s.page[i:]; len(s.page) > 0 {
			return s.page[0], true, nil
		}
		if s.ended {
			return 0, false, nil
		}
		s.limit = min(max(firstPlaces, 4*s.limit), largePlaces)
		var err error
		if s.page, err = s.read(at, s.limit); err != nil {
			return 0, false, err
		}
		s.ended = len(s.page) < s.limit
	}
}

// anyOf finds what one of its seekers finds.
type anyOf []seeker

func (s anyOf) seek(at int) (first int, found bool, err error) {
	for _, k := range s {
		pos, ok, err := k.seek(at)
		if err != nil {
			return 0, false, err
		}
		if ok && (!found || pos < first) {
			first, found = pos, true
		}
	}
	return first, found, nil
}

// all finds every position, none finds no position.
type (
	all  struct{}
	none struct{}
)

func (all) seek(at int) (int, bool, error) { return at, true, nil }
func (none) seek(int) (int, bool, error)   { return 0, false, nil }

// byRules finds firms with a finding by one of the rules, their own or of a later row; nil: by any.
func (j *judge) byRules(caseNo int64, of []int) seeker {
	return anyOf{
		&pageSeeker{read: func(from, n int) ([]int, error) { return j.tx.FindingPlaces(caseNo, from, n, of) }},
		&pageSeeker{read: func(from, n int) ([]int, error) { return j.tx.MarkedPlaces(caseNo, from, n, of) }},
	}
}

// byVerdict finds firms by their verdicts as they are shown.
func (j *judge) byVerdict(r intake.CaseRow, a against, shown []register.Verdict) seeker {
	if a.ID != 0 {
		of := a.stored(shown)
		return &pageSeeker{read: func(from, n int) ([]int, error) { return j.tx.VerdictPlaces(r.No, from, n, of) }}
	}
	if slices.Contains(shown, register.NotCompared) {
		return all{}
	}
	return none{}
}

// rulesOf are the rules of a severity.
func rulesOf(s rules.Severity) (of []int) {
	for _, r := range rules.All() {
		if r.Severity == s {
			of = append(of, r.No)
		}
	}
	return of
}
