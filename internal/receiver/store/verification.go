package store

import (
	"slices"
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store/engine"
)

// verificationTx reads and writes verifications.
type verificationTx struct{ *handle }

// Conditions for what waits for a verifier, of cases c and their verifications v, by the parameter $2. The sign before
// v.rules keeps the index of rules out, and so with v.snapshot: cases are wanted in their order.
const (
	unverified = "(v.epoch IS NULL OR v.epoch < $2)" // in the epoch
	outdated   = "(+v.rules < $2)"                   // by rules of the version
	stale      = "(+v.snapshot < $2)"                // last compared with a snapshot before it
)

func (t *handle) waiting(what string, after, bound int64, n int) ([]intake.Case, error) {
	return engine.List(t, scanCase, caseColumns+"WHERE c.case_no > $1 AND "+what+" ORDER BY c.case_no LIMIT $3", after,
		bound, n)
}

func (t verificationTx) Unverified(after, epoch int64, n int) ([]intake.Case, error) {
	return t.waiting(unverified, after, epoch, n)
}

func (t verificationTx) CountOutdated(version, most int) (int, error) {
	return engine.Value[int](t, "SELECT COUNT(*) FROM (SELECT case_no FROM verification WHERE rules < $1 LIMIT $2) w",
		version, most)
}

func (t verificationTx) CountStale(snapshot int64, most int) (int, error) {
	return engine.Value[int](t,
		"SELECT COUNT(*) FROM (SELECT case_no FROM verification WHERE snapshot < $1 LIMIT $2) w", snapshot, most)
}

func (t verificationTx) FirstStale(snapshot int64) (int64, error) {
	return engine.Value[int64](t, "SELECT COALESCE(MIN(case_no), 0) FROM verification WHERE snapshot < $1", snapshot)
}

// comparedCases is how many cases one statement of PutCompared names; the rest of the last one are the last case.
const comparedCases = 64

var putCompared = "UPDATE verification SET snapshot = $1 WHERE case_no IN (" + parameters(2, comparedCases) + ")"

func (t verificationTx) PutCompared(snapshot int64, caseNos []int64) error {
	for part := range slices.Chunk(caseNos, comparedCases) {
		args := []any{snapshot}
		for i := range comparedCases {
			args = append(args, part[min(i, len(part)-1)])
		}
		if _, err := t.change(putCompared, args...); err != nil {
			return err
		}
	}
	return nil
}

func (t verificationTx) CountUnverified(after, epoch int64, limit int) (n int, oldest time.Time, err error) {
	var at int64
	err = t.Row([]any{&n, &at}, `SELECT COUNT(*), COALESCE(MIN(w.received_ms), 0) FROM (SELECT c.received_ms
		FROM cases c LEFT JOIN verification v ON v.case_no = c.case_no
		WHERE c.case_no > $1 AND (v.epoch IS NULL OR v.epoch < $2) ORDER BY c.case_no LIMIT $3) w`, after, epoch, limit)
	return n, engine.FromMS(at), err
}

func (t verificationTx) PutVerification(v intake.Verification) error {
	_, err := t.change(`INSERT INTO verification (case_no, epoch, verified_ms, rules, items, severe, warnings, notices,
			snapshot, worse_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (case_no) DO UPDATE SET epoch = excluded.epoch, verified_ms = excluded.verified_ms,
		rules = excluded.rules, items = excluded.items, severe = excluded.severe, warnings = excluded.warnings,
		notices = excluded.notices, snapshot = excluded.snapshot, worse_ms = excluded.worse_ms`,
		v.CaseNo, v.Epoch, ms(v.At), v.Rules, v.Items, v.Severe, v.Warnings, v.Notices, v.Snapshot, ms(v.Worse))
	return err
}

func (t verificationTx) Verification(caseNo int64) (intake.Verification, error) {
	return one(t, func(scan func(...any) error) (v intake.Verification, err error) {
		var at, worse int64
		err = scan(&v.CaseNo, &v.Epoch, &at, &v.Rules, &v.Items, &v.Severe, &v.Warnings, &v.Notices, &v.Snapshot,
			&worse)
		v.At, v.Worse = engine.FromMS(at), engine.FromMS(worse)
		return v, err
	}, "SELECT case_no, epoch, verified_ms, rules, items, severe, warnings, notices, snapshot, worse_ms "+
		"FROM verification WHERE case_no = $1", caseNo)
}

func (t verificationTx) Epoch() (int64, error) {
	return engine.Value[int64](t, "SELECT value FROM epoch WHERE id = 1")
}

func (t verificationTx) SetEpoch(n int64) error {
	_, err := t.change("UPDATE epoch SET value = $1 WHERE id = 1", n)
	return err
}
