package store

import (
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store/engine"
	"diaoxiao/internal/receiver/store/schema"
)

// worklistTx reads and writes the worklist.
type worklistTx struct{ *handle }

// worklistTable is where entries of the worklist are put.
var worklistTable = into(schema.Named("docket"), engine.Ignore)

// LockWorklist updates the one row of epoch without changing it. On PostgreSQL a second transaction that does the same
// waits until this one has ended, and then sees its work.
func (t worklistTx) LockWorklist() error {
	_, err := t.change("UPDATE epoch SET value = value WHERE id = 1")
	return err
}

func (t worklistTx) PutWorklist(es []intake.WorklistEntry) error {
	if len(es) == 0 {
		return nil
	}
	err := t.putting(worklistTable, len(es), func(i int, to []any) []any {
		return append(to, int64(es[i].Kind), es[i].Since, es[i].CaseNo)
	})
	if err != nil {
		return err
	}
	return t.Flush() // before a later job of this transaction deletes it
}

func (t worklistTx) DeleteWorklist(e intake.WorklistEntry) error {
	_, err := t.change("DELETE FROM docket WHERE kind = $1 AND since = $2 AND case_no = $3", int64(e.Kind), e.Since,
		e.CaseNo)
	return err
}

func (t worklistTx) HasWorklist(e intake.WorklistEntry) (bool, error) {
	return engine.Value[bool](t, "SELECT COUNT(*) > 0 FROM docket WHERE kind = $1 AND since = $2 AND case_no = $3",
		int64(e.Kind), e.Since, e.CaseNo)
}

func (t worklistTx) CountWorklistEntries() (int64, error) {
	return engine.Value[int64](t, "SELECT COUNT(*) FROM docket")
}

// CasesDecided implements intake.WorklistTx.
func (t worklistTx) CasesDecided(after int64, limit int) ([]int64, error) {
	return engine.Values[int64](t,
		"SELECT case_no FROM proposal WHERE case_no > $1 AND answer = 0 "+
			"UNION SELECT case_no FROM firm_span WHERE case_no > $2 ORDER BY case_no LIMIT $3", after, after, limit)
}

// CasesWorsened implements intake.WorklistTx.
func (t worklistTx) CasesWorsened(after, current int64, limit int) ([]int64, error) {
	return engine.Values[int64](t, "SELECT w.case_no FROM case_work w JOIN verification v ON v.case_no = w.case_no "+
		"WHERE w.case_no > $1 AND (v.worse_ms > w.seen_worse_ms OR v.snapshot > 0 AND v.snapshot < $2) "+
		"AND (w.checked_ms > 0 OR w.published <> '') ORDER BY w.case_no LIMIT $3", after, current, limit)
}
