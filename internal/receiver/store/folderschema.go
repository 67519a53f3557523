package store

import (
	"context"
)

// sqliteObjects are all objects but those that SQLite makes by itself: indexes of constraints, and its own tables.
const sqliteObjects = "SELECT type, tbl_name, name, COALESCE(sql, '') FROM sqlite_master" +
	" WHERE NOT (type = 'index' AND sql IS NULL AND name LIKE 'sqlite\\_autoindex\\_%' ESCAPE '\\')" +
	" AND name NOT IN ('sqlite_sequence', 'sqlite_stat1', 'sqlite_stat4') ORDER BY type, tbl_name, name"

// objects are those of the file and those on record.
func (d *folder) objects(ctx context.Context) (have, want []object, newer bool, err error) {
	var version int64
	err = d.view(ctx, func(t *handle) error {
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
	return have, recordedObjects(sqliteRecord), version > newest, nil
}

func scanObject(scan func(...any) error) (o object, err error) {
	err = scan(&o.kind, &o.table, &o.name, &o.text)
	return o, err
}
