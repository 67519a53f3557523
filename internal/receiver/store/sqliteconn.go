package store

import (
	"context"
	"database/sql"
	"strings"

	"diaoxiao/internal/sqliteconn"
)

// sqliteConn is the conn of SQLite.
type sqliteConn struct{ *sqliteconn.Conn }

func newConn(ctx context.Context, db *sql.DB) (*sqliteConn, error) {
	c, err := sqliteconn.New(ctx, db)
	return &sqliteConn{c}, err
}

func (c *sqliteConn) exec(query string, args ...any) (int64, error) { return c.Exec(query, args...) }

func (c *sqliteConn) query(query string, args ...any) (rows, error) {
	r, err := c.Query(query, args...)
	if err != nil {
		return nil, err // not a typed nil
	}
	return r, nil
}

func (c *sqliteConn) row(dest []any, query string, args ...any) error {
	return c.Row(dest, query, args...)
}

// broken: SQLite undoes the statement that failed and goes on.
func (c *sqliteConn) broken() bool { return false }

func (c *sqliteConn) put(into table, n int, values func(i int, to []any) []any) error {
	return c.Put(into.orWhat()+into.name+" ("+strings.Join(into.columns, ", ")+")", len(into.columns), n, values)
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
