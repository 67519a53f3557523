package sqlite

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"diaoxiao/internal/receiver/store/engine"
)

var updateSchema = flag.Bool("update-schema", false, "write schema.txt as the migrations make it")

// recordedScript is the file of script.
const recordedScript = "schema.txt"

// The script on record makes what the migrations make, with the same rows.
func TestSchemaOnRecord(t *testing.T) {
	made := scriptOf(t, engine.Options{Migrations: os.DirFS("..")})
	if *updateSchema {
		if err := os.WriteFile(recordedScript, []byte(made), 0o644); err != nil {
			t.Fatal(err)
		}
		return // the program under test holds the script of before
	}
	for what, got := range map[string]string{"the migrations make": made, "a new folder has": scriptOf(t,
		engine.Options{})} {
		if diff := cmp.Diff(script, got); diff != "" {
			t.Errorf("%s (go test ./internal/receiver/store/sqlite -run SchemaOnRecord -update-schema writes it): %s",
				what, diff)
		}
	}
	for _, part := range []string{"\nCREATE TABLE audit (", "\nCREATE INDEX case_event_case ", "\nINSERT INTO epoch "} {
		if !strings.Contains(made, part) {
			t.Errorf("it has no %q:\n%s", part, made)
		}
	}
}

// scriptOf is the script that makes a new folder as it is.
func scriptOf(t *testing.T, o engine.Options) string {
	t.Helper()
	d, err := open(t.Context(), t.TempDir(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	var b strings.Builder
	if err := d.View(t.Context(), func(c engine.Conn) error { return writeScript(c, &b) }); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func writeScript(c engine.Conn, b *strings.Builder) error {
	objects, err := engine.List(c, scanObject, `SELECT type, tbl_name, name, sql FROM sqlite_master
		WHERE sql IS NOT NULL AND name NOT IN ('sqlite_sequence', 'sqlite_stat1', 'sqlite_stat4') ORDER BY rowid`)
	if err != nil {
		return err
	}
	for _, o := range objects {
		fmt.Fprintf(b, "%s%s %s %s\n%s;\n", scriptMark, o.Kind, o.Table, o.Name, o.Text)
	}
	for _, o := range objects {
		if o.Kind != "table" {
			continue
		}
		if err := writeRows(c, b, o.Name); err != nil {
			return err
		}
	}
	return nil
}

// writeRows adds the rows of a table, but for what goose has numbered and dated by itself.
func writeRows(c engine.Conn, b *strings.Builder, table string) error {
	columns, err := engine.Values[string](c, `SELECT name FROM pragma_table_info($1) WHERE name <> 'tstamp'
		AND NOT ($2 = 'goose_db_version' AND name = 'id') ORDER BY cid`, table, table)
	if err != nil {
		return err
	}
	rows, err := engine.Values[string](c, fmt.Sprintf("SELECT quote(%s) FROM %s ORDER BY %s",
		strings.Join(columns, ") || ', ' || quote("), table, columns[0]))
	if err != nil || len(rows) == 0 {
		return err
	}
	fmt.Fprintf(b, "%srows %s\nINSERT INTO %s (%s) VALUES (%s);\n", scriptMark, table, table, strings.Join(columns,
		", "),
		strings.Join(rows, "), ("))
	return nil
}
