package store

import (
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store/engine"
	"diaoxiao/internal/receiver/store/schema"
)

// attemptTx reads and writes attempts.
type attemptTx struct{ *handle }

// InsertAttempt gathers attempts; they are written together before the commit.
func (t attemptTx) InsertAttempt(a intake.Attempt) error {
	if err := t.writing(); err != nil {
		return err
	}
	t.group.attempts = append(t.group.attempts, a)
	return nil
}

// attemptTable is where attempts are put; the database numbers them.
var attemptTable = into(schema.Named("attempt"), engine.Refuse)

func (t *handle) insertAttempts(as []intake.Attempt) error {
	return t.putting(attemptTable, len(as), func(i int, to []any) []any {
		a := &as[i]
		return append(to, ms(a.At), a.AppID, a.Account, a.CaseID, a.CaseNo, string(a.Outcome), a.Codes, a.Fields,
			a.Bytes, a.SHA256[:], a.RequestID, a.Source, string(a.Told))
	})
}

const attemptColumns = `SELECT attempt_no, at_ms, app_id, account, caseid, case_no, outcome, codes, fields, bytes,
	sha256, request_id, source, told
	FROM attempt WHERE `

func scanAttempt(scan func(...any) error) (a intake.Attempt, err error) {
	var at int64
	var sum []byte
	err = scan(&a.No, &at, &a.AppID, &a.Account, &a.CaseID, &a.CaseNo, &a.Outcome, &a.Codes, &a.Fields, &a.Bytes, &sum,
		&a.RequestID, &a.Source, &a.Told)
	copy(a.SHA256[:], sum)
	a.At = engine.FromMS(at)
	return a, err
}

func (t attemptTx) Attempts(f intake.AttemptFilter) ([]intake.Attempt, error) {
	if f.CaseID != "" {
		return engine.List(t, scanAttempt, attemptsOfCase, f.AppID, f.CaseID, f.After, f.AppID, f.CaseID, f.After,
			limit(f.Limit))
	}
	return engine.List(t, scanAttempt, attemptColumns+`attempt_no > $1 AND (CAST($2 AS BIGINT) = 0 OR app_id = $3)
		ORDER BY attempt_no LIMIT $4`,
		f.After, f.AppID, f.AppID, limit(f.Limit))
}

// attemptsOfCase looks for refused attempts and for the others in an index each.
const attemptsOfCase = attemptColumns + `case_no > 0 AND case_no IN (SELECT case_no FROM cases WHERE app_id = $1
	AND caseid = $2) AND attempt_no > $3
	UNION ALL ` + attemptColumns + `case_no = 0 AND app_id = $4 AND caseid = $5 AND attempt_no > $6
		ORDER BY attempt_no LIMIT $7`
