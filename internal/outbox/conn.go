package outbox

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// conn is one connection with its prepared statements.
type conn struct {
	*sql.Conn
	stmts map[string]*sql.Stmt
}

func newConn(db *sql.DB) (*conn, error) {
	c, err := db.Conn(context.Background())
	if err != nil {
		return nil, err
	}
	return &conn{c, make(map[string]*sql.Stmt)}, nil
}

func (c *conn) close() (err error) {
	for _, s := range c.stmts {
		err = errors.Join(err, s.Close())
	}
	return errors.Join(err, c.Conn.Close())
}

func (c *conn) stmt(query string) (*sql.Stmt, error) {
	if s := c.stmts[query]; s != nil {
		return s, nil
	}
	s, err := c.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, fmt.Errorf("prepare %q: %w", query, err)
	}
	c.stmts[query] = s
	return s, nil
}

func (c *conn) exec(query string, args ...any) (int64, error) {
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

func (c *conn) query(query string, args ...any) (*sql.Rows, error) {
	s, err := c.stmt(query)
	if err != nil {
		return nil, err
	}
	return s.Query(args...)
}

func (c *conn) row(dest []any, query string, args ...any) error {
	s, err := c.stmt(query)
	if err != nil {
		return err
	}
	return s.QueryRow(args...).Scan(dest...)
}

// putRows is how many rows one INSERT carries: one statement for each row takes three times as long.
const putRows = 16

// put inserts n rows of so many columns.
func (c *conn) put(insert string, columns, n int, values func(i int, to []any) []any) error {
	one := "(?" + strings.Repeat(", ?", columns-1) + ")"
	full := insert + " VALUES " + one + strings.Repeat(", "+one, putRows-1)
	buf := make([]any, 0, columns*putRows)
	for i := 0; i < n; {
		step, query := 1, insert+" VALUES "+one
		if n-i >= putRows {
			step, query = putRows, full
		}
		buf = buf[:0]
		for k := i; k < i+step; k++ {
			buf = values(k, buf)
		}
		if _, err := c.exec(query, buf...); err != nil {
			return err
		}
		i += step
	}
	return nil
}
