package pgtest

import (
	"bytes"
	"context"
	"crypto/rand"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

// Database makes a new, empty database and returns its URL. In a shared server it is dropped at the end of the test,
// whoever is still connected; a server of the test's own takes it along.
func (s *Server) Database(t testing.TB) string {
	t.Helper()
	name := "test_" + strings.ToLower(rand.Text()[:12])
	s.SQL(t, "postgres", "create database "+name)
	if s.shared {
		t.Cleanup(func() { s.SQL(t, "postgres", "drop database "+name+" with (force)") })
	}
	return s.URL(name)
}

// SQL runs statements in a database and returns the rows of the last as psql -At shows them: a row a line, | between
// columns, nothing for null. It fails the test on an error, and after a minute.
func (s *Server) SQL(t testing.TB, db, statements string) string {
	t.Helper()
	// not the test's: cleaning up comes after its end
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	text, err := query(ctx, s.URL(db), statements)
	if err != nil {
		t.Fatalf("PostgreSQL on port %d: %s: %v", s.port, statements, err)
	}
	return text
}

// query runs statements and returns the rows of the last.
func query(ctx context.Context, url, statements string) (string, error) {
	c, err := pgconn.Connect(ctx, url)
	if err != nil {
		return "", err
	}
	defer c.Close(ctx)
	results, err := c.Exec(ctx, statements).ReadAll()
	if err != nil || len(results) == 0 {
		return "", err
	}
	return table(results[len(results)-1].Rows), nil
}

func table(rows [][][]byte) string {
	lines := make([][]byte, len(rows))
	for i, row := range rows {
		lines[i] = bytes.Join(row, []byte("|"))
	}
	return string(bytes.Join(lines, []byte("\n")))
}
