package overview

import (
	"cmp"
	"slices"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
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
	for _, s := range []intake.CaseQuery{
		{State: intake.StateAlarmed, Limit: mostUrgent}, {State: intake.StateToConfirm, Limit: mostUrgent},
		{State: intake.StateToCheck, Limit: waitingMost},
		{State: intake.StateUnfinished, Sort: intake.ByPenaltyDate, PenaltyFrom: casework.OddBefore(q.Today()),
			Limit: mostUrgent},
	} {
		if !q.Who.Role.May(rightFor(s.State)) {
			continue
		}
		p, err := q.Cases.SearchCases(q.Context(), q.Who, s)
		if err != nil {
			return err
		}
		for _, r := range p.Rows {
			all = append(all, urgentCase{r, q.Link("/cases/" + r.AcceptID), q.States(r), page.Doubts(r),
				q.Deadline(r.PenaltyDate)})
		}
	}
	slices.SortStableFunc(all, func(a, b urgentCase) int { return cmp.Compare(a.rank(), b.rank()) })
	seen := make(map[int64]bool)
	for _, c := range all {
		if len(d.Urgent) < mostUrgent && !seen[c.No] && c.rank() < leisure {
			seen[c.No] = true
			d.Guess = max(d.Guess, c.Deadline.Guess)
			d.Urgent = append(d.Urgent, c)
		}
	}
	return nil
}

// rightFor is the right of those whose turn it is with the cases of a state.
func rightFor(s intake.CaseState) intake.Right {
	switch s {
	case intake.StateAlarmed:
		return intake.LookCases
	case intake.StateToConfirm:
		return intake.ConfirmReturns
	}
	return intake.WorkCases
}

// leisure is the rank of what need not be named.
const leisure = 5

// rank is how soon somebody should work on a case, 0 first.
func (c urgentCase) rank() int {
	doubted := c.Unsettled()
	switch {
	case c.Alarmed():
		return -1
	case c.Waiting != 0:
		return 0
	case doubted && c.AllSevere() > 0:
		return 1
	case casework.ToPublish(c.CaseRow) && c.Deadline.Overdue():
		return 2
	case casework.ToPublish(c.CaseRow) && c.Deadline.Left <= casework.Soon && !c.Deadline.Odd:
		return 3
	case doubted:
		return 4
	}
	return leisure
}
