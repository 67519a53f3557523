package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"diaoxiao/internal/receiver/store/engine"
)

// conn is the engine.Conn of PostgreSQL, within one transaction. Rows that are put go to the server together with the
// next flush, for each statement by itself would cost a round trip.
type conn struct {
	ctx    context.Context
	end    context.CancelFunc // of ctx
	conn   *pgx.Conn
	batch  pgx.Batch
	failed bool
	now    time.Time // the server's clock at the beginning
}

// note remembers that PostgreSQL goes on with nothing but a rollback after an error.
func (c *conn) note(err error) error {
	err = driverFault(err)
	if err != nil && err != pgx.ErrNoRows {
		c.failed = true
	}
	return err
}

// Broken implements engine.Conn.
func (c *conn) Broken() bool { return c.failed }

// Exists implements engine.Conn.
func (c *conn) Exists(err error) bool { return sqlState(err) == uniqueViolation }

// Now implements engine.Conn.
func (c *conn) Now() time.Time { return c.now }

// Acknowledge implements engine.Conn: PostgreSQL keeps nothing of its last server.
func (c *conn) Acknowledge() error { return nil }

// Exec implements engine.Conn.
func (c *conn) Exec(query string, args ...any) (int64, error) {
	tag, err := c.conn.Exec(c.ctx, query, args...)
	return tag.RowsAffected(), c.note(err)
}

// Query implements engine.Conn.
func (c *conn) Query(query string, args ...any) (engine.Rows, error) {
	r, err := c.conn.Query(c.ctx, query, args...)
	if err != nil {
		return nil, c.note(err)
	}
	return rows{r, c}, nil
}

// Row implements engine.Conn.
func (c *conn) Row(dest []any, query string, args ...any) error {
	return c.note(c.conn.QueryRow(c.ctx, query, args...).Scan(dest...))
}

// rows is rows over those of pgx.
type rows struct {
	pgx.Rows
	conn *conn
}

func (r rows) Scan(dest ...any) error { return r.conn.note(r.Rows.Scan(dest...)) }

func (r rows) Err() error { return r.conn.note(r.Rows.Err()) }

func (r rows) Close() error {
	r.Rows.Close()
	return nil
}

// Put implements engine.Conn: it inserts all rows by one statement, a column an array.
// Put implements engine.Conn.
func (c *conn) Put(into engine.Into, n int, values func(i int, to []any) []any) error {
	if n == 0 {
		return nil
	}
	arrays := columnsOf(len(into.Columns), n, values)
	c.batch.Queue(insert(into, arrays), arrays...).Exec(func(tag pgconn.CommandTag) error {
		if into.OnConflict == engine.Report && tag.RowsAffected() < int64(n) {
			return engine.ErrConflict
		}
		return nil
	})
	return nil
}

// Flush implements engine.Conn.
func (c *conn) Flush() error {
	if c.batch.Len() == 0 {
		return nil
	}
	batch := c.batch
	c.batch = pgx.Batch{}
	err := c.conn.SendBatch(c.ctx, &batch).Close()
	if errors.Is(err, engine.ErrConflict) {
		return engine.ErrConflict
	}
	return c.note(err)
}

// columnsOf turns rows into columns: one slice of int64, string or []byte each, as an array parameter wants it.
func columnsOf(columns, n int, values func(i int, to []any) []any) []any {
	arrays := make([]any, columns)
	row := make([]any, 0, columns)
	for i := range n {
		row = values(i, row[:0])
		for k, v := range row {
			arrays[k] = appendTo(arrays[k], v, n)
		}
	}
	return arrays
}

// appendTo appends a value to the slice of its kind, or starts one.
func appendTo(array, v any, room int) any {
	switch v := v.(type) {
	case int:
		return appendValue(array, int64(v), room)
	case int64:
		return appendValue(array, v, room)
	case string:
		return appendValue(array, v, room)
	case []byte:
		return appendValue(array, v, room)
	}
	panic(fmt.Sprintf("no column holds a %T", v))
}

func appendValue[T any](array any, v T, room int) any {
	s, ok := array.([]T)
	if !ok {
		s = make([]T, 0, room)
	}
	return append(s, v)
}

// insert is the statement that puts arrays as columns into the table.
func insert(t engine.Into, arrays []any) string {
	types := make([]string, len(arrays))
	for i, a := range arrays {
		types[i] = fmt.Sprintf("CAST($%d AS %s)", i+1, arrayType(a))
	}
	names := strings.Join(t.Columns, ", ")
	return "INSERT INTO " + t.Table + " (" + names + ") SELECT " + distinct(t) + "* FROM unnest(" + strings.Join(types,
		", ") +
		") AS n (" + names + ")" + t.ConflictClause()
}

func arrayType(a any) string {
	switch a.(type) {
	case []int64:
		return "BIGINT[]"
	case []string:
		return "TEXT[]"
	}
	return "BYTEA[]"
}

// distinct: a statement may not replace the same row twice.
func distinct(t engine.Into) string {
	if t.OnConflict == engine.Refuse || t.OnConflict == engine.Report {
		return ""
	}
	return "DISTINCT ON (" + strings.Join(t.Unique, ", ") + ") "
}

// copyIn puts rows by COPY, which is quick and knows nothing of rows that are there already: where there are, they are
// put as put does.
func (c *conn) copyIn(into engine.Into, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	if _, err := c.Exec("SAVEPOINT copying"); err != nil {
		return err
	}
	_, err := c.conn.CopyFrom(c.ctx, pgx.Identifier{into.Table}, into.Columns, pgx.CopyFromRows(rows))
	if sqlState(err) != uniqueViolation {
		if err == nil {
			_, err = c.Exec("RELEASE SAVEPOINT copying")
		}
		return c.note(err)
	}
	if _, err := c.Exec("ROLLBACK TO SAVEPOINT copying"); err != nil {
		return err
	}
	if err := c.Put(into, len(rows), func(i int, to []any) []any { return append(to, rows[i]...) }); err != nil {
		return err
	}
	return c.Flush()
}

const uniqueViolation = "23505"

// copying gathers what is put, to copy it in large pieces. Whatever else is done with the connection comes after it.
type copying struct {
	*conn
	tables []gathered
}

type gathered struct {
	into engine.Into
	rows [][]any
}

// Put implements engine.Conn.
func (c *copying) Put(into engine.Into, n int, values func(i int, to []any) []any) error {
	at := slices.IndexFunc(c.tables, func(g gathered) bool { return g.into.Table == into.Table })
	if at < 0 {
		at = len(c.tables)
		c.tables = append(c.tables, gathered{into: into})
	}
	g := &c.tables[at]
	for i := range n {
		g.rows = append(g.rows, values(i, make([]any, 0, len(into.Columns))))
	}
	return nil
}

// Flush implements engine.Conn.
func (c *copying) Flush() error {
	tables := c.tables
	c.tables = nil
	for _, g := range tables {
		if err := c.copyIn(g.into, g.rows); err != nil {
			return err
		}
	}
	return nil
}

// Exec implements engine.Conn.
func (c *copying) Exec(query string, args ...any) (int64, error) {
	if err := c.Flush(); err != nil {
		return 0, err
	}
	return c.conn.Exec(query, args...)
}

// Query implements engine.Conn.
func (c *copying) Query(query string, args ...any) (engine.Rows, error) {
	if err := c.Flush(); err != nil {
		return nil, err
	}
	return c.conn.Query(query, args...)
}

// Row implements engine.Conn.
func (c *copying) Row(dest []any, query string, args ...any) error {
	if err := c.Flush(); err != nil {
		return err
	}
	return c.conn.Row(dest, query, args...)
}
