package intake

// WorklistKind is a kind of work that waits on a case. The numbers are stored.
type WorklistKind int

// The kinds.
const (
	ToCheck   WorklistKind = 1 // 待核对: severe findings or warnings are unchecked; the case is not returned
	ToPublish WorklistKind = 2 // 待公示: verified, not published and not returned; counted from penaltydate
	ToConfirm WorklistKind = 3 // 退回待复核: a return was asked for
	Alarmed   WorklistKind = 4 // 新的严重提示: found after the case was checked or published
	ToAgree   WorklistKind = 5 // 公示待复核: a publication without a check was asked for
)

// String is the kind in Chinese, as people read it.
func (k WorklistKind) String() string {
	switch k {
	case ToCheck:
		return "待核对"
	case ToPublish:
		return "待公示"
	case ToConfirm:
		return "退回待复核"
	case Alarmed:
		return "新的严重提示"
	case ToAgree:
		return "公示待复核"
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
	// CasesAsked lists cases after a number, in order, for which a return or a publication was asked.
	CasesAsked(after int64, limit int) ([]int64, error)
	// CasesWorsened lists cases after a number, in order, whose verdicts became worse after somebody decided on them,
	// or would become so for all that is known: they were not compared with the current snapshot yet, but with another.
	CasesWorsened(after, current int64, limit int) ([]int64, error)
}

// Worklist maps every entry that the case could have to whether the case has it.
func (r CaseRow) Worklist() map[WorklistEntry]bool {
	open := r.Returned.IsZero()
	return map[WorklistEntry]bool{
		{ToCheck, "", r.No}:              open && r.Doubted(),
		{ToPublish, r.PenaltyDate, r.No}: open && !r.Verified.IsZero() && r.Work.Published == "",
		{ToConfirm, "", r.No}:            open && !r.Work.Asked.IsZero(),
		{Alarmed, "", r.No}:              r.Alarmed(),
		{ToAgree, "", r.No}:              open && !r.Work.Publish.Asked.IsZero(),
	}
}

// UpdateWorklist brings the worklist up to date for the cases from from to to, both included. new: the worklist has no
// entry of these cases that would have to be deleted.
func UpdateWorklist(tx Tx, from, to int64, new bool) error {
	if err := tx.LockWorklist(); err != nil {
		return err
	}
	rows, err := tx.CaseRows(from, to)
	if err != nil {
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

// askedPage is the number of cases that WorklistAsked reads at once.
const askedPage = 1000

// WorklistAsked puts the cases with a request for a return or a publication on an empty worklist. A second person can
// decide on them at once, before the verifier has come to them.
func WorklistAsked(tx Tx) error {
	for after := int64(0); ; {
		nos, err := tx.CasesAsked(after, askedPage)
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
