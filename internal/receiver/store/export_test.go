package store

import (
	"context"
	"io/fs"
	"strings"
)

// Migrating is o for a program with other migrations, in the folders of this one.
func (o Options) Migrating(files fs.FS) Options {
	o.migrations = files
	return o
}

// SchemaText is the schema of a PostgreSQL database as it is, a line for each object: kind, table, name and definition,
// tabs between.
func (s *Store) SchemaText(ctx context.Context) (string, error) {
	var b strings.Builder
	err := s.view(ctx, func(t *tx) error {
		tables, err := list(t, scanText, "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename <> 'goose_db_version'")
		if err != nil {
			return err
		}
		indexes, err := list(t, scanText, "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()")
		if err != nil {
			return err
		}
		all, err := list(t, scanObject, pgObjects, tables, indexes)
		for _, o := range all {
			b.WriteString(strings.Join([]string{o.kind, o.table, o.name, o.text}, "\t") + "\n")
		}
		return err
	})
	return b.String(), err
}

func scanText(scan func(...any) error) (text string, err error) {
	err = scan(&text)
	return text, err
}

// Setting is what a setting of PostgreSQL is on a connection for reading.
func (s *Store) Setting(ctx context.Context, name string) (value string, err error) {
	err = s.view(ctx, func(t *tx) error { return t.row([]any{&value}, "SELECT current_setting($1)", name) })
	return value, err
}
