package store

import (
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store/engine"
	"diaoxiao/internal/receiver/store/schema"
)

// docketTx reads and writes the docket.
type docketTx struct{ *handle }

// docketTable is where entries of the docket are put.
var docketTable = into(schema.Named("docket"), engine.Ignore)

// LockDocket updates the one row of epoch without changing it. On PostgreSQL a second transaction that does the same
// waits until this one has ended, and then sees its work.
func (t docketTx) LockDocket() error {
	_, err := t.change("UPDATE epoch SET value = value WHERE id = 1")
	return err
}

func (t docketTx) PutDocket(es []intake.DocketEntry) error {
	if len(es) == 0 {
		return nil
	}
	err := t.putting(docketTable, len(es), func(i int, to []any) []any {
		return append(to, int64(es[i].Kind), es[i].Since, es[i].CaseNo)
	})
	if err != nil {
		return err
	}
	return t.Flush() // before a later job of this transaction deletes it
}

func (t docketTx) DeleteDocket(e intake.DocketEntry) error {
	_, err := t.change("DELETE FROM docket WHERE kind = $1 AND since = $2 AND case_no = $3", int64(e.Kind), e.Since,
		e.CaseNo)
	return err
}

func (t docketTx) HasDocket(e intake.DocketEntry) (bool, error) {
	return engine.Value[bool](t, "SELECT COUNT(*) > 0 FROM docket WHERE kind = $1 AND since = $2 AND case_no = $3",
		int64(e.Kind), e.Since, e.CaseNo)
}

func (t docketTx) CountDocketEntries() (int64, error) {
	return engine.Value[int64](t, "SELECT COUNT(*) FROM docket")
}

// CasesAsked implements intake.DocketTx.
func (t docketTx) CasesAsked(after int64, limit int) ([]int64, error) {
	return engine.Values[int64](t,
		"SELECT case_no FROM case_work WHERE case_no > $1 AND (asked_ms > 0 OR publish_ms > 0) ORDER BY case_no "+
			"LIMIT $2", after, limit)
}
