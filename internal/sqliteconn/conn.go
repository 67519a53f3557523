// Package sqliteconn is one connection to an SQLite database with its prepared statements, for a program that
// writes on its own connection: the store and the sender's outbox.
//
// The decision you could not guess: statements run without a context. The driver starts a goroutine for each one that
// could be interrupted, and an interrupted commit would leave its outcome in doubt.
package sqliteconn

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Conn is a connection. One goroutine uses it at a time.
type Conn struct {
	*sql.Conn
	stmts map[string]*sql.Stmt
}

// New takes a connection out of the pool db.
func New(ctx context.Context, db *sql.DB) (*Conn, error) {
	c, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &Conn{c, make(map[string]*sql.Stmt)}, nil
}

// Close gives the connection back to its pool, without its statements: database/sql leaves those of a held connection
// open, and SQLite does not close a connection that has any.
func (c *Conn) Close() error {
	var err error
	for _, s := range c.stmts {
		err = errors.Join(err, s.Close())
	}
	return errors.Join(err, c.Conn.Close())
}

// Trim closes the prepared statements where there are more than most: those of searches come in many forms. No rows may
// be open.
func (c *Conn) Trim(most int) error {
	if len(c.stmts) <= most {
		return nil
	}
	var err error
	for _, s := range c.stmts {
		err = errors.Join(err, s.Close())
	}
	clear(c.stmts)
	return err
}

func (c *Conn) stmt(query string) (*sql.Stmt, error) {
	if s := c.stmts[query]; s != nil {
		return s, nil
	}
	s, err := c.PrepareContext(context.Background(), rebind(query))
	if err != nil {
		return nil, fmt.Errorf("prepare %q: %w", query, err)
	}
	c.stmts[query] = s
	return s, nil
}

// Exec runs a statement and returns how many rows it changed. Parameters are ?, or $1, $2 … each once and in order; the
// error is the driver's.
func (c *Conn) Exec(query string, args ...any) (int64, error) {
	s, err := c.stmt(query)
	if err != nil {
		return 0, err
	}
	r, err := s.Exec(args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// Query runs a query; parameters as in Exec.
func (c *Conn) Query(query string, args ...any) (*sql.Rows, error) {
	s, err := c.stmt(query)
	if err != nil {
		return nil, err
	}
	return s.Query(args...)
}

// Row runs a query of one row and scans it; sql.ErrNoRows where there is none.
func (c *Conn) Row(dest []any, query string, args ...any) error {
	s, err := c.stmt(query)
	if err != nil {
		return err
	}
	return s.QueryRow(args...).Scan(dest...)
}

// putRows is how many rows one INSERT carries: measured best between call overhead and statement size.
const putRows = 16

// Put inserts n rows of so many columns with as few statements as possible; insert is an INSERT up to its VALUES, and
// values appends those of row i. SQLite keeps a journal of each statement that can fail half way, which halves the
// speed: OR IGNORE, OR REPLACE and OR ROLLBACK cannot.
func (c *Conn) Put(insert string, columns, n int, values func(i int, to []any) []any) error {
	one := "(?" + strings.Repeat(", ?", columns-1) + ")"
	single := insert + " VALUES " + one
	full := single + strings.Repeat(", "+one, putRows-1)
	buf := make([]any, 0, columns*putRows)
	for i := 0; i < n; {
		step, query := 1, single
		if n-i >= putRows {
			step, query = putRows, full
		}
		buf = buf[:0]
		for k := i; k < i+step; k++ {
			buf = values(k, buf)
		}
		if _, err := c.Exec(query, buf...); err != nil {
			return err
		}
		i += step
	}
	return nil
}

// rebind turns the $1, $2 … of an SQL text into SQLite's ?, which bind faster, where each stands once and in order.
func rebind(query string) string {
	var b strings.Builder
	for n := 1; ; n++ {
		before, after, found := strings.Cut(query, "$")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		no := strconv.Itoa(n)
		if !strings.HasPrefix(after, no) || len(after) > len(no) && after[len(no)] >= '0' && after[len(no)] <= '9' {
			panic("parameters must stand in order: " + query)
		}
		b.WriteByte('?')
		query = after[len(no):]
	}
}
