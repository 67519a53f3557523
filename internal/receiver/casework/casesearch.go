package casework

import (
	"context"
	"iter"
	"slices"

	"diaoxiao/internal/receiver/intake"
)

// CasePage is one page of a list of cases, in its order.
type CasePage struct {
	Rows           []intake.CaseRow
	Before, Behind bool // whether there is a page before its first row, and behind its last
}

// casesPage is how many rows a page has that asks for no number.
const casesPage = 50

// SearchCases returns one page of the cases that q selects. ErrInvalid: a state, an order or a day that does not exist.
func (d *Cases) SearchCases(ctx context.Context, by intake.By, q intake.CaseQuery) (p CasePage, err error) {
	if err := checkCaseQuery(q); err != nil {
		return p, err
	}
	if q.Limit <= 0 {
		q.Limit = casesPage
	}
	err = d.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		if q, err = sortable(q, tx); err != nil {
			return err
		}
		if p, err = pageOfCases(q, tx); err != nil {
			return err
		}
		return d.judge(tx).counted(p.Rows)
	})
	return p, err
}

const (
	// countMost is how many cases are counted, and siftMost how many are looked at where each has to be looked at.
	countMost, siftMost = 10_000, 4_000
	// sortMost is how many cases are sorted by what has no index.
	sortMost = 5_000
)

// CountCases counts the cases that q selects. more: there are more, or there may be: the newest were looked at alone.
func (d *Cases) CountCases(ctx context.Context, by intake.By, q intake.CaseQuery) (n int, more bool, err error) {
	if err := checkCaseQuery(q); err != nil {
		return 0, false, err
	}
	err = d.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		n, more, err = tx.CountCases(q, mostOf(q))
		return err
	})
	return n, more, err
}

// HasCases reports whether q selects any case. It reads no further than to the first.
func (d *Cases) HasCases(ctx context.Context, by intake.By, q intake.CaseQuery) (has bool, err error) {
	err = d.desk.Look(ctx, by, intake.LookCases, func(tx intake.Tx) error {
		n, _, err := tx.CountCases(q, 1)
		has = n > 0
		return err
	})
	return has, err
}

func mostOf(q intake.CaseQuery) int {
	if q.Name != "" || q.Org+q.OrgIs != "" || q.Account != "" || q.Rule != 0 {
		return siftMost
	}
	return countMost
}

// sortable is the query with the way in which it can be sorted. ErrInvalid: it selects too many cases for its order.
func sortable(q intake.CaseQuery, tx intake.Tx) (intake.CaseQuery, error) {
	if !q.Sort.Costly() {
		return q, nil
	}
	n, more, err := tx.CountCases(q, sortMost)
	if err != nil || n <= sortMost && !more {
		return q, err
	}
	all := intake.CaseQuery{Sort: q.Sort, Desc: q.Desc, DueBy: q.DueBy, SoonBy: q.SoonBy, After: q.After, Back: q.Back,
		Limit: q.Limit}
	if q == all && q.Sort != intake.ByOrg {
		q.Indexed = true
		return q, nil
	}
	return q, intake.Invalid("符合条件的案件超过%d件，不能这样排序。请先缩小查询范围（状态、应用、受理时间等）", sortMost)
}

// pageOfCases reads one row more than the page has, which shows whether there is another page in that direction. There
// is one in the other direction, because the page was asked for from there.
func pageOfCases(q intake.CaseQuery, tx intake.Tx) (p CasePage, err error) {
	walk := q
	walk.Desc = q.Desc != q.Back
	walk.Limit++
	if p.Rows, err = tx.SearchCases(walk); err != nil {
		return p, err
	}
	more := len(p.Rows) > q.Limit
	p.Rows = p.Rows[:min(len(p.Rows), q.Limit)]
	came := q.After != intake.CaseKey{}
	p.Before, p.Behind = came, more
	if q.Back {
		slices.Reverse(p.Rows)
		p.Before, p.Behind = more, came
	}
	return p, nil
}

func checkCaseQuery(q intake.CaseQuery) error {
	if q.State != intake.AnyState && !slices.Contains(intake.CaseStates(), q.State) {
		return intake.Invalid("没有案件状态%s", intake.Quote(string(q.State)))
	}
	if q.Sort != intake.ByReceived && q.Sort != intake.ByPenaltyDate && !q.Sort.Costly() {
		return intake.Invalid("不能按%s排序", intake.Quote(string(q.Sort)))
	}
	for _, day := range []string{q.PenaltyFrom, q.PenaltyTo, q.DueBy, q.SoonBy} {
		if day != "" && !intake.IsCalendarDay(day) {
			return intake.Invalid("%s不是日期，应为2026-03-15的形式", intake.Quote(day))
		}
	}
	return nil
}

// exportPage is how many rows AllCases reads in one snapshot.
const exportPage = 1000

// AllCases yields every case that q selects, in its order, wherever q.After and q.Back stand. Each thousand is a
// snapshot of its own: who reads slowly holds nothing up, and a case that changes its state meanwhile may be left out,
// or in. An error is the last that it yields.
func (d *Cases) AllCases(ctx context.Context, by intake.By, q intake.CaseQuery) iter.Seq2[intake.CaseRow, error] {
	q.After, q.Back, q.Limit = intake.CaseKey{}, false, exportPage
	return func(yield func(intake.CaseRow, error) bool) {
		for more := true; more; {
			p, err := d.SearchCases(ctx, by, q)
			if err != nil {
				yield(intake.CaseRow{}, err)
				return
			}
			for _, r := range p.Rows {
				if !yield(r, nil) {
					return
				}
				q.After = r.Key()
			}
			more = p.Behind
		}
	}
}
