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
	pairs    map[int64]*Pair // by the earlier case
	again    bool            // the case was verified before
}

// pair counts a counterpart in another case.
func (v *Verification) pair(c Counterpart) {
	if c.OtherNo == c.CaseNo {
		return
	}
	if v.pairs == nil {
		v.pairs = make(map[int64]*Pair)
	}
	p := v.pairs[c.OtherNo]
	if p == nil {
		p = &Pair{CaseNo: c.CaseNo, OtherNo: c.OtherNo}
		v.pairs[c.OtherNo] = p
	}
	if r, _ := rules.ByNo(c.Rule); r.Severity == rules.Severe {
		p.Severe++
	} else {
		p.Warnings++
	}
}

// add counts one finding by its rule.
func (v *Verification) add(rule int) {
	r, _ := rules.ByNo(rule)
	switch r.Severity {
	case rules.Severe:
		v.Severe++
	case rules.Warning:
		v.Warnings++
	default:
		v.Notices++
	}
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
