package intake

import (
	"time"

	"diaoxiao/internal/receiver/release"
)

// CaseState is one of the states by which cases are searched; a case may be in several.
type CaseState string

// The states.
const (
	AnyState        CaseState = ""
	StateUnverified CaseState = "unverified" // 待核验
	StateToCheck    CaseState = "tocheck"    // 待核对: on the worklist ToCheck
	StateSevere     CaseState = "severe"     // 有严重提示
	StateChecked    CaseState = "checked"    // 已核对
	StateToConfirm  CaseState = "toconfirm"  // 待复核: on the worklist ToConfirm
	StateToRelease  CaseState = "torelease"  // 待放行: on the worklist ToRelease
	StateAlarmed    CaseState = "alarmed"    // 新的严重提示: on the worklist Alarmed
	StateReturned   CaseState = "returned"   // 已退回
	StateToPublish  CaseState = "topublish"  // 待公示: on the worklist ToPublish
	StateUnfinished CaseState = "unfinished" // 公示未完成: on the worklist Unfinished
	StateOverdue    CaseState = "overdue"    // 公示超期: on it since CaseQuery.DueBy or longer
	StateSoon       CaseState = "soon"       // 即将到期: on it since after DueBy, up to CaseQuery.SoonBy
	StatePublished  CaseState = "published"  // 已公示
)

// CaseStates returns all states but AnyState, in the order in which an operator meets them.
func CaseStates() []CaseState {
	return []CaseState{
		StateUnverified, StateAlarmed, StateToCheck, StateSevere, StateChecked, StateToRelease, StateToConfirm,
		StateReturned, StateToPublish, StateUnfinished, StateOverdue, StateSoon,
		StatePublished,
	}
}

// CaseSort is the order of a list of cases.
type CaseSort string

// The orders.
const (
	ByReceived    CaseSort = ""            // 受理时间, which is the order of case numbers
	ByPenaltyDate CaseSort = "penaltydate" // 处罚决定日期, those of one day by case number
	ByItems       CaseSort = "items"       // 户数; equal ones by case number, here and below
	BySevere      CaseSort = "severe"      // the number of severe findings of its own
	ByOrg         CaseSort = "penaltyorg"  // 处罚决定机关
)

// Costly reports whether the order has no index: every case that is selected is read for one page.
func (s CaseSort) Costly() bool { return s == ByItems || s == BySevere || s == ByOrg }

// CaseQuery selects and sorts cases. Zero fields do not select. Texts match the whole value exactly, except that Name
// and Org match any part of a value exactly.
type CaseQuery struct {
	AppID                     int64
	CaseID, AcceptID, Account string
	Name, Org                 string    // parts of casename and penaltyorg
	OrgIs                     string    // all of penaltyorg
	Part                      string    // a part of caseid, both folded by rules.FoldCaseID; of verified cases
	ReceivedFrom, ReceivedTo  time.Time // the latter not included
	PenaltyFrom, PenaltyTo    string    // yyyy-MM-dd, both included
	State                     CaseState
	Handler                   Actor // who did something with the case, or has claimed it
	Claimer                   Actor // who has claimed the case
	Rule                      int   // of a finding of its own
	// yyyy-MM-dd: cases with a penaltydate up to DueBy are overdue, later ones up to SoonBy soon will be
	DueBy, SoonBy string
	Sort          CaseSort
	Indexed       bool // with ByItems and BySevere, by an index, which has verified cases alone; for all cases only
	Desc          bool

	After CaseKey // the row that the page comes after, or before where Back; zero: from the first row, or the last
	Back  bool
	Limit int // rows of a page; 0: 50
}

// CaseKey is the position of a row in a sorted list, from which the next page continues.
type CaseKey struct {
	No          int64
	PenaltyDate string
}

// CaseRow is one row of a list of cases.
type CaseRow struct {
	Case
	AppName                   string
	Severe, Warnings, Notices int   // findings by severity
	Marks                     Marks // the counterparts from later cases
	Work                      Work
	Snapshot                  int64     // of the register, with which the case was last compared; 0: with none
	Worse                     time.Time // see Verification.Worse
	// Tally is the firms by state as it is stored, the zero value for a case that is not verified. Firms is as it is
	// shown: use cases fill it in.
	Tally release.Tally
	// Counted: there is a tally. Uncounted: an older program left it to the verifier.
	Counted, Uncounted bool
	Firms              release.Counts
	Waiting            release.KindSet // the kinds of proposals that wait
	Claim              CaseClaim
	LastBy             Actor // who did something with the case last; "": nobody has
}

// Key is the position of the row in a list.
func (r CaseRow) Key() CaseKey { return CaseKey{r.No, r.PenaltyDate} }

// SearchTx searches cases within a transaction.
type SearchTx interface {
	// SearchCases returns the first rows of the list after q.After in its order. It ignores q.Back.
	SearchCases(q CaseQuery) ([]CaseRow, error)
	// CountCases counts the cases that q selects among the first most that may be it. more: there are others beyond.
	CountCases(q CaseQuery, most int) (n int, more bool, err error)
}
