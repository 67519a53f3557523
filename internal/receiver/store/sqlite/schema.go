package sqlite

import (
	"context"

	"diaoxiao/internal/receiver/store/engine"
	"diaoxiao/internal/receiver/store/schema"
)

// sqliteObjects are all objects but those that SQLite makes by itself: indexes of constraints, and its own tables.
const sqliteObjects = "SELECT type, tbl_name, name, COALESCE(sql, '') FROM sqlite_master" +
	" WHERE NOT (type = 'index' AND sql IS NULL AND name LIKE 'sqlite\\_autoindex\\_%' ESCAPE '\\')" +
	" AND name NOT IN ('sqlite_sequence', 'sqlite_stat1', 'sqlite_stat4') ORDER BY type, tbl_name, name"

// Objects implements engine.Engine: those of the file and those on record.
func (d *folder) Objects(ctx context.Context) (have, want []schema.Object, err error) {
	err = d.View(ctx, func(t engine.Conn) error {
		have, err = engine.List(t, scanObject, sqliteObjects)
		return err
	})
	return have, recordedObjects(script), err
}

func scanObject(scan func(...any) error) (o schema.Object, err error) {
	err = scan(&o.Kind, &o.Table, &o.Name, &o.Text)
	return o, err
}
