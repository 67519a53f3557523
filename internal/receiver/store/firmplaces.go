package store

import (
	"strings"

	"diaoxiao/internal/receiver/store/engine"
)

// unreturned is a condition on a counterpart k: the case to which it belongs is not returned.
const unreturned = "NOT EXISTS (SELECT 1 FROM case_return r WHERE r.case_no = k.case_no)"

// FindingPlaces implements intake.FirmTx.
func (t firmTx) FindingPlaces(caseNo int64, from, n int, of []int) ([]int, error) {
	w := statement{}
	w.add("SELECT DISTINCT pos FROM finding WHERE case_no = ? AND pos >= ?", caseNo, max(0, from))
	w.byRule("rule", of)
	w.add(" ORDER BY pos LIMIT ?", n)
	return engine.Values[int](t, w.String(), w.args...)
}

// MarkedPlaces implements intake.FirmTx.
func (t firmTx) MarkedPlaces(caseNo int64, from, n int, of []int) ([]int, error) {
	w := statement{}
	w.add("SELECT DISTINCT k.other_pos FROM counterpart k WHERE k.other_no = ? AND k.other_pos >= ? AND "+unreturned,
		caseNo, max(0, from))
	w.byRule("k.rule", of)
	w.add(" ORDER BY k.other_pos LIMIT ?", n)
	return engine.Values[int](t, w.String(), w.args...)
}

// byRule adds that a column is one of the rules, where any are asked for.
func (w *statement) byRule(column string, of []int) {
	if of == nil {
		return
	}
	args := make([]any, len(of))
	for i, rule := range of {
		args[i] = rule
	}
	w.add(" AND "+column+" IN ("+strings.TrimPrefix(strings.Repeat(", ?", len(of)), ", ")+")", args...)
}

// CountFirmRules implements intake.FirmTx. A firm that has both a finding and a counterpart by one rule counts once.
func (t firmTx) CountFirmRules(caseNo int64) (map[int]int, error) {
	of := make(map[int]int)
	add := func(rule, firms, _ int64) { of[int(rule)] += int(firms) }
	err := t.each(add, "SELECT f.rule, COUNT(*), 0 FROM (SELECT DISTINCT pos, rule FROM finding "+
		"WHERE case_no = $1 AND pos >= 0) f GROUP BY f.rule", caseNo)
	if err != nil {
		return nil, err
	}
	return of, t.each(add, "SELECT m.rule, COUNT(*), 0 FROM (SELECT DISTINCT k.other_pos, k.rule FROM counterpart k "+
		"WHERE k.other_no = $1 AND k.other_pos >= 0 AND "+unreturned+" AND NOT EXISTS (SELECT 1 FROM finding f "+
		"WHERE f.case_no = k.other_no AND f.pos = k.other_pos AND f.rule = k.rule)) m GROUP BY m.rule", caseNo)
}
