package store_test

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"diaoxiao/internal/pgtest"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
)

// dumped is a backup of a database with some cases.
func dumped(t *testing.T) (place, backup string) {
	t.Helper()
	place = stocked(t, pgtest.Shared(t).Database(t))
	s := openServer(t, place)
	backup = filepath.Join(t.TempDir(), "b.dump")
	if err := s.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	s.Close()
	return place, backup
}

// A backup that was broken off leaves nothing that looks like one, and pg_dump does not go on.
func TestDumpBrokenOff(t *testing.T) {
	place := pgtest.Shared(t).Database(t)
	s := openServer(t, place)
	db := directly(t, place)
	held, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	if _, err := held.ExecContext(t.Context(), "BEGIN; LOCK TABLE audit IN ACCESS EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	path, done := filepath.Join(t.TempDir(), "b.dump"), make(chan error, 1)
	go func() { done <- s.Backup(ctx, path) }()
	awaitLocks(t, db, 1)
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("left behind: %v", err)
	}
	awaitLocks(t, db, 0)
}

// A restore that was broken off, or whose last transaction was, leaves a database that is empty or that nobody can
// write in.
func TestRestoreBrokenOff(t *testing.T) {
	_, backup := dumped(t)
	place := pgtest.Shared(t).Database(t)
	broken := errors.New("broken")
	err := store.Restore(t.Context(), backup, place, store.Options{}, func(tx intake.Tx) error {
		if err := tx.InsertGap(intake.Gap{From: 51, To: 60}); err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) {
		t.Fatal(err)
	}
	if _, err := store.Open(t.Context(), place, store.Options{Server: true}); !errors.Is(err, store.ErrUnfinished) {
		t.Errorf("opened: %v", err)
	}
	if err := store.Restore(t.Context(), backup, place, store.Options{}, asItIs); !errors.Is(err, store.ErrNotEmpty) {
		t.Errorf("restored over it: %v", err)
	}
	again := pgtest.Shared(t).Database(t)
	cut := filepath.Join(t.TempDir(), "cut.dump")
	text, err := os.ReadFile(backup)
	if err == nil {
		err = os.WriteFile(cut, text[:len(text)-len(text)/3], 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Restore(t.Context(), cut, again, store.Options{}, asItIs); err == nil {
		t.Error("a backup that was cut was restored")
	}
	if err := store.Restore(t.Context(), backup, again, store.Options{}, asItIs); err != nil {
		t.Errorf("after one that failed: %v", err)
	}
	s := openServer(t, again)
	equal(t, "next case", accept(t, s, read(t, s, intake.Tx.Apps)[0].ID, "next", []byte("x")).No, int64(51))
	addApp(t, s, "another")
}

// awaitLocks waits until so many connections of pg_dump wait for a lock.
func awaitLocks(t *testing.T, db *sql.DB, want int) {
	t.Helper()
	for range 3000 {
		var n int
		err := db.QueryRow(`SELECT COUNT(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
			WHERE d.datname = current_database() AND NOT l.granted`).Scan(&n)
		if err != nil {
			t.Fatal(err)
		}
		if n == want {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("not %d", want)
}

// Nobody is signed in, and no one-time link works, in what was restored; a dump does not even hold them.
func TestRestoredVisits(t *testing.T) {
	for name, place := range places() {
		t.Run(name, func(t *testing.T) {
			s := openServer(t, stocked(t, place(t)))
			backup, back := filepath.Join(t.TempDir(), "b"), place(t)
			if err := s.Backup(t.Context(), backup); err != nil {
				t.Fatal(err)
			}
			held := ""
			err := store.Restore(t.Context(), backup, back, store.Options{}, func(tx intake.Tx) error {
				for _, token := range []string{"link", "first link"} {
					if _, err := tx.Invitation(intake.HashToken(token)); err == nil {
						held += token + " "
					}
				}
				if _, err := tx.Visit(intake.HashToken("visit")); err == nil {
					held += "visit "
				}
				if _, err := tx.RevealedUntil(intake.HashToken("visit"), 3); err == nil {
					held += "reveal"
				}
				return intake.Restored(tx, time.Now(), "cli:x", 5, "r")
			})
			if err != nil {
				t.Fatal(err)
			}
			if name == "database" && held != "" {
				t.Errorf("the dump holds %s", held)
			}
			db := directly(t, back)
			for _, sql := range []string{"SELECT COUNT(*) FROM visit WHERE ended_ms = 0",
				"SELECT COUNT(*) FROM invitation"} {
				var n int
				if err := db.QueryRow(sql).Scan(&n); err != nil || n != 0 {
					t.Errorf("%s: %d, %v", sql, n, err)
				}
			}
		})
	}
}
