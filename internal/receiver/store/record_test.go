package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"diaoxiao/internal/pgtest"
)

// schemaQuery lists the columns of every table as lines "table column primary", those of the primary key with their
// place in it, others with 0.
var schemaQuery = map[string]string{
	"sqlite": `SELECT m.name || ' ' || c.name || ' ' || c.pk FROM sqlite_schema m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid`,
	"postgres": `SELECT c.table_name || ' ' || c.column_name || ' ' || COALESCE(k.ordinal_position, 0) FROM information_schema.columns c
		LEFT JOIN information_schema.table_constraints p ON p.table_name = c.table_name AND p.constraint_type = 'PRIMARY KEY'
		LEFT JOIN information_schema.key_column_usage k ON k.constraint_name = p.constraint_name AND k.column_name = c.column_name
		WHERE c.table_schema = 'public' ORDER BY c.table_name, c.ordinal_position`,
}

// A copy moves every table that a migration makes, whole and in order of its key, or says why it does not.
func TestRecordsAreTheSchema(t *testing.T) {
	for name, place := range map[string]string{"sqlite": t.TempDir(), "postgres": pgtest.Shared(t).Database(t)} {
		s, err := Open(t.Context(), place, Options{})
		if err != nil {
			t.Fatal(err)
		}
		columns, keys := make(map[string][]string), make(map[string][]string)
		err = s.view(t.Context(), func(t *handle) error {
			lines, err := list(t, func(scan func(...any) error) (l string, err error) { err = scan(&l); return l, err }, schemaQuery[name])
			for _, l := range lines {
				f := strings.Fields(l)
				columns[f[0]] = append(columns[f[0]], f[1])
				if f[2] != "0" {
					keys[f[0]] = append(keys[f[0]], f[1])
				}
			}
			return err
		})
		if err = errors.Join(err, s.Close()); err != nil || len(columns) < 10 {
			t.Fatal(err, columns)
		}
		for _, r := range records {
			if diff := cmp.Diff(columns[r.name], r.columns) + cmp.Diff(keys[r.name], r.unique); diff != "" {
				t.Errorf("%s: %s is not as records has it: %s", name, r.name, diff)
			}
			delete(columns, r.name)
		}
		for table := range columns {
			if !slices.Contains(notRecords, table) {
				t.Errorf("%s: table %s is neither in records nor in notRecords", name, table)
			}
		}
	}
}

// The engines number their migrations alike, so that a copy can tell a schema that is not its own.
func TestMigrationsOfEngines(t *testing.T) {
	newest, err := newestMigration()
	if err != nil || newest == 0 {
		t.Fatal(newest, err)
	}
	names := func(engine string) (names []string) {
		files, err := fs.Glob(migrations, "migrations/"+engine+"/*.sql")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			names = append(names, path.Base(f))
		}
		return names
	}
	sqlite, postgres := names("sqlite"), names("postgres")
	if !slices.Equal(sqlite, postgres) || !strings.HasPrefix(sqlite[len(sqlite)-1], fmt.Sprintf("%05d_", newest)) {
		t.Errorf("%q, %q, %d", sqlite, postgres, newest)
	}
}

// A program of PostgreSQL that is missing or older than the server is named with the package that has it.
func TestToolMissing(t *testing.T) {
	ctx := t.Context()
	s, err := Open(ctx, pgtest.Shared(t).Database(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	c := s.engine.(*cluster)
	p, err := c.findPrimary(ctx)
	if err != nil || p.major < 15 {
		t.Fatal(p, err)
	}
	dir := t.TempDir()
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	if err := os.WriteFile(filepath.Join(dir, "pg_older"), []byte("#!/bin/sh\necho 'pg_older (PostgreSQL) 9.6.24'\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"pg_missing": "没有找到 pg_missing；请安装 postgresql-client-", "pg_older": "pg_older 的版本为9，旧于数据库服务器的"} {
		if _, err := c.find(ctx, name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	found, err := c.find(context.WithoutCancel(ctx), "pg_dump")
	if err != nil || slices.ContainsFunc(found.env, func(v string) bool { return strings.HasPrefix(v, "PGHOSTADDR=") }) {
		t.Error(found.path, err)
	}
}
