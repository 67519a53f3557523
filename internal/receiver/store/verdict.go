package store

import (
	"slices"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/store/engine"
	"diaoxiao/internal/receiver/store/schema"
)

// verdictTx reads and writes verdicts.
type verdictTx struct{ *handle }

// verdictTable is where verdicts are put.
var verdictTable = into(schema.Named("verdict"), engine.Replace)

func (t verdictTx) PutVerdicts(rows []intake.VerdictRow) error {
	return t.putting(verdictTable, len(rows), func(i int, to []any) []any {
		r := &rows[i]
		f := &r.Firm
		return append(to, r.CaseNo, r.Pos, int64(r.Verdict), r.Rule, int64(r.Fields), r.Others, r.Snapshot, f.RowNo,
			f.PripID, f.UniscID, f.RegNo, f.Name, f.Legal, f.EntType, int64(f.State), f.StateText, f.Organ, f.Founded,
			f.Approved)
	})
}

func (t verdictTx) Verdicts(caseNo int64, from, n int) ([]intake.VerdictRow, error) {
	return t.listVerdicts("f.case_no = $1 AND f.pos >= $2 ORDER BY f.pos LIMIT $3", caseNo, from, n)
}

// listVerdicts lists the verdicts f that a condition selects.
func (t *handle) listVerdicts(which string, args ...any) ([]intake.VerdictRow, error) {
	return engine.List(t, func(scan func(...any) error) (r intake.VerdictRow, err error) {
		err = scan(append([]any{&r.CaseNo, &r.Pos, &r.Verdict, &r.Rule, &r.Fields, &r.Others, &r.Snapshot},
			destOf(&r.Firm)...)...)
		return r, err
	}, "SELECT f.case_no, f.pos, f.verdict, f.rule, f.fields, f.others, f.snapshot, "+firmValues+
		"FROM verdict f WHERE "+which, args...)
}

func (t verdictTx) DeleteVerdicts(caseNo int64, from, to int) error {
	_, err := t.change("DELETE FROM verdict WHERE case_no = $1 AND pos >= $2 AND pos < $3", caseNo, from, to)
	return err
}

func (t verdictTx) CountVerdicts(caseNo int64) (map[register.Verdict]int, error) {
	type count struct {
		register.Verdict
		n int
	}
	counts, err := engine.List(t, func(scan func(...any) error) (c count, err error) {
		err = scan(&c.Verdict, &c.n)
		return c, err
	}, "SELECT verdict, COUNT(*) FROM verdict WHERE case_no = $1 GROUP BY verdict", caseNo)
	of := make(map[register.Verdict]int, len(counts))
	for _, c := range counts {
		of[c.Verdict] = c.n
	}
	return of, err
}

func (t verdictTx) VerdictPlaces(caseNo int64, from, n int, of []register.Verdict) (all []int, err error) {
	for _, v := range of {
		places, err := engine.Values[int](t, "SELECT pos FROM verdict WHERE case_no = $1 AND verdict = $2 "+
			"AND pos >= $3 ORDER BY pos LIMIT $4", caseNo, int64(v), from, n)
		if err != nil {
			return nil, err
		}
		all = append(all, places...)
	}
	slices.Sort(all)
	return all[:min(len(all), n)], nil
}
