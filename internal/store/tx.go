package store

import (
	"database/sql"
	"errors"
	"time"

	"diaoxiao/internal/intake"
)

// tx implements intake.Tx over one connection. group is nil in a View.
type tx struct {
	*conn
	store *Store
	group *group
}

// writing counts what changes something, and refuses it in a View.
func (t *tx) writing() error {
	if t.group == nil {
		return errors.New("a View cannot write")
	}
	t.group.writes++
	return nil
}

// change runs a statement that writes.
func (t *tx) change(query string, args ...any) (rows int64, err error) {
	if err := t.writing(); err != nil {
		return 0, err
	}
	res, err := t.exec(query, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// Yield implements intake.Tx.
func (t *tx) Yield() bool { return len(t.store.writer.queue) > 0 }

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

// list runs a query and scans each row by scan.
func list[T any](t *tx, scan func(func(...any) error) (T, error), query string, args ...any) (out []T, err error) {
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
func one[T any](t *tx, scan func(func(...any) error) (T, error), query string, args ...any) (v T, err error) {
	s, err := t.stmt(query)
	if err != nil {
		return v, err
	}
	v, err = scan(s.QueryRow(args...).Scan)
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
