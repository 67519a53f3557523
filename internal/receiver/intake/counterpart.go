package intake

import "time"

// Counterpart (对应的一条) is what a row has in common with an earlier row, of its own list or of another case: that the two
// name one firm twice, or two firms by one code, is to be seen at both. Position -1 is the case itself. It is derived,
// and belongs to the later row.
type Counterpart struct {
	CaseNo   int64
	Pos      int
	Rule     int
	OtherNo  int64 // the earlier one
	OtherPos int
}

// Pair is how much a case says of an earlier one: its counterparts there by severity.
type Pair struct {
	CaseNo, OtherNo  int64
	Severe, Warnings int
	Returned         time.Time // when the later one was returned; zero: not. It is not stored with the pair.
}

// Marks is what later cases say of a case. What one says that was returned is settled: it counts for a check that knew
// of it only.
type Marks struct {
	Newest                 int64 // the number of the last of them; 0: there are none
	AllSevere, AllWarnings int   // of all of them
	Severe, Warnings       int   // of those that are not returned,
	NewSevere, NewWarnings int   // and came after the last that a check has seen
	OldSevere, OldWarnings int   // of all up to that one
}

// CounterpartTx is what is kept of counterparts.
type CounterpartTx interface {
	PutCounterparts([]Counterpart) error
	HasCounterparts(from, to int64) (bool, error)                      // any of these cases, both ends included
	DeleteCounterparts(caseNo int64, from, to int) error               // by position, to not included
	Counterparts(caseNo int64, from, limit int) ([]Counterpart, error) // of a case from a position on, in order
	// MarksOf are the counterparts that later rows of cases that are not returned have in one row, in order of the
	// later ones.
	MarksOf(caseNo int64, pos, limit int) ([]Counterpart, error)
	// MarkedRows are the rows of a case, from a position on, that are such a counterpart of a case that is not
	// returned.
	MarkedRows(caseNo int64, from, limit int) ([]int, error)
	PutPairs([]Pair) error                  // what is read after it has them
	PairsOf(from, to int64) ([]Pair, error) // of these later cases, both ends included
	// with this earlier case: of cases not returned first, the newest first
	PairsWith(otherNo int64, limit int) ([]Pair, error)
	DeletePairs(caseNo int64) error // of this later case
}

// Doubted (待核对): there is more to doubt than whoever checked the case knew of, in its own findings or in what later
// cases say of it.
func (r CaseRow) Doubted() bool {
	m, w := r.Marks, r.Work
	return r.Unchecked() || r.Severe+r.Warnings > w.Doubts || m.NewWarnings > 0 ||
		m.OldSevere+m.OldWarnings > w.SeenDoubts
}

// Unchecked: something severe is known of the case that nobody has checked. It is not published but for a reason to
// which a second person agrees.
func (r CaseRow) Unchecked() bool {
	m, w := r.Marks, r.Work
	return r.Severe > w.Severe || m.NewSevere > 0 || m.OldSevere > w.SeenSevere
}

// Alarmed (新的严重提示): the case was checked or published before what is severe about it was known.
func (r CaseRow) Alarmed() bool {
	return r.Returned.IsZero() && r.Unchecked() && (r.Work.Published != "" || !r.Work.Checked.IsZero())
}

// AllSevere is how many severe findings there are about the case, with those of later cases.
func (r CaseRow) AllSevere() int { return r.Severe + r.Marks.Severe }

// AllWarnings is the same for warnings.
func (r CaseRow) AllWarnings() int { return r.Warnings + r.Marks.Warnings }

// Seen (所见) names what is known of a case at one moment, so that a decision can be held to what whoever made it has
// read.
type Seen struct {
	Verified         time.Time
	Newest           int64
	Severe, Warnings int // of later cases
}

// Seen is what is known now.
func (r CaseRow) Seen() Seen {
	return Seen{r.Verified, r.Marks.Newest, r.Marks.AllSevere, r.Marks.AllWarnings}
}

// NeedsSecond: the case is published only when a second person agrees.
func (r CaseRow) NeedsSecond() bool { return r.Verified.IsZero() || r.Unchecked() }

// DependsOnOthers reports whether a finding of rule needs more than its own row.
func DependsOnOthers(rule int) bool { return rule/100 == 4 }
