package intake

import (
	"time"

	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/release"
	"diaoxiao/internal/rules"
)

// FirmCheck (逐户核对) is what a person found who compared one listed firm with the registry: the latest, as its events
// have left it.
type FirmCheck struct {
	CaseNo  int64
	Pos     int
	Outcome release.Outcome
	Remark  string
	By      Actor
	At      time.Time
	Basis   release.Basis // that the person saw
}

// FirmSpan is consecutive firms of a list on which two persons decided the same.
type FirmSpan struct {
	CaseNo     int64
	From, To   int // positions, both included
	Decision   release.Decision
	Published  string // 公示: the day, yyyy-MM-dd; "": not published
	ProposalNo int64  // by which they were decided; 0: by the case, before firms had states of their own
}

// FirmBasis is what was doubtful about one firm when two persons decided on it. A firm without one had no doubts.
type FirmBasis struct {
	CaseNo int64
	Pos    int
	Basis  release.Basis
}

// FirmTx reads and writes the work on single firms within a transaction. Checks, spans and bases are records; tallies
// are derived, by UpdateWorklist.
type FirmTx interface {
	PutFirmChecks([]FirmCheck) error // replaces
	FirmChecks(caseNo int64, from, limit int) ([]FirmCheck, error)
	DeleteFirmChecks(caseNo int64, from, to int) error // by position, to not included

	FirmSpans(caseNo int64) ([]FirmSpan, error)      // in order
	PutFirmSpans(caseNo int64, all []FirmSpan) error // replaces all of the case
	PutFirmBases([]FirmBasis) error                  // replaces
	FirmBases(caseNo int64, from, limit int) ([]FirmBasis, error)
	DeleteFirmBases(caseNo int64, from, to int) error

	// DoubtFindings lists the severe findings and warnings about firms, without their texts, in order of position, from
	// one to another, both included.
	DoubtFindings(caseNo int64, from, to, limit int) ([]rules.Finding, error)
	// FirmMarks lists the counterparts that point at such firms, in order of their position. Later cases that are
	// returned are left out.
	FirmMarks(caseNo int64, from, to, limit int) ([]Counterpart, error)
	// VerdictsOf lists the verdicts of one kind on such firms.
	VerdictsOf(caseNo int64, kind register.Verdict, from, to, limit int) ([]VerdictRow, error)

	// FindingPlaces and MarkedPlaces list the positions of firms, from one on, that have a finding, or that a
	// counterpart of a case that is not returned points at, by one of these rules; nil: by any.
	FindingPlaces(caseNo int64, from, limit int, of []int) ([]int, error)
	MarkedPlaces(caseNo int64, from, limit int, of []int) ([]int, error)
	// CountFirmRules counts, by rule, the firms that have a finding or at which such a counterpart points.
	CountFirmRules(caseNo int64) (map[int]int, error)

	// CountDoubts counts what is doubtful, by case, for the cases from from to to, both included. Cases of which
	// nothing is known are left out.
	CountDoubts(from, to int64) (map[int64]DoubtCount, error)
	PutTallies([]CaseTally) error
	// Uncounted lists verified cases whose tallies an older program left to this one, in order; at most limit.
	Uncounted(limit int) ([]int64, error)
}

// DoubtCount is what is known of the firms of one case, in numbers.
type DoubtCount struct {
	// Firms have a severe finding, a warning, a counterpart of a case that is not returned, or a verdict other than 一致
	// and 无法比对.
	Firms                  int
	CaseSevere, CaseDoubt  bool // see release.Tally
	Verdicts, Inconclusive int  // firms with a verdict; of them those with 无法比对
	Worked                 bool // persons compared firms or decided on them
}

// CaseTally is the firms of one case by state.
type CaseTally struct {
	CaseNo int64
	release.Tally
}
