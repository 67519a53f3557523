package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/pressly/goose/v3"
)

// sqliteObjects are all objects but those that SQLite makes by itself: indexes of constraints, and its own tables.
const sqliteObjects = "SELECT type, tbl_name, name, COALESCE(sql, '') FROM sqlite_master" +
	" WHERE NOT (type = 'index' AND sql IS NULL AND name LIKE 'sqlite\\_autoindex\\_%' ESCAPE '\\')" +
	" AND name NOT IN ('sqlite_sequence', 'sqlite_stat1', 'sqlite_stat4') ORDER BY type, tbl_name, name"

// objects are those of the file and those of an empty database after the migrations.
func (d *folder) objects(ctx context.Context) (have, want []object, newer bool, err error) {
	var version int64
	err = d.view(ctx, func(t *tx) error {
		have, err = list(t, scanObject, sqliteObjects)
		if err != nil {
			return err
		}
		return t.row([]any{&version}, "SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version")
	})
	if err != nil {
		return nil, nil, false, err
	}
	newest, err := newestMigration()
	if err != nil {
		return nil, nil, false, err
	}
	want, err = sqliteWanted(ctx)
	return have, want, version > newest, err
}

func scanObject(scan func(...any) error) (o object, err error) {
	err = scan(&o.kind, &o.table, &o.name, &o.text)
	return o, err
}

// sqliteWanted makes a database in memory by the migrations and lists its objects.
func sqliteWanted(ctx context.Context) (want []object, err error) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	if _, err := (Options{}).migrate(ctx, db, goose.DialectSQLite3, "migrations/sqlite", nil); err != nil {
		return nil, err
	}
	rows, err := db.QueryContext(ctx, sqliteObjects)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		o, err := scanObject(rows.Scan)
		if err != nil {
			return nil, err
		}
		want = append(want, o)
	}
	return want, rows.Err()
}
