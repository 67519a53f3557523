package intake

import "time"

// Counterpart (对应的一条) links a row to an earlier row, of the same list or of another case, with which it has something
// in common: both rows name one firm twice, or name two firms by one code. Both rows show it. Position -1 is the case
// itself. A counterpart is derived, and belongs to the later row.
type Counterpart struct {
	CaseNo   int64
	Pos      int
	Rule     int
	OtherNo  int64 // the earlier one
	OtherPos int
}

// Pair counts, by severity, the counterparts that one case has in one earlier case.
type Pair struct {
	CaseNo, OtherNo  int64
	Severe, Warnings int
	Returned         time.Time // when the later one was returned; zero: not. It is not stored with the pair.
}

// Marks sums up the counterparts that later cases have in a case. The counterparts of a later case that was returned
// are settled: they count only for a check that has already seen them.
type Marks struct {
	Newest                 int64 // the number of the last of them; 0: there are none
	AllSevere, AllWarnings int   // of all later cases
	Severe, Warnings       int   // of cases that are not returned,
	NewSevere, NewWarnings int   // of those, the ones newer than the last that a check has seen
	OldSevere, OldWarnings int   // of all up to that last one, returned cases too
}

// CounterpartTx reads and writes counterparts within a transaction.
type CounterpartTx interface {
	PutCounterparts([]Counterpart) error
	HasCounterparts(from, to int64) (bool, error)                      // any of these cases, both ends included
	DeleteCounterparts(caseNo int64, from, to int) error               // by position, to not included
	Counterparts(caseNo int64, from, limit int) ([]Counterpart, error) // of a case from a position on, in order
	// MarksOf returns the counterparts that point at one row from later rows, in order of the later rows. Later cases
	// that are returned are left out.
	MarksOf(caseNo int64, pos, limit int) ([]Counterpart, error)
	// MarkedRows returns the positions of the rows of a case, from a position on, at which a counterpart of a case that
	// is not returned points.
	MarkedRows(caseNo int64, from, limit int) ([]int, error)
	PutPairs([]Pair) error                  // later reads include them
	PairsOf(from, to int64) ([]Pair, error) // of these later cases, both ends included
	// of this earlier case: later cases that are not returned first, the newest first
	PairsWith(otherNo int64, limit int) ([]Pair, error)
	DeletePairs(caseNo int64) error // of this later case
}

// Doubted (待核对) reports whether the case has more findings, of its own or from later cases, than the last check knew
// of, or whether the verdict on one of its entities has become worse since.
func (r CaseRow) Doubted() bool {
	m, w := r.Marks, r.Work
	return r.Unchecked() || r.Worsened() || r.Severe+r.Warnings > w.Doubts || m.NewWarnings > 0 ||
		m.OldSevere+m.OldWarnings > w.SeenDoubts
}

// Unchecked reports whether the case has a severe finding that no operator has checked, or may have one: where a
// verdict became worse, the severe findings may be others than those that were checked. Publication of such a case
// needs a reason and the consent of a second person.
func (r CaseRow) Unchecked() bool {
	m, w := r.Marks, r.Work
	return r.Severe > w.Severe || r.Severe > 0 && r.Worsened() || m.NewSevere > 0 || m.OldSevere > w.SeenSevere
}

// Worsened reports whether a comparison with the register has made the verdict on an entity worse since somebody
// decided on the case. The number of findings may be the same as then: another row, another firm.
func (r CaseRow) Worsened() bool {
	return r.Worked() && r.Worse.After(r.Work.SeenWorse)
}

// Unsettled (待核对): something is doubtful about a firm or about the case itself, and no person has settled it, by a
// check or by a decision.
func (r CaseRow) Unsettled() bool {
	if !r.Counted {
		return r.Doubted()
	}
	return r.Tally.ToCheck > 0 || r.Tally.CaseDoubt && r.Doubted() && (r.undecided() > 0 || r.Worked())
}

// Alarmed (新的严重提示): a severe finding came up after the case was checked, or a doubt about a firm after it was
// released.
func (r CaseRow) Alarmed() bool {
	t := r.Tally
	came := r.Unchecked() && r.Worked()
	return r.Returned.IsZero() && (t.Alarms > 0 || came && (!r.Counted || t.CaseSevere || t.ToCheck > 0))
}

// Worked: the case was checked as a whole, or firms of it are published.
func (r CaseRow) Worked() bool { return r.Work.Published != "" || !r.Work.Checked.IsZero() }

// AllSevere is the number of severe findings about the case, including those from later cases that are not returned.
func (r CaseRow) AllSevere() int { return r.Severe + r.Marks.Severe }

// AllWarnings is the number of warnings about the case, including those from later cases that are not returned.
func (r CaseRow) AllWarnings() int { return r.Warnings + r.Marks.Warnings }

// Seen (所见) identifies the findings of a case at one moment. A decision names the Seen that the decider has read, so
// that it is refused where there is more by then.
type Seen struct {
	Verified         time.Time
	Newest           int64
	Severe, Warnings int       // of later cases
	Worse            time.Time // see Verification.Worse
}

// Seen identifies the findings that are known now.
func (r CaseRow) Seen() Seen {
	return Seen{r.Verified, r.Marks.Newest, r.Marks.AllSevere, r.Marks.AllWarnings, r.Worse}
}

// NeedsSecond: the case is published only with the agreement of a second person.
func (r CaseRow) NeedsSecond() bool { return r.Verified.IsZero() || r.Unchecked() }

// DependsOnOthers reports whether a finding of rule needs more than its own row.
func DependsOnOthers(rule int) bool { return rule/100 == 4 }
