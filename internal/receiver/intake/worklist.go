package intake

import (
	"errors"

	"diaoxiao/internal/receiver/release"
)

// WorklistKind is a kind of work that waits on a case. The numbers are stored.
type WorklistKind int

// The kinds.
const (
	ToCheck   WorklistKind = 1 // 待核对: doubts that no person has settled; the case is not returned
	ToPublish WorklistKind = 2 // 待公示: firms are released and not published; counted from penaltydate
	ToConfirm WorklistKind = 3 // 待复核: a proposal waits for a second person
	Alarmed   WorklistKind = 4 // 新的严重提示: found after the case was checked, or a firm released or published
	// 5 was a publication that an older program asked for.
	ToRelease WorklistKind = 6 // 待放行: firms are 可放行, and no release of the case waits for a second person
	// Unfinished (公示未完成): firms are undecided, or released and not published; counted from penaltydate.
	Unfinished WorklistKind = 7
)

// String is the kind in Chinese, as people read it.
func (k WorklistKind) String() string {
	switch k {
	case ToCheck:
		return "待核对"
	case ToPublish:
		return "待公示"
	case ToConfirm:
		return "待复核"
	case Alarmed:
		return "新的严重提示"
	case ToRelease:
		return "待放行"
	case Unfinished:
		return "公示未完成"
	}
	return "未知"
}

// WorklistEntry (待办) is one piece of work that waits on a case.
type WorklistEntry struct {
	Kind   WorklistKind
	Since  string // the day from which it is counted; "": none
	CaseNo int64
}

// WorklistTx reads and writes the worklist within a transaction. The worklist is derived: it follows from case, return,
// verification, counterparts and work.
type WorklistTx interface {
	// LockWorklist makes a second transaction wait until the first has ended, and then see its changes. Without it a
	// verifier that stores findings and an operator who decides on the same case at the same time would miss each
	// other's changes.
	LockWorklist() error
	// CaseRows lists cases by number, both ends included.
	CaseRows(from, to int64) ([]CaseRow, error)
	PutWorklist([]WorklistEntry) error
	DeleteWorklist(WorklistEntry) error // no error where there is none
	HasWorklist(WorklistEntry) (bool, error)
	CountWorklistEntries() (int64, error)
	// CasesDecided lists cases after a number, in order, of which proposals wait or firms are decided on.
	CasesDecided(after int64, limit int) ([]int64, error)
	// CasesWorsened lists cases after a number, in order, whose verdicts became worse after somebody decided on them,
	// or would become so for all that is known: they were not compared with the current snapshot yet, but with another.
	CasesWorsened(after, current int64, limit int) ([]int64, error)
}

// Worklist maps every entry that the case could have to whether the case has it.
func (r CaseRow) Worklist() map[WorklistEntry]bool {
	t, open := r.Tally, r.Returned.IsZero()
	verified := open && !r.Verified.IsZero()
	unpublished := t.Released > t.Published
	return map[WorklistEntry]bool{
		{ToCheck, "", r.No}:               open && r.Unsettled(),
		{ToPublish, r.PenaltyDate, r.No}:  open && unpublished,
		{ToConfirm, "", r.No}:             open && r.Waiting != 0,
		{Alarmed, "", r.No}:               r.Alarmed(),
		{ToRelease, "", r.No}:             verified && t.Clear+t.Ready > 0 && !r.Waiting.Has(release.Release),
		{Unfinished, r.PenaltyDate, r.No}: verified && (r.undecided() > 0 || unpublished),
	}
}

// undecided is the number of firms on which nobody has decided.
func (r CaseRow) undecided() int { return r.Items - r.Tally.Released - r.Tally.Withheld }

// UpdateWorklist brings the tallies and the worklist up to date for the cases from from to to, both included. new: the
// worklist has no entry of these cases that would have to be deleted.
func UpdateWorklist(tx Tx, from, to int64, new bool) error {
	if err := tx.LockWorklist(); err != nil {
		return err
	}
	rows, err := tx.CaseRows(from, to)
	if err != nil {
		return err
	}
	if err := errors.Join(tallyAnew(tx, rows), endClaims(tx, rows)); err != nil {
		return err
	}
	var put []WorklistEntry
	for _, r := range rows {
		for e, has := range r.Worklist() {
			if has {
				put = append(put, e)
			} else if !new {
				if err := tx.DeleteWorklist(e); err != nil {
					return err
				}
			}
		}
	}
	return tx.PutWorklist(put)
}

// decidedPage is the number of cases that WorklistDecided reads at once.
const decidedPage = 1000

// WorklistDecided puts the cases of which proposals wait or firms are decided on, on an empty worklist. A second person
// can decide on them at once, before the verifier has come to them.
func WorklistDecided(tx Tx) error {
	for after := int64(0); ; {
		nos, err := tx.CasesDecided(after, decidedPage)
		if err != nil || len(nos) == 0 {
			return err
		}
		for _, no := range nos {
			if err := UpdateWorklist(tx, no, no, true); err != nil {
				return err
			}
		}
		after = nos[len(nos)-1]
	}
}

// Touched returns the earlier cases of pairs, each once.
func Touched(ps []Pair) (nos []int64) {
	seen := make(map[int64]bool)
	for _, p := range ps {
		if !seen[p.OtherNo] {
			seen[p.OtherNo] = true
			nos = append(nos, p.OtherNo)
		}
	}
	return nos
}

// UpdateWorklists brings the worklist up to date for some cases.
func UpdateWorklists(tx Tx, nos []int64) error {
	for _, no := range nos {
		if err := UpdateWorklist(tx, no, no, false); err != nil {
			return err
		}
	}
	return nil
}
