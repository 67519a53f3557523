package postgres

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"diaoxiao/internal/pgtest"
	"diaoxiao/internal/receiver/store/engine"
)

var updateSchema = flag.Bool("update-schema", false, "write schema.txt as the migrations make it")

// recordedSchema is the file of recorded.
const recordedSchema = "schema.txt"

// TestMain leaves no server behind.
func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// The schema on record is the one that the migrations make.
func TestSchemaOnRecord(t *testing.T) {
	c := opened(t)
	var b strings.Builder
	if err := c.View(t.Context(), func(conn engine.Conn) error { return writeSchema(conn, &b) }); err != nil {
		t.Fatal(err)
	}
	made := b.String()
	if *updateSchema {
		if err := os.WriteFile(recordedSchema, []byte(made), 0o644); err != nil {
			t.Fatal(err)
		}
		return // the program under test holds the record of before
	}
	if diff := cmp.Diff(recorded, made); diff != "" {
		t.Errorf("go test ./internal/receiver/store/postgres -run SchemaOnRecord -update-schema writes it: %s", diff)
	}
	if !strings.Contains(made, "table\taudit\t") || !strings.Contains(made, "index\tcases\t") {
		t.Errorf("it has no audit or no index of cases:\n%s", made)
	}
}

// opened is a new database. A server would refuse one whose schema is not on record.
func opened(t *testing.T) *cluster {
	t.Helper()
	c, err := open(t.Context(), pgtest.Shared(t).Database(t), engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// writeSchema writes a line for each object: kind, table, name and definition, tabs between.
func writeSchema(c engine.Conn, b *strings.Builder) error {
	tables, err := engine.Values[string](c, "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() "+
		"AND tablename <> 'goose_db_version'")
	if err != nil {
		return err
	}
	indexes, err := engine.Values[string](c, "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()")
	if err != nil {
		return err
	}
	all, err := engine.List(c, scanObject, objectsQuery, tables, indexes)
	for _, o := range all {
		b.WriteString(strings.Join([]string{o.Kind, o.Table, o.Name, o.Text}, "\t") + "\n")
	}
	return err
}
