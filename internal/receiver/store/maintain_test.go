package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
)

// A backup made while cases come in holds all of one moment: every case acknowledged before it began, with body and
// attempt, nothing later than its end, no gap and nothing of the cases after.
func TestBackupWhileReceiving(t *testing.T) {
	s := openServer(t, t.TempDir())
	app := addApp(t, s, "k")
	data := func(no int) []byte { return noise(uint64(no%50), 200+no%3*(40<<10)) }
	for i := range 300 {
		accept(t, s, app, fmt.Sprint(i+1), data(i+1))
	}
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	var last atomic.Int64
	last.Store(300)
	wg.Go(func() {
		for no := 301; ctx.Err() == nil; no++ {
			b := s.NewBody()
			b.Write(data(no))
			err := s.Update(t.Context(), func(tx intake.Tx) error {
				c, err := insert(tx, intake.Case{AppID: app, CaseID: fmt.Sprint(no)}, b)
				if err == nil {
					err = tx.InsertAttempt(intake.Attempt{CaseNo: c.No, CaseID: c.CaseID})
				}
				return err
			})
			b.Close()
			if err != nil {
				t.Error(err)
				return
			}
			last.Store(int64(no))
		}
	})
	time.Sleep(20 * time.Millisecond)
	path := filepath.Join(t.TempDir(), "backup.db")
	before := last.Load()
	if err := s.Backup(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	after := last.Load() + 1 // may be in it before it is acknowledged
	cancel()
	wg.Wait()

	dir := filepath.Join(t.TempDir(), "restored")
	if err := store.Restore(t.Context(), path, dir, store.Options{}, asItIs); err != nil {
		t.Fatal(err)
	}
	r := openServer(t, dir)
	if faults, err := r.Integrity(t.Context()); err != nil || len(faults) > 0 {
		t.Errorf("integrity: %v, %v", faults, err)
	}
	n := int64(0)
	read(t, r, func(tx intake.Tx) (any, error) {
		for {
			cs, err := tx.Cases(intake.CaseFilter{After: n, Limit: 100})
			if err != nil || len(cs) == 0 {
				return nil, err
			}
			for _, c := range cs {
				n++
				got, err := bodyOf(tx, c)
				if err != nil || c.No != n || c.CaseID != fmt.Sprint(n) || !bytes.Equal(got, data(int(n))) {
					return nil, fmt.Errorf("case %d of %q at %d: %w", c.No, c.CaseID, n, err)
				}
			}
		}
	})
	attempts := read(t, r, func(tx intake.Tx) ([]intake.Attempt, error) {
		return tx.Attempts(intake.AttemptFilter{Limit: 1 << 20})
	})
	if int64(len(attempts)) != n-300 || n < before || n > after {
		t.Errorf("%d cases and %d attempts; %d were acknowledged before, %d after", n, len(attempts), before, after)
	}
	if before == 300 || after == before+1 {
		t.Logf("nothing came in during the backup: %d, %d", before, after)
	}
	if c := accept(t, r, app, "next", []byte("x")); c.No != n+1 {
		t.Errorf("the restored store goes on at %d after %d", c.No, n)
	}
}

func asItIs(intake.Tx) error { return nil }

func TestBackupRefusesToOverwrite(t *testing.T) {
	s := openServer(t, t.TempDir())
	addApp(t, s, "k")
	path := filepath.Join(t.TempDir(), "backup.db")
	if err := os.WriteFile(path, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(t.Context(), path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("got %v", err)
	}
	if got, err := os.ReadFile(path); string(got) != "precious" {
		t.Errorf("%q, %v", got, err)
	}
	if err := s.Backup(t.Context(), filepath.Join(t.TempDir(), "no", "folder.db")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

// A backup that was broken off leaves nothing that looks like one.
func TestBackupBrokenOff(t *testing.T) {
	s := openServer(t, t.TempDir())
	addApp(t, s, "k")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	path := filepath.Join(t.TempDir(), "backup.db")
	if err := s.Backup(ctx, path); err == nil {
		t.Error("no error")
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("left behind: %v", err)
	}
	if err := s.Ready(); err != nil {
		t.Error(err)
	}
}

func TestRestoreRefusesToOverwrite(t *testing.T) {
	dir := t.TempDir()
	s := openServer(t, dir)
	addApp(t, s, "k")
	backup := filepath.Join(t.TempDir(), "backup.db")
	if err := s.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	addApp(t, s, "later")
	if err := store.Restore(t.Context(), backup, dir, store.Options{}, asItIs); err == nil {
		t.Error("a folder in use was overwritten")
	}
	equal(t, "apps", len(read(t, s, intake.Tx.Apps)), 2)
	// a stray log would be played into it
	for _, name := range []string{"diaoxiao.db", "diaoxiao.db-wal", "diaoxiao.db-shm"} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := store.Restore(t.Context(), backup, dir, store.Options{}, asItIs); err == nil {
			t.Errorf("restored beside %s", name)
		}
	}
	if err := store.Restore(t.Context(), filepath.Join(dir, "missing"), t.TempDir(), store.Options{},
		asItIs); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestSize(t *testing.T) {
	s := openServer(t, t.TempDir())
	before, err := s.Size(t.Context())
	if err != nil || before == 0 {
		t.Fatal(before, err)
	}
	accept(t, s, addApp(t, s, "k"), "a", noise(1, 1<<20))
	if after, err := s.Size(t.Context()); err != nil || after < before+1<<20 {
		t.Errorf("%d, then %d, %v", before, after, err)
	}
}

// Integrity names what is wrong with the file's structure.
func TestIntegrity(t *testing.T) {
	dir := t.TempDir()
	s := openServer(t, dir)
	app := addApp(t, s, "k")
	for i := range 30 {
		accept(t, s, app, fmt.Sprint(i), []byte("x"))
	}
	if faults, err := s.Integrity(t.Context()); err != nil || len(faults) > 0 {
		t.Errorf("%v, %v", faults, err)
	}
	s.Close()
	db := raw(t, dir)
	for _, q := range []string{"PRAGMA writable_schema = 1",
		"UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'account') " +
			"WHERE name = 'app_secret_app'"} {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	db.Close()
	s = openServer(t, dir)
	if faults, err := s.Integrity(t.Context()); err == nil && len(faults) == 0 {
		t.Error("nothing was found")
	}
}
