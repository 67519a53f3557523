package store_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"diaoxiao/internal/receiver/store"
)

// olderThan is what a program without that migration and those after it is opened with.
func olderThan(t testing.TB, migration string) store.Options {
	t.Helper()
	files := fstest.MapFS{}
	ours, err := filepath.Glob("*/migrations/*.sql")
	if err != nil || len(ours) == 0 {
		t.Fatal(ours, err)
	}
	for _, file := range ours {
		if text, err := os.ReadFile(file); err != nil {
			t.Fatal(err)
		} else if filepath.Base(file) < migration {
			files[filepath.ToSlash(file)] = &fstest.MapFile{Data: text}
		}
	}
	return store.Options{Server: true}.Migrating(files)
}

// A database whose cases were verified before there was a worklist has one after the upgrade.
func TestWorklistOfOlderData(t *testing.T) {
	for name, place := range places() {
		t.Run(name, func(t *testing.T) {
			where := place(t)
			s, err := store.Open(t.Context(), where, olderThan(t, "00005"))
			if err != nil {
				t.Fatal(err)
			}
			// This program records the states of rows in a table that the older one did not have.
			engine := "sqlite"
			if store.IsURL(where) {
				engine = "postgres"
			}
			table, err := os.ReadFile(filepath.Join(engine, "migrations", "00033_row_digest.sql"))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := directly(t, where).Exec(string(table)); err != nil {
				t.Fatal(err)
			}
			casesIn(t, s, 5)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if _, err := directly(t, where).Exec("DROP TABLE row_digest"); err != nil {
				t.Fatal(err)
			}
			_, err = directly(t, where).Exec("INSERT INTO verification (case_no, epoch, verified_ms, rules, items, " +
				"severe, warnings, notices) VALUES (1, 0, 9, 0, 0, 1, 0, 9), (2, 0, 9, 0, 0, 0, 1, 9), " +
				"(3, 0, 9, 0, 0, 1, 1, 9), (4, 0, 9, 0, 0, 0, 0, 9)") // the fifth is not verified
			if err != nil {
				t.Fatal(err)
			}
			_, err = directly(t, where).Exec("INSERT INTO case_return (case_no, returned_ms, returned_by, reason) " +
				"VALUES (3, 1000, 'cli:x', '由')")
			if err != nil {
				t.Fatal(err)
			}
			openServer(t, where).Close()
			rows, err := directly(t, where).Query("SELECT CAST(kind AS TEXT) || ' ' || since || CAST(case_no AS " +
				"TEXT) FROM docket ORDER BY 1")
			if err != nil {
				t.Fatal(err)
			}
			defer rows.Close()
			var got []string
			for rows.Next() {
				var line string
				if err := rows.Scan(&line); err != nil {
					t.Fatal(err)
				}
				got = append(got, line)
			}
			equal(t, "docket", strings.Join(got, ", "), "1 1, 1 2, 7 1, 7 2, 7 4")
		})
	}
}
