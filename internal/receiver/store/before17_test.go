package store_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"testing/fstest"

	"diaoxiao/internal/receiver/store"
)

// before17 opens a place with the migrations up to 16 alone, as the program did that had no firms and no proposals, and
// puts the rows there that it wrote: testdata/before17.sql was dumped from its database.
func before17(t *testing.T, place string, then ...string) {
	t.Helper()
	files := fstest.MapFS{}
	ours, err := filepath.Glob("*/migrations/000[01]*.sql")
	if err != nil || len(ours) == 0 {
		t.Fatal(ours, err)
	}
	for _, file := range ours {
		if filepath.Base(file) < "00017" {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			files[filepath.ToSlash(file)] = &fstest.MapFile{Data: text}
		}
	}
	s, err := store.Open(t.Context(), place, store.Options{}.Migrating(files))
	if err != nil {
		t.Fatal(err)
	}
	shut(t, s)
	db := directly(t, place)
	defer db.Close()
	text, err := os.ReadFile("testdata/before17.sql")
	if err != nil {
		t.Fatal(err)
	}
	load(t, db, string(text), store.IsURL(place))
	for _, q := range then {
		execute(t, db, q)
	}
}

var (
	blob  = regexp.MustCompile(`X'([0-9a-f]*)'`)
	table = regexp.MustCompile(`(?m)^INSERT INTO (\w+) \((\w+)`)
)

// load puts the rows in place of those that the migrations put there.
func load(t *testing.T, db *sql.DB, text string, postgres bool) {
	t.Helper()
	if postgres {
		text = blob.ReplaceAllString(text, `'\x$1'`)
	}
	keys := map[string]string{}
	for _, m := range table.FindAllStringSubmatch(text, -1) {
		keys[m[1]] = m[2]
	}
	for _, seeded := range []string{"epoch", "origin", "compatible"} {
		execute(t, db, "DELETE FROM "+seeded)
	}
	execute(t, db, text)
	if !postgres {
		return
	}
	for name, key := range keys {
		var sequence sql.NullString
		err := db.QueryRow("SELECT pg_get_serial_sequence($1, $2)", name, key).Scan(&sequence)
		if err != nil {
			t.Fatal(err)
		}
		if sequence.Valid {
			execute(t, db, fmt.Sprintf("SELECT setval('%s', (SELECT MAX(%s) FROM %s))", sequence.String, key, name))
		}
	}
}

func execute(t *testing.T, db *sql.DB, q string) {
	t.Helper()
	if _, err := db.Exec(q); err != nil {
		t.Fatalf("%.200s: %v", q, err)
	}
}
