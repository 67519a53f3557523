package store

import (
	"database/sql"
	"errors"
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store/engine"
	"diaoxiao/internal/receiver/store/schema"
)

// tx implements intake.Tx over one handle, a noun at a time.
type tx struct {
	*handle
	accessTx
	accountTx
	appTx
	attemptTx
	auditTx
	bodyTx
	callTx
	caseClaimTx
	caseTx
	counterpartTx
	verdictTx
	snapshotTx
	registerTx
	worklistTx
	entityTx
	eventTx
	evidenceTx
	findingTx
	firmTx
	gapTx
	inspectTx
	operatorTx
	overviewTx
	proposalTx
	returnTx
	revealTx
	searchTx
	sessionTx
	statTx
	verificationTx
	workTx
}

// newTx is the transaction of a handle.
func newTx(h *handle) *tx {
	return &tx{h, accessTx{h}, accountTx{h}, appTx{h}, attemptTx{h}, auditTx{h}, bodyTx{h}, callTx{h},
		caseClaimTx{h}, caseTx{h},
		counterpartTx{h}, verdictTx{h}, snapshotTx{h}, registerTx{h}, worklistTx{h}, entityTx{h}, eventTx{h},
		evidenceTx{h},
		findingTx{h}, firmTx{h},
		gapTx{h}, inspectTx{h}, operatorTx{h}, overviewTx{h}, proposalTx{h}, returnTx{h}, revealTx{h}, searchTx{h},
		sessionTx{h}, statTx{h}, verificationTx{h}, workTx{h}}
}

// handle is what all nouns of one transaction share: its connection, and what its group gathers. group is nil in a
// View.
type handle struct {
	engine.Conn
	store *Store
	group *group
}

// writing counts what changes something, and refuses it in a View.
func (t *handle) writing() error {
	if t.group == nil {
		return errors.New("a View cannot write")
	}
	t.group.writes++
	return nil
}

// change runs a statement that writes.
func (t *handle) change(query string, args ...any) (rows int64, err error) {
	if err := t.writing(); err != nil {
		return 0, err
	}
	return t.Exec(query, args...)
}

// putting is put that counts as a change.
func (t *handle) putting(into engine.Into, n int, values func(i int, to []any) []any) error {
	if n == 0 {
		return nil // and the transaction has written nothing
	}
	if err := t.writing(); err != nil {
		return err
	}
	return t.Put(into, n, values)
}

// Yield implements intake.Tx.
func (t *handle) Yield() bool { return t.store.yields() }

// notFound turns "no rows" into the domain's word for it.
func notFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return intake.ErrNotFound
	}
	return err
}

// exists turns a broken uniqueness into the domain's word for it.
func (t *handle) exists(err error) error {
	if err != nil && t.Exists(err) {
		return intake.ErrExists
	}
	return err
}

// one runs a query of at most one row and scans it by scan; no row is intake.ErrNotFound.
func one[T any](t engine.Asker, scan func(func(...any) error) (T, error), query string,
	args ...any) (v T, err error) {
	v, err = scan(func(dest ...any) error { return t.Row(dest, query, args...) })
	return v, notFound(err)
}

// ms is a time in the database: UTC milliseconds, 0 for none.
func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// into is where rows of a table are put. The numbers that the database gives are left to it.
func into(t schema.Table, on engine.OnConflict) engine.Into {
	columns := t.Columns
	if t.Numbered {
		columns = columns[1:]
	}
	return engine.Into{Table: t.Name, Columns: columns, Unique: t.PrimaryKey(), OnConflict: on}
}
