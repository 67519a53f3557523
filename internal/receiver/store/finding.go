package store

import (
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store/engine"
	"diaoxiao/internal/receiver/store/schema"
	"diaoxiao/internal/rules"
)

// findingTx reads and writes findings.
type findingTx struct{ *handle }

// findingTable is where findings are put.
var findingTable = into(schema.Named("finding"), engine.Replace)

func (t findingTx) PutFindings(fs []intake.FindingRow) error {
	return t.putting(findingTable, len(fs), func(i int, to []any) []any {
		f := &fs[i]
		return append(to, f.CaseNo, f.Pos, f.Rule, f.Field, f.Detail)
	})
}

func (t findingTx) DeleteFindings(caseNo int64, from, to int) error {
	_, err := t.change("DELETE FROM finding WHERE case_no = $1 AND pos >= $2 AND pos < $3", caseNo, from, to)
	return err
}

func (t findingTx) DeleteRegisterFindings(caseNo int64, from, to int) error {
	_, err := t.change("DELETE FROM finding WHERE case_no = $1 AND pos >= $2 AND pos < $3 AND rule >= $4 "+
		"AND rule <= $5", caseNo, from, to, intake.FirstRegisterRule, intake.LastRegisterRule)
	return err
}

func (t findingTx) Findings(caseNo int64, from, n int) ([]rules.Finding, error) {
	return t.listFindings("pos >= $2 ORDER BY pos, rule, field LIMIT $3", caseNo, from, n)
}

func (t findingTx) FindingsWithin(caseNo int64, from, to int) ([]rules.Finding, error) {
	return t.listFindings("pos >= $2 AND pos < $3 ORDER BY pos, rule, field", caseNo, from, to)
}

// listFindings lists the findings of case $1 that a condition selects.
func (t findingTx) listFindings(which string, args ...any) ([]rules.Finding, error) {
	return engine.List(t, func(scan func(...any) error) (f rules.Finding, err error) {
		err = scan(&f.Pos, &f.Rule, &f.Field, &f.Detail)
		return f, err
	}, "SELECT pos, rule, field, detail FROM finding WHERE case_no = $1 AND "+which, args...)
}
