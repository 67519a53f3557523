package httpapi_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"io"
	"path/filepath"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
)

// cases and attempts are what is stored.
func (d *door) cases(t tester) []intake.Case {
	t.Helper()
	var cs []intake.Case
	err := d.store.View(context.Background(), func(tx intake.Tx) (err error) {
		cs, err = tx.Cases(intake.CaseFilter{})
		return err
	})
	if err != nil {
		t.Fatalf("%v", err)
	}
	return cs
}

func (d *door) attempts(t tester) (as []intake.Attempt) {
	t.Helper()
	err := d.store.View(context.Background(), func(tx intake.Tx) (err error) {
		as, err = tx.Attempts(intake.AttemptFilter{})
		return err
	})
	if err != nil {
		t.Fatalf("%v", err)
	}
	return as
}

// stored returns the body of an accepted case as the store keeps it.
func (d *door) stored(t tester, acceptID string) (body []byte, c intake.Case) {
	t.Helper()
	detail, err := casework.New(d.desk).CaseFile(context.Background(), intake.System, acceptID)
	if err != nil {
		t.Fatalf("%s: %v", acceptID, err)
	}
	err = d.store.View(context.Background(), func(tx intake.Tx) error {
		r, err := tx.OpenBody(detail.Case)
		if err != nil {
			return err
		}
		defer r.Close()
		body, err = io.ReadAll(r)
		return err
	})
	if err != nil {
		t.Fatalf("%s: %v", acceptID, err)
	}
	return body, detail.Case
}

// holdStored holds that a case is stored exactly as it was sent.
func (d *door) holdStored(t tester, acceptID string, sent []byte) {
	t.Helper()
	got, c := d.stored(t, acceptID)
	if !bytes.Equal(got, sent) || c.Bytes != int64(len(sent)) || c.SHA256 != sha256.Sum256(sent) {
		t.Errorf("%s: %d bytes were sent, %d are stored as %d", acceptID, len(sent), len(got), c.Bytes)
	}
}

// rows counts the rows of every table, by another connection to the file.
func (d *door) rows(t tester) map[string]int {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(d.dir, "diaoxiao.db")+"?mode=ro")
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer db.Close()
	names, err := db.Query("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer names.Close()
	counts := make(map[string]int)
	for names.Next() {
		var name string
		var n int
		if err := errors.Join(names.Scan(&name), db.QueryRow("SELECT COUNT(*) FROM "+name).Scan(&n)); err != nil {
			t.Fatalf("%v", err)
		}
		counts[name] = n
	}
	return counts
}

// grown are the tables that have more or fewer rows than before.
func (d *door) grown(t tester, before map[string]int) map[string]int {
	t.Helper()
	more := make(map[string]int)
	for name, n := range d.rows(t) {
		if n != before[name] {
			more[name] = n - before[name]
		}
	}
	return more
}
