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
