package sqlite

import (
	"context"
	"database/sql"
	"strings"
	"time"

	sqlite3 "modernc.org/sqlite/lib"

	"diaoxiao/internal/receiver/store/engine"
	"diaoxiao/internal/sqliteconn"
)

// conn is the engine.Conn of SQLite.
type conn struct{ *sqliteconn.Conn }

// newConn takes a connection out of the pool db.
func newConn(ctx context.Context, db *sql.DB) (*conn, error) {
	c, err := sqliteconn.New(ctx, db)
	return &conn{c}, err
}

// Query implements engine.Asker.
func (c *conn) Query(query string, args ...any) (engine.Rows, error) {
	r, err := c.Conn.Query(query, args...)
	if err != nil {
		return nil, err // not a typed nil
	}
	return r, nil
}

// Broken implements engine.Conn: SQLite undoes the statement that failed and goes on.
func (c *conn) Broken() bool { return false }

// Put implements engine.Conn.
func (c *conn) Put(into engine.Into, n int, values func(i int, to []any) []any) error {
	return c.Conn.Put(insertOr(into.OnConflict)+into.Table+" ("+strings.Join(into.Columns, ", ")+")",
		len(into.Columns), n, values)
}

// Flush implements engine.Conn: nothing was put off.
func (c *conn) Flush() error { return nil }

// Exists implements engine.Conn.
func (c *conn) Exists(err error) bool {
	code := resultCode(err)
	return code == sqlite3.SQLITE_CONSTRAINT_UNIQUE || code == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
}

// Now implements engine.Conn: SQLite has no clock of its own.
func (c *conn) Now() time.Time { return time.Time{} }

// Acknowledge implements engine.Conn.
func (c *conn) Acknowledge() error {
	_, err := c.Exec(setRun, []byte{})
	return err
}

// insertOr begins an INSERT.
func insertOr(on engine.OnConflict) string {
	switch on {
	case engine.Replace:
		return "INSERT OR REPLACE INTO "
	case engine.Ignore:
		return "INSERT OR IGNORE INTO "
	}
	return "INSERT OR ROLLBACK INTO "
}
