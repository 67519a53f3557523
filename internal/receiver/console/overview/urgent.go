package overview

import (
	"cmp"
	"math"
	"slices"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
)

// urgentCase is a case that somebody should work on next.
type urgentCase struct {
	intake.CaseRow
	Link     string
	States   []page.Tag
	Doubts   []page.Tag
	Deadline page.Deadline
}

// mostUrgent is how many cases the overview names, from among those to check that have waited longest, waitingMost of
// them.
const (
	mostUrgent  = 10
	waitingMost = 300
)

// fillUrgent names first what may hit the wrong company, then what is or will soon be late, then what waits longest.
func fillUrgent(q *page.Request, d *overviewData) error {
	var all []urgentCase
	works := q.Who.Role.May(intake.WorkCases)
	for _, s := range []intake.CaseQuery{
		{State: intake.StateAlarmed, Limit: mostUrgent},
		{State: intake.StateToCheck, Limit: waitingMost},
		{State: intake.StateUnfinished, Sort: intake.ByPenaltyDate, PenaltyFrom: casework.OddBefore(q.Today()),
			Limit: mostUrgent},
	} {
		if s.State == intake.StateToCheck && !works {
			continue
		}
		p, err := q.Cases.SearchCases(q.Context(), q.Who, s)
		if err != nil {
			return err
		}
		for _, r := range p.Rows {
			c := urgentCase{r, q.Link("/cases/" + r.AcceptID), q.States(r), page.Doubts(r), page.Deadline{}}
			if casework.ToPublish(r) {
				c.Deadline = q.Deadline(r.PenaltyDate)
			}
			all = append(all, c)
		}
	}
	slices.SortStableFunc(all, func(a, b urgentCase) int {
		return cmp.Or(cmp.Compare(a.rank(works), b.rank(works)), cmp.Compare(a.left(), b.left()))
	})
	seen := make(map[int64]bool)
	for _, c := range all {
		if len(d.Urgent) < mostUrgent && !seen[c.No] && c.rank(works) < leisure {
			seen[c.No] = true
			d.Guess = max(d.Guess, c.Deadline.Guess)
			d.Urgent = append(d.Urgent, c)
		}
	}
	return nil
}

// left is how many working days are left, most where that cannot be said.
func (c urgentCase) left() int {
	if c.Deadline.Odd || c.Deadline.Day == "" {
		return math.MaxInt
	}
	return c.Deadline.Left
}

// leisure is the rank of what need not be named.
const leisure = 5

// rank is how soon somebody should work on a case, 0 first. works: it is for somebody who compares and proposes; others
// are shown what is late.
func (c urgentCase) rank(works bool) int {
	doubted := works && c.Unsettled()
	due := casework.ToPublish(c.CaseRow) && !c.Deadline.Odd
	switch {
	case c.Alarmed():
		return 0
	case works && c.Waiting.Has(release.Return):
		return leisure // it is another person's turn
	case doubted && c.AllSevere() > 0:
		return 1
	case due && c.Deadline.Overdue():
		return 2
	case due && c.Deadline.Left <= casework.Soon:
		return 3
	case doubted:
		return 4
	}
	return leisure
}
