package sqliteconn

import (
	"database/sql"
	"fmt"
	"testing"

	_ "modernc.org/sqlite"
)

// Parameters that could be bound to the wrong value are refused before anything runs.
func TestRebind(t *testing.T) {
	for in, want := range map[string]string{
		"":                           "",
		"SELECT 1":                   "SELECT 1",
		"a = $1 AND b = $2 OR c=$3)": "a = ? AND b = ? OR c=?)",
		"$1$2$3$4$5$6$7$8$9$10$11":   "???????????",
	} {
		if got := rebind(in); got != want {
			t.Errorf("%q became %q", in, got)
		}
	}
	for _, wrong := range []string{"$2", "$1 $1", "$1 $3", "$", "$10", "$x"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q passed", wrong)
				}
			}()
			rebind(wrong)
		}()
	}
}

// Statements of many forms are not kept for ever, and those that are wanted again are prepared again.
func TestTrim(t *testing.T) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	c, err := New(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for i := range 30 {
		if err := c.Trim(10); err != nil {
			t.Fatal(err)
		}
		var n int
		if err := c.Row([]any{&n}, fmt.Sprintf("SELECT %d", i%15)); err != nil || n != i%15 || len(c.stmts) > 11 {
			t.Fatalf("%d: %d, %d statements, %v", i, n, len(c.stmts), err)
		}
	}
}
