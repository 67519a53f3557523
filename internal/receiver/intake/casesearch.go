package intake

import (
	"context"
	"iter"
	"slices"
	"time"
)

// CaseState is one of the states by which cases are searched; a case may be in several.
type CaseState string

// The states.
const (
	AnyState        CaseState = ""
	StateUnverified CaseState = "unverified" // 待核验
	StateToCheck    CaseState = "tocheck"    // 待核对: on the docket ToCheck
	StateSevere     CaseState = "severe"     // 有严重提示
	StateChecked    CaseState = "checked"    // 已核对
	StateToConfirm  CaseState = "toconfirm"  // 退回待复核: on the docket ToConfirm
	StateAlarmed    CaseState = "alarmed"    // 新的严重提示: on the docket Alarmed
	StateToAgree    CaseState = "toagree"    // 公示待复核: on the docket ToAgree
	StateReturned   CaseState = "returned"   // 已退回
	StateToPublish  CaseState = "topublish"  // 待公示: on the docket ToPublish
	StateOverdue    CaseState = "overdue"    // 公示超期: on it since CaseQuery.DueBy or longer
	StatePublished  CaseState = "published"  // 已公示
)

// CaseStates returns all states but AnyState, in the order in which an operator meets them.
func CaseStates() []CaseState {
	return []CaseState{StateUnverified, StateAlarmed, StateToCheck, StateSevere, StateChecked, StateToConfirm, StateToAgree, StateReturned,
		StateToPublish, StateOverdue, StatePublished}
}

// CaseSort is what a list of cases is sorted by.
type CaseSort string

// The orders.
const (
	ByReceived    CaseSort = ""            // 受理时间, which is the order of case numbers
	ByPenaltyDate CaseSort = "penaltydate" // 处罚决定日期, those of one day by case number
)

// CaseQuery selects and sorts cases. Zero fields do not select; texts match exactly, but Name and Org wherever they
// stand in a value, all to the letter.
type CaseQuery struct {
	AppID                     int64
	CaseID, AcceptID, Account string
	Name, Org                 string    // parts of casename and penaltyorg
	ReceivedFrom, ReceivedTo  time.Time // the latter not included
	PenaltyFrom, PenaltyTo    string    // yyyy-MM-dd, both included
	State                     CaseState
	DueBy                     string // of StateOverdue: yyyy-MM-dd, the penaltydate from which on there is time left is after it
	Sort                      CaseSort
	Desc                      bool

	After CaseKey // the row that the page comes after, or before where Back; zero: from the first row, or the last
	Back  bool
	Limit int // rows of a page; 0: 50
}

// CaseKey is a row's place in a sorted list, to go on from.
type CaseKey struct {
	No          int64
	PenaltyDate string
}

// CaseRow is one row of a list of cases.
type CaseRow struct {
	Case
	AppName                   string
	Severe, Warnings, Notices int   // findings by severity
	Marks                     Marks // what later cases say of it
	Work                      Work
}

// Key is where the row stands in a list.
func (r CaseRow) Key() CaseKey { return CaseKey{r.No, r.PenaltyDate} }

// CasePage is one page of a list of cases, in its order.
type CasePage struct {
	Rows           []CaseRow
	Before, Behind bool // whether there is a page before its first row, and behind its last
}

// SearchTx is what searching cases reads.
type SearchTx interface {
	// SearchCases returns the first rows of the list after q.After in its order; q.Back is not looked at.
	SearchCases(q CaseQuery) ([]CaseRow, error)
}

// casesPage is how many rows a page has that asks for no number.
const casesPage = 50

// SearchCases returns one page of the cases that q selects. ErrInvalid: a state, an order or a day that does not exist.
func (d *Desk) SearchCases(ctx context.Context, by By, q CaseQuery) (p CasePage, err error) {
	if err := q.check(); err != nil {
		return p, err
	}
	if q.Limit <= 0 {
		q.Limit = casesPage
	}
	err = d.look(ctx, by, LookCases, func(tx Tx) error {
		p, err = q.page(tx)
		return err
	})
	return p, err
}

// page reads one row more than the page has, which tells whether there is another page in that direction. In the other
// there is one, because the page was asked for from there.
func (q CaseQuery) page(tx Tx) (p CasePage, err error) {
	walk := q
	walk.Desc = q.Desc != q.Back
	walk.Limit++
	if p.Rows, err = tx.SearchCases(walk); err != nil {
		return p, err
	}
	more := len(p.Rows) > q.Limit
	p.Rows = p.Rows[:min(len(p.Rows), q.Limit)]
	came := q.After != CaseKey{}
	p.Before, p.Behind = came, more
	if q.Back {
		slices.Reverse(p.Rows)
		p.Before, p.Behind = more, came
	}
	return p, nil
}

func (q CaseQuery) check() error {
	if q.State != AnyState && !slices.Contains(CaseStates(), q.State) {
		return invalid("没有案件状态%q", string(q.State))
	}
	if q.Sort != ByReceived && q.Sort != ByPenaltyDate {
		return invalid("不能按%q排序", string(q.Sort))
	}
	for _, day := range []string{q.PenaltyFrom, q.PenaltyTo, q.DueBy} {
		if day != "" && !isCalendarDay(day) {
			return invalid("%q不是日期，应为2026-03-15的形式", day)
		}
	}
	return nil
}

func isCalendarDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// exportPage is how many rows AllCases reads in one snapshot.
const exportPage = 1000

// AllCases yields every case that q selects, in its order, wherever q.After and q.Back stand. Each thousand is a
// snapshot of its own: who reads slowly holds nothing up, and a case that changes its state meanwhile may be left out,
// or in. An error is the last that it yields.
func (d *Desk) AllCases(ctx context.Context, by By, q CaseQuery) iter.Seq2[CaseRow, error] {
	q.After, q.Back, q.Limit = CaseKey{}, false, exportPage
	return func(yield func(CaseRow, error) bool) {
		for more := true; more; {
			p, err := d.SearchCases(ctx, by, q)
			if err != nil {
				yield(CaseRow{}, err)
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
