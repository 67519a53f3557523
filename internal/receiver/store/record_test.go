package store

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"diaoxiao/internal/pgtest"
	"diaoxiao/internal/receiver/store/engine"
	"diaoxiao/internal/receiver/store/schema"
)

// schemaQuery lists the columns of every table as lines "table column primary", those of the primary key with their
// place in it, others with 0.
var schemaQuery = map[string]string{
	"sqlite": `SELECT m.name || ' ' || c.name || ' ' || c.pk FROM sqlite_schema m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid`,
	"postgres": `SELECT c.table_name || ' ' || c.column_name || ' ' || COALESCE(k.ordinal_position, 0)
		FROM information_schema.columns c
		LEFT JOIN information_schema.table_constraints p ON p.table_name = c.table_name
			AND p.constraint_type = 'PRIMARY KEY'
		LEFT JOIN information_schema.key_column_usage k ON k.constraint_name = p.constraint_name
			AND k.column_name = c.column_name
		WHERE c.table_schema = 'public' ORDER BY c.table_name, c.ordinal_position`,
}

// made is a table as a database has it.
type made struct{ Columns, Key []string }

// The registry has every table that the migrations make, with its columns and its key, and no other.
func TestTablesAreTheSchema(t *testing.T) {
	for name, place := range map[string]string{"sqlite": t.TempDir(), "postgres": pgtest.Shared(t).Database(t)} {
		want := make(map[string]made)
		for _, table := range schema.All() {
			if table.Engine == "" || table.Engine == name {
				want[table.Name] = made{table.Columns, table.PrimaryKey()}
			}
		}
		if diff := cmp.Diff(tablesOf(t, place, schemaQuery[name]), want); diff != "" {
			t.Errorf("%s: what the migrations make (-) is not the registry (+): %s", name, diff)
		}
	}
}

// tablesOf are the tables of a new database.
func tablesOf(t *testing.T, place, query string) map[string]made {
	t.Helper()
	s, err := Open(t.Context(), place, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	tables := make(map[string]made)
	err = s.view(t.Context(), func(h *handle) error {
		lines, err := engine.Values[string](h, query)
		for _, l := range lines {
			f := strings.Fields(l)
			m := tables[f[0]]
			m.Columns = append(m.Columns, f[1])
			if f[2] != "0" {
				m.Key = append(m.Key, f[1])
			}
			tables[f[0]] = m
		}
		return err
	})
	if err != nil || len(tables) < 10 {
		t.Fatal(err, tables)
	}
	return tables
}

// The engines number their migrations alike, so that a copy can tell a schema that is not its own.
func TestMigrationsOfEngines(t *testing.T) {
	names := func(engine string) (names []string) {
		files, err := filepath.Glob(engine + "/migrations/*.sql")
		if err != nil || len(files) < 10 {
			t.Fatal(files, err)
		}
		for _, f := range files {
			names = append(names, filepath.Base(f))
		}
		return names
	}
	if sqlite, postgres := names("sqlite"), names("postgres"); !slices.Equal(sqlite, postgres) {
		t.Errorf("%q, %q", sqlite, postgres)
	}
}
