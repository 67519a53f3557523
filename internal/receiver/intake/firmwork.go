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

	// CountDoubts returns the number of firms about which something is doubtful, by case, for the cases from from to
	// to, both included: a severe finding or a warning, a counterpart of a case that is not returned, or a stored
	// verdict other than 一致. Cases without any are left out.
	CountDoubts(from, to int64) (map[int64]int, error)
	PutTally(caseNo int64, t release.Tally) error
	Tally(caseNo int64) (release.Tally, error) // ErrNotFound
}
