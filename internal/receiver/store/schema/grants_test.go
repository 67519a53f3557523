package schema_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"diaoxiao/internal/receiver/store/schema"
)

// The rights of the role of a node, table by table, are those that deploy/grants.sql leaves it.
func TestGrants(t *testing.T) {
	text, err := os.ReadFile("../../../../deploy/grants.sql")
	if err != nil {
		t.Fatal(err)
	}
	taken := make(map[string]schema.Rights)
	for what, rights := range map[string]schema.Rights{"UPDATE, DELETE": schema.Append,
		"INSERT, UPDATE, DELETE": schema.Read, "UPDATE": schema.Forget} {
		m := regexp.MustCompile(`(?m)^REVOKE ` + what + ` ON ([a-z_,\s]+) FROM diaoxiao;`).FindSubmatch(text)
		if m == nil {
			t.Fatalf("no REVOKE %s", what)
		}
		for name := range strings.SplitSeq(string(m[1]), ",") {
			taken[strings.TrimSpace(name)] = rights
		}
	}
	want := make(map[string]schema.Rights)
	for _, table := range schema.All() {
		if table.Rights != schema.Change {
			want[table.Name] = table.Rights
		}
	}
	if diff := cmp.Diff(want, taken); diff != "" {
		t.Errorf("the registry (-) is not deploy/grants.sql (+): %s", diff)
	}
}

// Each table is there once, with a kind and a key.
func TestTables(t *testing.T) {
	seen := make(map[string]bool)
	for _, table := range schema.All() {
		if seen[table.Name] {
			t.Errorf("%s is there twice", table.Name)
		}
		seen[table.Name] = true
		if table.Kind == 0 || table.Key < 1 || table.Key > len(table.Columns) {
			t.Errorf("%s has kind %d and a key of %d of %d columns", table.Name, table.Kind, table.Key,
				len(table.Columns))
		}
	}
}
