package casework

import (
	"cmp"
	"context"
	"math"
	"slices"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
	"diaoxiao/internal/rules"
)

// FirmState is the state of one listed firm as it is shown, with what it comes from.
type FirmState struct {
	State     release.State
	Holds     release.Holds
	Check     intake.FirmCheck // the latest comparison by a person; the zero value: none
	Covers    bool             // that comparison still counts: nothing came up since
	Decision  release.Decision
	Published string // the day; "": not published
	Alarmed   bool   // released, and new doubts came up since
	Basis     release.Basis
}

// stateOf is the state of the firms of a run.
func stateOf(r intake.FirmRun) FirmState {
	return FirmState{State: r.State(), Holds: r.Holds(), Check: r.Check, Covers: r.Covered(), Decision: r.Decision,
		Published: r.Published(), Alarmed: r.Alarmed(), Basis: r.Basis}
}

// FirmStates returns the states of the firms at these positions of a case, in their order. ErrNotFound: no such case,
// or no such firm in it.
func (d *Cases) FirmStates(ctx context.Context, by intake.By, caseNo int64, at []int) (all []FirmState, err error) {
	err = d.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		s, err := d.judge(tx).firmsOf(caseNo)
		if err != nil {
			return err
		}
		states, err := statesAt(s, at)
		if err != nil {
			return err
		}
		all = all[:0]
		for _, pos := range at {
			state, ok := states[pos]
			if !ok {
				return intake.ErrNotFound
			}
			all = append(all, state)
		}
		return nil
	})
	return all, err
}

// nearby is how far positions may be from each other that are read together.
const nearby = 64

// statesAt reads the states at these positions.
func statesAt(s *intake.FirmSource, at []int) (map[int]FirmState, error) {
	sorted := slices.Clone(at)
	slices.Sort(sorted)
	of := make(map[int]FirmState, len(at))
	for len(sorted) > 0 {
		n := 1
		for n < len(sorted) && sorted[n]-sorted[n-1] <= nearby {
			n++
		}
		for run, err := range s.Runs(sorted[0], sorted[n-1]) {
			if err != nil {
				return nil, err
			}
			for len(sorted) > 0 && n > 0 && sorted[0] <= run.To {
				of[sorted[0]] = stateOf(run)
				sorted, n = sorted[1:], n-1
			}
		}
		sorted = sorted[n:] // those beyond the list
	}
	return of, nil
}

// addFirms gives entities of one case their states.
func (j *judge) addFirms(es []DoubtedEntity) error {
	if len(es) == 0 || es[0].Pos < 0 {
		return nil
	}
	s, err := j.firmsOf(es[0].CaseNo)
	if err != nil {
		return err
	}
	at := make([]int, len(es))
	for i, e := range es {
		at[i] = e.Pos
	}
	states, err := statesAt(s, at)
	for i := range es {
		es[i].Firm = states[es[i].Pos]
	}
	return err
}

// FirmHistory returns all that was done with one firm, in order: its own events, and those of its case as a whole.
func (d *Cases) FirmHistory(
	ctx context.Context,
	by intake.By,
	acceptID string,
	pos int,
) (events []intake.CaseEvent, err error) {
	err = d.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		c, err := intake.CaseByAcceptID(tx, acceptID)
		if err != nil {
			return err
		}
		all, err := tx.CaseEvents(c.No)
		events = slices.DeleteFunc(all, func(e intake.CaseEvent) bool {
			return e.Rows != "" && e.Kind != intake.EventReturn && !e.Rows.Set()(pos+1)
		})
		return err
	})
	return events, err
}

// NextFirm is the position of the first firm from a position on, or of the last one before it where back, that the
// filter selects. -1: there is none.
func (d *Cases) NextFirm(
	ctx context.Context,
	by intake.By,
	caseNo int64,
	from int,
	back bool,
	which EntityFilter,
) (pos int, err error) {
	err = d.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		j := d.judge(tx)
		r, err := caseOfNo(tx, caseNo)
		if err != nil {
			return err
		}
		if back {
			pos, err = j.lastFirm(r, from, which)
			return err
		}
		pos, err = j.nextFirm(r, from, math.MaxInt, which)
		return err
	})
	return pos, err
}

// nextFirm is the first position from one on, up to another, that the filter selects; -1: none.
func (j *judge) nextFirm(r intake.CaseRow, from, to int, which EntityFilter) (int, error) {
	s, err := j.sieve(r, which, from)
	if err != nil {
		return -1, err
	}
	defer s.close()
	pos, ok, err := s.next(from)
	if err != nil || !ok || pos > to {
		return -1, err
	}
	return pos, nil
}

// firstBack is how many positions lastFirm looks through at first.
const firstBack = 128

// lastFirm is the last position before one that the filter selects; -1: none. It looks through ever more rows.
func (j *judge) lastFirm(r intake.CaseRow, before int, which EntityFilter) (last int, err error) {
	before = min(before, r.Items)
	for n := firstBack; before > 0; n *= 4 {
		from := max(0, before-n)
		if last, err = j.lastWithin(r, from, before, which); err != nil || last >= 0 {
			return last, err
		}
		before = from
	}
	return -1, nil
}

// lastWithin is the last position from one on and before another.
func (j *judge) lastWithin(r intake.CaseRow, from, before int, which EntityFilter) (int, error) {
	s, err := j.sieve(r, which, from)
	if err != nil {
		return -1, err
	}
	defer s.close()
	for last, at := -1, from; ; {
		pos, ok, err := s.next(at)
		if err != nil || !ok || pos >= before {
			return last, err
		}
		last, at = pos, pos+1
	}
}

// RuleCount is how many firms of a case have findings of one rule, their own or those of later rows about them.
type RuleCount struct {
	Rule  int
	Firms int
}

// RuleCounts sums up the findings of a case by rule, severe ones first.
func (d *Cases) RuleCounts(ctx context.Context, by intake.By, caseNo int64) (all []RuleCount, err error) {
	err = d.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		r, err := caseOfNo(tx, caseNo)
		if err != nil {
			return err
		}
		of, err := d.judge(tx).ruleCounts(r)
		all = sortedRules(of)
		return err
	})
	return all, err
}

// sortedRules are firms by rule, severe ones first.
func sortedRules(of map[int]int) (all []RuleCount) {
	for rule, firms := range of {
		all = append(all, RuleCount{rule, firms})
	}
	slices.SortFunc(all, func(a, b RuleCount) int {
		x, _ := rules.ByNo(a.Rule)
		y, _ := rules.ByNo(b.Rule)
		return cmp.Or(int(y.Severity-x.Severity), a.Rule-b.Rule)
	})
	return all
}
