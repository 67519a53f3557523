package store

import "diaoxiao/internal/intake"

func (t *tx) InsertAttempt(a intake.Attempt) error {
	_, err := t.change(`INSERT INTO attempt (at_ms, app_id, account, caseid, case_no, outcome, codes, fields, bytes, sha256, request_id, source)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		ms(a.At), a.AppID, a.Account, a.CaseID, a.CaseNo, a.Outcome, a.Codes, a.Fields, a.Bytes, a.SHA256[:], a.RequestID, a.Source)
	return err
}

func (t *tx) Attempts(f intake.AttemptFilter) ([]intake.Attempt, error) {
	return list(t, func(scan func(...any) error) (a intake.Attempt, err error) {
		var at int64
		var sum []byte
		err = scan(&a.No, &at, &a.AppID, &a.Account, &a.CaseID, &a.CaseNo, &a.Outcome, &a.Codes, &a.Fields, &a.Bytes, &sum, &a.RequestID, &a.Source)
		copy(a.SHA256[:], sum)
		a.At = fromMS(at)
		return a, err
	}, `SELECT attempt_no, at_ms, app_id, account, caseid, case_no, outcome, codes, fields, bytes, sha256, request_id, source
		FROM attempt WHERE attempt_no > $1 AND ($2 = 0 OR app_id = $3) ORDER BY attempt_no LIMIT $4`, f.After, f.AppID, f.AppID, limit(f.Limit))
}
