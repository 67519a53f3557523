package sqlite

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"strings"

	"diaoxiao/internal/receiver/store/schema"
)

// script makes a new database as the migrations make it: every object, every row that they put in, and the versions of
// the migrations. A line scriptMark begins each statement. A test writes it and holds it against a database that the
// migrations have made.
//
//go:embed schema.txt
var script string

// scriptMark begins the line before a statement of the script. After it come the kind of an object, its table and its
// name, or "rows" and a table.
const scriptMark = "--| "

// recordedObjects are the objects that a script makes, with their definitions to the letter.
func recordedObjects(script string) (all []schema.Object) {
	for block := range strings.SplitSeq("\n"+script, "\n"+scriptMark) {
		head, text, _ := strings.Cut(block, "\n")
		if of := strings.Split(head, " "); len(of) == 3 {
			all = append(all, schema.Object{Kind: of[0], Table: of[1], Name: of[2],
				Text: strings.TrimSuffix(strings.TrimSuffix(text, "\n"), ";")})
		}
	}
	return all
}

// isCurrent reports whether the schema of a database is the newest that this program knows. It makes that of an empty
// one.
func isCurrent(ctx context.Context, db *sql.DB) (bool, error) {
	var versioned bool
	err := db.QueryRowContext(ctx, "SELECT COUNT(*) > 0 FROM sqlite_master "+
		"WHERE name = 'goose_db_version'").Scan(&versioned)
	if err != nil {
		return false, err
	}
	if !versioned {
		return makeNew(ctx, db)
	}
	var have int64
	err = db.QueryRowContext(ctx, "SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version").Scan(&have)
	return have == migrations().Newest(), err
}

// makeNew makes the schema of an empty database from the script, in one transaction: as durable as the migrations, and
// many times quicker. It reports false and changes nothing where the database is not empty.
func makeNew(ctx context.Context, db *sql.DB) (made bool, err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return false, err
	}
	var objects int
	err = conn.QueryRowContext(ctx, "SELECT COUNT(*) FROM sqlite_master").Scan(&objects)
	if err == nil && objects == 0 {
		_, err = conn.ExecContext(ctx, script)
	}
	if err == nil {
		_, err = conn.ExecContext(ctx, "COMMIT")
	}
	if err != nil {
		conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK") // fails where SQLite has rolled back by itself
		return false, err
	}
	return objects == 0, nil
}
