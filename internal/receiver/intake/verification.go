package intake

import (
	"time"

	"diaoxiao/internal/rules"
)

// Verification (核验) is the latest verification of a case.
type Verification struct {
	CaseNo   int64
	Epoch    int64 // the epoch it was made in; an older one is made again
	At       time.Time
	Rules    int // RulesVersion
	Items    int // entities
	Severe   int // findings by severity
	Warnings int
	Notices  int
}

// Findings is how many findings there are in all.
func (v Verification) Findings() int { return v.Severe + v.Warnings + v.Notices }

// FindingRow is a finding with its case.
type FindingRow struct {
	CaseNo int64
	rules.Finding
}

// Holding says who holds the value of a key: the lowest case number, the lowest position, and how many entities in all.
type Holding struct {
	CaseNo int64
	Pos    int
	Count  int
}

// VerificationTx is verifications with their findings within a transaction.
type VerificationTx interface {
	Unverified(after, epoch int64, limit int) ([]Case, error) // in order of case numbers
	// CountUnverified is how many of those there are, and when the oldest of them was received.
	CountUnverified(after, epoch int64, limit int) (n int, oldest time.Time, err error)
	// CountOutdated is how many cases were verified by rules before a version, counted up to most. Quick where there
	// are none.
	CountOutdated(version, most int) (int, error)
	PutFindings([]FindingRow) error
	DeleteFindings(caseNo int64, from, to int) error // by position, to not included; the case's own are at -1
	Findings(caseNo int64, from, limit int) ([]rules.Finding, error)
	PutVerification(Verification) error
	Verification(caseNo int64) (Verification, error)
	Epoch() (int64, error)
	SetEpoch(int64) error
	ClearDerived() error
}
