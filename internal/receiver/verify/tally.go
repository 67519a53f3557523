package verify

import (
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// tally is a verification that is not finished yet.
type tally struct {
	intake.Verification
	pairs map[int64]*intake.Pair // by the earlier case
	again bool                   // the case was verified before
	compared
}

// pair counts a counterpart in another case.
func (v *tally) pair(c intake.Counterpart) {
	if c.OtherNo == c.CaseNo {
		return
	}
	if v.pairs == nil {
		v.pairs = make(map[int64]*intake.Pair)
	}
	p := v.pairs[c.OtherNo]
	if p == nil {
		p = &intake.Pair{CaseNo: c.CaseNo, OtherNo: c.OtherNo}
		v.pairs[c.OtherNo] = p
	}
	if r, _ := rules.ByNo(c.Rule); r.Severity == rules.Severe {
		p.Severe++
	} else {
		p.Warnings++
	}
}

// add counts one finding by its rule.
func (v *tally) add(rule int) {
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
