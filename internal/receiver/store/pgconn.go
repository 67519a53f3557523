package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// pgConn is conn over PostgreSQL within one transaction. What is put goes to the server together with the next flush,
// for each statement by itself would cost a round trip.
type pgConn struct {
	ctx    context.Context
	end    context.CancelFunc // of ctx
	conn   *pgx.Conn
	batch  pgx.Batch
	failed bool
}

// note remembers that PostgreSQL goes on with nothing but a rollback after an error.
func (c *pgConn) note(err error) error {
	err = driverError(err)
	if err != nil && err != pgx.ErrNoRows {
		c.failed = true
	}
	return err
}

func (c *pgConn) broken() bool { return c.failed }

func (c *pgConn) exec(query string, args ...any) (int64, error) {
	tag, err := c.conn.Exec(c.ctx, query, args...)
	return tag.RowsAffected(), c.note(err)
}

func (c *pgConn) query(query string, args ...any) (rows, error) {
	r, err := c.conn.Query(c.ctx, query, args...)
	if err != nil {
		return nil, c.note(err)
	}
	return pgRows{r, c}, nil
}

func (c *pgConn) row(dest []any, query string, args ...any) error {
	return c.note(c.conn.QueryRow(c.ctx, query, args...).Scan(dest...))
}

// pgRows is rows over those of pgx.
type pgRows struct {
	pgx.Rows
	conn *pgConn
}

func (r pgRows) Scan(dest ...any) error { return r.conn.note(r.Rows.Scan(dest...)) }

func (r pgRows) Err() error { return r.conn.note(r.Rows.Err()) }

func (r pgRows) Close() error {
	r.Rows.Close()
	return nil
}

// put inserts all rows by one statement, a column an array.
func (c *pgConn) put(into table, n int, values func(i int, to []any) []any) error {
	if n == 0 {
		return nil
	}
	arrays := columnsOf(len(into.columns), n, values)
	c.batch.Queue(into.insert(arrays), arrays...).Exec(func(tag pgconn.CommandTag) error {
		if into.taken == tell && tag.RowsAffected() < int64(n) {
			return errTaken
		}
		return nil
	})
	return nil
}

func (c *pgConn) flush() error {
	if c.batch.Len() == 0 {
		return nil
	}
	batch := c.batch
	c.batch = pgx.Batch{}
	err := c.conn.SendBatch(c.ctx, &batch).Close()
	if errors.Is(err, errTaken) {
		return errTaken
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
func (t table) insert(arrays []any) string {
	types := make([]string, len(arrays))
	for i, a := range arrays {
		types[i] = fmt.Sprintf("CAST($%d AS %s)", i+1, arrayType(a))
	}
	names := strings.Join(t.columns, ", ")
	return "INSERT INTO " + t.name + " (" + names + ") SELECT " + t.distinct() + "* FROM unnest(" + strings.Join(types, ", ") + ") AS n (" + names + ")" + t.onConflict()
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
func (t table) distinct() string {
	if t.taken == refuse || t.taken == tell {
		return ""
	}
	return "DISTINCT ON (" + strings.Join(t.unique, ", ") + ") "
}

func (t table) onConflict() string {
	unique := strings.Join(t.unique, ", ")
	switch t.taken {
	case ignore, tell:
		return " ON CONFLICT (" + unique + ") DO NOTHING"
	case replace:
		var set []string
		for _, name := range t.columns {
			if !slices.Contains(t.unique, name) {
				set = append(set, name+" = excluded."+name)
			}
		}
		return " ON CONFLICT (" + unique + ") DO UPDATE SET " + strings.Join(set, ", ")
	}
	return ""
}

// copyIn puts rows by COPY, which is quick and knows nothing of rows that are there already: where there are, they are
// put as put does.
func (c *pgConn) copyIn(into table, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	if _, err := c.exec("SAVEPOINT copying"); err != nil {
		return err
	}
	_, err := c.conn.CopyFrom(c.ctx, pgx.Identifier{into.name}, into.columns, pgx.CopyFromRows(rows))
	if sqlState(err) != uniqueViolation {
		if err == nil {
			_, err = c.exec("RELEASE SAVEPOINT copying")
		}
		return c.note(err)
	}
	if _, err := c.exec("ROLLBACK TO SAVEPOINT copying"); err != nil {
		return err
	}
	if err := c.put(into, len(rows), func(i int, to []any) []any { return append(to, rows[i]...) }); err != nil {
		return err
	}
	return c.flush()
}

const uniqueViolation = "23505"

// copying gathers what is put, to copy it in large pieces. Whatever else is done with the connection comes after it.
type copying struct {
	*pgConn
	tables []gathered
}

type gathered struct {
	into table
	rows [][]any
}

func (c *copying) put(into table, n int, values func(i int, to []any) []any) error {
	at := slices.IndexFunc(c.tables, func(g gathered) bool { return g.into.name == into.name })
	if at < 0 {
		at = len(c.tables)
		c.tables = append(c.tables, gathered{into: into})
	}
	g := &c.tables[at]
	for i := range n {
		g.rows = append(g.rows, values(i, make([]any, 0, len(into.columns))))
	}
	return nil
}

func (c *copying) flush() error {
	tables := c.tables
	c.tables = nil
	for _, g := range tables {
		if err := c.copyIn(g.into, g.rows); err != nil {
			return err
		}
	}
	return nil
}

func (c *copying) exec(query string, args ...any) (int64, error) {
	if err := c.flush(); err != nil {
		return 0, err
	}
	return c.pgConn.exec(query, args...)
}

func (c *copying) query(query string, args ...any) (rows, error) {
	if err := c.flush(); err != nil {
		return nil, err
	}
	return c.pgConn.query(query, args...)
}

func (c *copying) row(dest []any, query string, args ...any) error {
	if err := c.flush(); err != nil {
		return err
	}
	return c.pgConn.row(dest, query, args...)
}
