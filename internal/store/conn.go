package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// conn is one database connection with its prepared statements. One goroutine uses it at a time.
//
// Statements run without a context: the driver starts a goroutine for each one that could be interrupted, and an
// interrupted commit would leave its outcome in doubt.
type conn struct {
	*sql.Conn
	stmts map[string]*sql.Stmt
}

func newConn(ctx context.Context, db *sql.DB) (*conn, error) {
	c, err := db.Conn(ctx)
	return &conn{c, make(map[string]*sql.Stmt)}, err
}

// Close gives the connection back to its pool, without its statements: database/sql leaves those of a held connection open,
// and SQLite does not close a connection that has any.
func (c *conn) Close() error {
	var err error
	for _, s := range c.stmts {
		err = errors.Join(err, s.Close())
	}
	return errors.Join(err, c.Conn.Close())
}

func (c *conn) stmt(query string) (*sql.Stmt, error) {
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

func (c *conn) exec(query string, args ...any) (sql.Result, error) {
	s, err := c.stmt(query)
	if err != nil {
		return nil, err
	}
	return s.Exec(args...)
}

func (c *conn) query(query string, args ...any) (*sql.Rows, error) {
	s, err := c.stmt(query)
	if err != nil {
		return nil, err
	}
	return s.Query(args...)
}

// row runs a query of one row and scans it.
func (c *conn) row(dest []any, query string, args ...any) error {
	s, err := c.stmt(query)
	if err != nil {
		return err
	}
	return s.QueryRow(args...).Scan(dest...)
}

// rebind turns the $1, $2 … of our SQL text into SQLite's ?, which bind faster, where each stands once and in order.
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
