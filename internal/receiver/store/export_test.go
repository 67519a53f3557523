package store

import (
	"context"
	"fmt"
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
	err := s.view(ctx, func(t *handle) error {
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

// Record is the script that makes an SQLite database as this one is.
func (s *Store) Record(ctx context.Context) (string, error) {
	var b strings.Builder
	err := s.view(ctx, func(t *handle) error {
		objects, err := list(t, scanObject, `SELECT type, tbl_name, name, sql FROM sqlite_master
			WHERE sql IS NOT NULL AND name NOT IN ('sqlite_sequence', 'sqlite_stat1', 'sqlite_stat4') ORDER BY rowid`)
		if err != nil {
			return err
		}
		for _, o := range objects {
			fmt.Fprintf(&b, "%s%s %s %s\n%s;\n", recordMark, o.kind, o.table, o.name, o.text)
		}
		for _, o := range objects {
			if o.kind != "table" {
				continue
			}
			if err := recordRows(t, &b, o.name); err != nil {
				return err
			}
		}
		return nil
	})
	return b.String(), err
}

// recordRows adds the rows of a table to a record, but for what goose has numbered and dated by itself.
func recordRows(t *handle, b *strings.Builder, table string) error {
	columns, err := list(t, scanText, `SELECT name FROM pragma_table_info($1) WHERE name <> 'tstamp'
		AND NOT ($2 = 'goose_db_version' AND name = 'id') ORDER BY cid`, table, table)
	if err != nil {
		return err
	}
	names := strings.Join(columns, ", ")
	rows, err := list(t, scanText, fmt.Sprintf("SELECT quote(%s) FROM %s ORDER BY %s", strings.Join(columns, ") || ', ' || quote("), table,
		columns[0]))
	if err != nil || len(rows) == 0 {
		return err
	}
	fmt.Fprintf(b, "%srows %s\nINSERT INTO %s (%s) VALUES (%s);\n", recordMark, table, table, names, strings.Join(rows, "), ("))
	return nil
}

func scanText(scan func(...any) error) (text string, err error) {
	err = scan(&text)
	return text, err
}

// Setting is what a setting of PostgreSQL is on a connection for reading.
func (s *Store) Setting(ctx context.Context, name string) (value string, err error) {
	err = s.view(ctx, func(t *handle) error { return t.row([]any{&value}, "SELECT current_setting($1)", name) })
	return value, err
}
