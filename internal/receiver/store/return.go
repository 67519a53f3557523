package store

import (
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store/engine"
)

// returnTx reads and writes returns.
type returnTx struct{ *handle }

func (t returnTx) Return(caseNo int64) (intake.Return, error) {
	return one(t, func(scan func(...any) error) (r intake.Return, err error) {
		var at int64
		err = scan(&r.CaseNo, &at, &r.By, &r.Reason, &r.Rows)
		r.At = engine.FromMS(at)
		return r, err
	}, "SELECT case_no, returned_ms, returned_by, reason, row_nos FROM case_return WHERE case_no = $1", caseNo)
}

func (t returnTx) InsertReturn(r intake.Return) error {
	_, err := t.change("INSERT INTO case_return (case_no, returned_ms, returned_by, reason, row_nos) "+
		"VALUES ($1, $2, $3, $4, $5)",
		r.CaseNo, ms(r.At), r.By, r.Reason, r.Rows)
	return t.exists(err)
}
