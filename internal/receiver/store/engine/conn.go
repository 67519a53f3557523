package engine

import (
	"slices"
	"strings"
	"time"
)

// Conn is one database connection in a transaction, whatever the engine. One goroutine uses it at a time.
type Conn interface {
	Asker
	// Exec runs a statement and returns how many rows it changed.
	Exec(query string, args ...any) (int64, error)
	// Put inserts n rows, or some time before the commit; values appends those of row i. OnConflict of
	// into says what becomes of rows that are there already.
	Put(into Into, n int, values func(i int, to []any) []any) error
	// Flush does what Put has put off.
	Flush() error
	// Broken reports whether the transaction can only be rolled back.
	Broken() bool
	// Exists reports whether a statement failed because a row with the same key is there.
	Exists(err error) bool
	// Now is the engine's clock as of the beginning of the transaction; zero: it has none.
	Now() time.Time
	// Acknowledge lets the next server start from the database as it is, where the engine keeps what the last one left.
	Acknowledge() error
}

// Asker runs queries. Parameters are $1, $2 … each once and in order.
type Asker interface {
	Query(query string, args ...any) (Rows, error)
	// Row runs a query of one row and scans it; sql.ErrNoRows where there is none.
	Row(dest []any, query string, args ...any) error
}

// Rows is what a query found.
type Rows interface {
	Next() bool
	Scan(...any) error
	Err() error
	Close() error
}

// List runs a query and scans each row by scan.
func List[T any](a Asker, scan func(func(...any) error) (T, error), query string, args ...any) (out []T, err error) {
	rows, err := a.Query(query, args...)
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

// Value runs a query of one row with one column; sql.ErrNoRows where there is none.
func Value[T any](a Asker, query string, args ...any) (v T, err error) {
	err = a.Row([]any{&v}, query, args...)
	return v, err
}

// Values runs a query of one column.
func Values[T any](a Asker, query string, args ...any) ([]T, error) {
	return List(a, func(scan func(...any) error) (v T, err error) { err = scan(&v); return v, err }, query, args...)
}

// Into says where rows are put, and what becomes of one that is there already.
type Into struct {
	Table      string
	Columns    []string
	Unique     []string // what makes two rows the same
	OnConflict OnConflict
}

// OnConflict says what becomes of a row that is put where one is.
type OnConflict int

// The ways.
const (
	Refuse  OnConflict = iota // an error of the database
	Report                    // ErrConflict, and nothing is put
	Replace                   // the new one replaces it
	Ignore                    // it stays
)

// ConflictClause is the ON CONFLICT of an INSERT; "": there is none.
func (t Into) ConflictClause() string {
	unique := strings.Join(t.Unique, ", ")
	switch t.OnConflict {
	case Ignore, Report:
		return " ON CONFLICT (" + unique + ") DO NOTHING"
	case Replace:
		var set []string
		for _, name := range t.Columns {
			if !slices.Contains(t.Unique, name) {
				set = append(set, name+" = excluded."+name)
			}
		}
		return " ON CONFLICT (" + unique + ") DO UPDATE SET " + strings.Join(set, ", ")
	}
	return ""
}
