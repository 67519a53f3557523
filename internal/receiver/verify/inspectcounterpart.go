package verify

import (
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// counterpartsPage is how many counterparts are read at once.
const counterpartsPage = 1000

// counterparts compares the counterparts of a case with the rows that they link, with its findings and with their
// stored sums: each counterpart must agree with both rows, each finding that depends on other rows must have a
// counterpart, and each counterpart must have its finding.
func (in *inspector) counterparts(c intake.Case) error {
	if in.outdated(c) {
		return nil
	}
	w := counterpartWalk{in: in, c: c, sums: &tally{Verification: intake.Verification{CaseNo: c.No}}}
	for next, more := intake.CasePos, true; more; {
		cs, err := in.tx.Counterparts(c.No, next, counterpartsPage)
		if err != nil {
			return err
		}
		if more = len(cs) == counterpartsPage; more {
			next = cs[len(cs)-1].Pos
			if next == cs[0].Pos {
				return w.tooMany(next) // a row cannot have so many
			}
			cs = cs[:wholeRows(cs, next)]
		}
		for _, k := range cs {
			if err := w.one(k); err != nil {
				return err
			}
		}
	}
	if err := w.findings(); err != nil {
		return err
	}
	return w.pairs()
}

func (w *counterpartWalk) tooMany(pos int) error {
	w.in.fault(FaultDerived, w.c, "第%d条的对应关系过多", pos+1)
	return nil
}

// wholeRows is the number of cs that come before the row at pos.
func wholeRows(cs []intake.Counterpart, pos int) int {
	n := len(cs)
	for n > 0 && cs[n-1].Pos == pos {
		n--
	}
	return n
}

// counterpartWalk goes through the counterparts of one case.
type counterpartWalk struct {
	in   *inspector
	c    intake.Case
	sums *tally
	said map[ruleAt]bool // rows and rules that have a counterpart
}

type ruleAt struct{ pos, rule int }

func (w *counterpartWalk) one(k intake.Counterpart) error {
	if w.said == nil {
		w.said = make(map[ruleAt]bool)
	}
	w.said[ruleAt{k.Pos, k.Rule}] = true
	w.sums.pair(k)
	right, err := w.holds(k)
	if err == nil && !right {
		w.in.fault(FaultDerived, w.c, "第%d条与案件%d第%d条的对应关系（规则%d）与正文不符", k.Pos+1, k.OtherNo, k.OtherPos+1, k.Rule)
	}
	return err
}

// holds reports whether the counterpart agrees with the two rows.
func (w *counterpartWalk) holds(k intake.Counterpart) (bool, error) {
	own := k.OtherNo == k.CaseNo
	if k.OtherNo > k.CaseNo || own && k.OtherPos >= k.Pos {
		return false, nil
	}
	if k.Rule == rules.LikeCaseID {
		other, err := w.in.tx.Case(k.OtherNo)
		return err == nil && k.Pos == intake.CasePos && k.OtherPos == intake.CasePos &&
			countsAgainst(other, w.c), intake.IgnoreMissing(err)
	}
	mine, err := w.in.tx.Entities(k.CaseNo, k.Pos, 1)
	if err != nil {
		return false, err
	}
	its, err := w.in.tx.Entities(k.OtherNo, k.OtherPos, 1)
	if err != nil || len(mine) == 0 || len(its) == 0 || mine[0].Pos != k.Pos || its[0].Pos != k.OtherPos {
		return false, err
	}
	if k.Rule == rules.TwiceByCreditCode || k.Rule == rules.OtherCaseByCreditCode {
		return (k.Rule == rules.TwiceByCreditCode) == own &&
			rules.FoldCode(mine[0].UniscID) == rules.FoldCode(its[0].UniscID), nil
	}
	rule, _ := rules.Shared("pripid", mine[0].Entity, its[0].Entity, own, "")
	return rule == k.Rule && rules.FoldCode(mine[0].PripID) == rules.FoldCode(its[0].PripID), nil
}

// findings compares the findings that depend on other rows with the counterparts, in both directions.
func (w *counterpartWalk) findings() error {
	for f, err := range eachFinding(w.in.tx, w.c.No, intake.CasePos) {
		if err != nil {
			return err
		}
		if !intake.DependsOnOthers(f.Rule) {
			continue
		}
		if at := (ruleAt{f.Pos, f.Rule}); !w.said[at] {
			w.in.fault(FaultDerived, w.c, "第%d条的核验提示（规则%d）没有对应的另一条", f.Pos+1, f.Rule)
		} else {
			delete(w.said, at)
		}
	}
	for at := range w.said {
		w.in.fault(FaultDerived, w.c, "第%d条缺少核验提示（规则%d）", at.pos+1, at.rule)
	}
	return nil
}

// pairs compares the stored sums with the counterparts.
func (w *counterpartWalk) pairs() error {
	have, err := w.in.tx.PairsOf(w.c.No, w.c.No)
	if err != nil {
		return err
	}
	for _, p := range have {
		want := w.sums.pairs[p.OtherNo]
		if want == nil || want.Severe != p.Severe || want.Warnings != p.Warnings {
			w.in.fault(FaultDerived, w.c, "与案件%d的对应条数与派生数据不符", p.OtherNo)
		}
		delete(w.sums.pairs, p.OtherNo)
	}
	for no := range w.sums.pairs {
		w.in.fault(FaultDerived, w.c, "缺少与案件%d的对应条数", no)
	}
	return nil
}
