package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// sqliteConn is one connection with its prepared statements.
//
// Statements run without a context: the driver starts a goroutine for each one that could be interrupted, and an
// interrupted commit would leave its outcome in doubt.
type sqliteConn struct {
	*sql.Conn
	stmts map[string]*sql.Stmt
}

func newConn(ctx context.Context, db *sql.DB) (*sqliteConn, error) {
	c, err := db.Conn(ctx)
	return &sqliteConn{c, make(map[string]*sql.Stmt)}, err
}

// Close gives the connection back to its pool, without its statements: database/sql leaves those of a held connection open,
// and SQLite does not close a connection that has any.
func (c *sqliteConn) Close() error {
	var err error
	for _, s := range c.stmts {
		err = errors.Join(err, s.Close())
	}
	return errors.Join(err, c.Conn.Close())
}

func (c *sqliteConn) stmt(query string) (*sql.Stmt, error) {
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

func (c *sqliteConn) exec(query string, args ...any) (int64, error) {
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

func (c *sqliteConn) query(query string, args ...any) (rows, error) {
	s, err := c.stmt(query)
	if err != nil {
		return nil, err
	}
	r, err := s.Query(args...)
	if err != nil {
		return nil, err // not a typed nil
	}
	return r, nil
}

func (c *sqliteConn) row(dest []any, query string, args ...any) error {
	s, err := c.stmt(query)
	if err != nil {
		return err
	}
	return s.QueryRow(args...).Scan(dest...)
}

// broken: SQLite undoes the statement that failed and goes on.
func (c *sqliteConn) broken() bool { return false }

// putRows is how many rows one INSERT carries: measured best between call overhead and statement size.
const putRows = 16

// put inserts rows with as few statements as possible. They are such that cannot fail half way (OR IGNORE, OR REPLACE, OR
// ROLLBACK), or SQLite keeps a journal of each, which halves the speed.
func (c *sqliteConn) put(into table, n int, values func(i int, to []any) []any) error {
	one := "(" + strings.TrimSuffix(strings.Repeat("?, ", len(into.columns)), ", ") + ")"
	insert := into.orWhat() + into.name + " (" + strings.Join(into.columns, ", ") + ") VALUES "
	full := insert + strings.TrimSuffix(strings.Repeat(one+", ", putRows), ", ")
	single := insert + one
	buf := make([]any, 0, len(into.columns)*putRows)
	for i := 0; i < n; {
		step, query := 1, single
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

func (c *sqliteConn) flush() error { return nil }

func (t table) orWhat() string {
	switch t.taken {
	case replace:
		return "INSERT OR REPLACE INTO "
	case ignore:
		return "INSERT OR IGNORE INTO "
	}
	return "INSERT OR ROLLBACK INTO "
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
