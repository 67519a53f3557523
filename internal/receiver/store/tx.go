package store

import (
	"database/sql"
	"errors"
	"time"

	"diaoxiao/internal/receiver/intake"
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
	caseTx
	counterpartTx
	docketTx
	entityTx
	eventTx
	findingTx
	gapTx
	inspectTx
	operatorTx
	overviewTx
	returnTx
	revealTx
	runTx
	searchTx
	sessionTx
	verificationTx
	workTx
}

// newTx is the transaction of a handle.
func newTx(h *handle) *tx {
	return &tx{h, accessTx{h}, accountTx{h}, appTx{h}, attemptTx{h}, auditTx{h}, bodyTx{h}, callTx{h}, caseTx{h},
		counterpartTx{h}, docketTx{h}, entityTx{h}, eventTx{h}, findingTx{h}, gapTx{h}, inspectTx{h}, operatorTx{h}, overviewTx{h},
		returnTx{h}, revealTx{h}, runTx{h}, searchTx{h}, sessionTx{h}, verificationTx{h}, workTx{h}}
}

// handle is what all nouns of one transaction share: its connection, and what its group gathers. group is nil in a
// View.
type handle struct {
	conn
	store *Store
	group *group
	now   time.Time // the engine's clock; zero: it has none
}

// Now implements intake.Tx.
func (t *handle) Now() time.Time { return t.now }

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
	return t.exec(query, args...)
}

// putting is put that counts as a change.
func (t *handle) putting(into table, n int, values func(i int, to []any) []any) error {
	if err := t.writing(); err != nil {
		return err
	}
	return t.put(into, n, values)
}

// Yield implements intake.Tx.
func (t *handle) Yield() bool { return t.store.engine.yield(t.store.writer) }

// notFound turns "no rows" into the domain's word for it.
func notFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return intake.ErrNotFound
	}
	return err
}

// exists turns a broken uniqueness into the domain's word for it.
func exists(err error) error {
	if isUnique(err) {
		return intake.ErrExists
	}
	return err
}

// asker is a handle, or what has one.
type asker interface {
	query(query string, args ...any) (rows, error)
	row(dest []any, query string, args ...any) error
}

// list runs a query and scans each row by scan.
func list[T any](t asker, scan func(func(...any) error) (T, error), query string, args ...any) (out []T, err error) {
	rows, err := t.query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		v, err := scan(rows.Scan)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// one runs a query of at most one row and scans it by scan; no row is intake.ErrNotFound.
func one[T any](t asker, scan func(func(...any) error) (T, error), query string, args ...any) (v T, err error) {
	v, err = scan(func(dest ...any) error { return t.row(dest, query, args...) })
	return v, notFound(err)
}

// ms is a time in the database: UTC milliseconds, 0 for none.
func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMS(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMilli(n).UTC()
}
