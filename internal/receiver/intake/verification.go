package intake

import (
	"time"

	"diaoxiao/internal/rules"
)

// Verification (核验) is the latest verification of a case.
type Verification struct {
	CaseNo   int64
	Epoch    int64 // in which it was made; a verification of an older epoch is made again
	At       time.Time
	Rules    int // RulesVersion
	Items    int // entities
	Severe   int // findings by severity
	Warnings int
	Notices  int
	// Snapshot is the snapshot of the register with which the case was last compared; 0: with none.
	Snapshot int64
	// Worse is when a comparison last made the verdict on one of its entities worse; zero: never. A check from before
	// then does not cover it.
	Worse time.Time
}

// Findings is the number of all findings.
func (v Verification) Findings() int { return v.Severe + v.Warnings + v.Notices }

// FindingRow is a finding with its case.
type FindingRow struct {
	CaseNo int64
	rules.Finding
}

// Holding describes the entities with the value of a key: the lowest case number, the lowest position there, and the
// number of entities.
type Holding struct {
	CaseNo int64
	Pos    int
	Count  int
}

// VerificationTx reads and writes verifications and their findings within a transaction.
type VerificationTx interface {
	Unverified(after, epoch int64, limit int) ([]Case, error) // in order of case numbers
	// CountUnverified returns the number of those cases, and the time at which the oldest of them was received.
	CountUnverified(after, epoch int64, limit int) (n int, oldest time.Time, err error)
	// CountOutdated returns the number of cases that were verified by rules before a version, counted up to most. It is
	// quick where there are none.
	CountOutdated(version, most int) (int, error)
	// CountStale returns the number of cases that were last compared with a snapshot of the register before this one,
	// or with none, counted up to most. FirstStale is the lowest number of them; 0: there are none.
	CountStale(snapshot int64, most int) (int, error)
	FirstStale(snapshot int64) (int64, error)
	// PutCompared records that these cases were compared with a snapshot.
	PutCompared(snapshot int64, caseNos []int64) error
	PutFindings([]FindingRow) error
	DeleteFindings(caseNo int64, from, to int) error // by position, to not included; the case's own are at -1
	// DeleteRegisterFindings is DeleteFindings of those that come from the register.
	DeleteRegisterFindings(caseNo int64, from, to int) error
	Findings(caseNo int64, from, limit int) ([]rules.Finding, error)
	FindingsWithin(caseNo int64, from, to int) ([]rules.Finding, error) // by position, to not included
	PutVerification(Verification) error
	Verification(caseNo int64) (Verification, error)
	Epoch() (int64, error)
	SetEpoch(int64) error
	ClearDerived() error
}
