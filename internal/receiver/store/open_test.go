package store_test

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
)

// raw opens the database beside the store.
func raw(t testing.TB, dir string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "diaoxiao.db")+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func openFails(t testing.TB, dir string, o store.Options, want error) {
	t.Helper()
	s, err := store.Open(t.Context(), dir, o)
	if err == nil {
		s.Close()
	}
	if !errors.Is(err, want) {
		t.Errorf("got %v, want %v", err, want)
	}
}

// Nobody but the owner may look into the folder, whatever the umask says.
func TestModes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "data")
	s := openServer(t, dir)
	accept(t, s, addApp(t, s, "k"), "a", []byte("x"))
	if err := s.Backup(t.Context(), filepath.Join(dir, "backup.db")); err != nil {
		t.Fatal(err)
	}
	files := 0
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		i, err := e.Info()
		if want := map[bool]fs.FileMode{true: 0o700, false: 0o600}[e.IsDir()]; err == nil && i.Mode().Perm() != want {
			t.Errorf("%s has mode %v", path, i.Mode())
		}
		files++
		return err
	})
	if err != nil || files < 7 { // folder, spool, database, its log and index, two locks, backup
		t.Errorf("%d files, %v", files, err)
	}
}

// One server per folder, which alone receives; the tools beside it administer, come and go.
func TestSecondServer(t *testing.T) {
	dir := t.TempDir()
	s := openServer(t, dir)
	openFails(t, dir, store.Options{Server: true}, store.ErrLocked)
	other, err := store.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	app := addApp(t, other, "k")
	for i := range 5 {
		accept(t, s, app, fmt.Sprint(i), []byte{byte(i)})
		update(t, other, func(tx intake.Tx) error { return tx.AppendAudit(intake.AuditEntry{Target: fmt.Sprint(i)}) })
	}
	for _, st := range []*store.Store{s, other} {
		for i := range 5 {
			holdBody(t, st, int64(i+1), []byte{byte(i)})
		}
		equal(t, "audit entries", len(read(t, st, func(tx intake.Tx) ([]intake.AuditEntry, error) {
			return tx.Audit(0,
				0)
		})), 5)
	}
	other.Close()
	openFails(t, dir, store.Options{Server: true}, store.ErrLocked)
	s.Close()
	openServer(t, dir).Close()
}

// Two tools that both write, without a server, do not give out a number twice.
func TestTwoTools(t *testing.T) {
	dir := t.TempDir()
	var tools []*store.Store
	for range 2 {
		s, err := store.Open(t.Context(), dir, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		tools = append(tools, s)
	}
	app := addApp(t, tools[0], "k")
	for i, k := range []int{0, 1, 1, 0, 0, 1} {
		if c := accept(t, tools[k], app, fmt.Sprint(i), []byte{byte(i)}); c.No != int64(i+1) {
			t.Errorf("case %d got number %d", i+1, c.No)
		}
	}
	for i := range 6 {
		holdBody(t, tools[0], int64(i+1), []byte{byte(i)})
	}
}

func TestMustExist(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	openFails(t, dir, store.Options{MustExist: true}, store.ErrNoData)
	openFails(t, dir, store.Options{MustExist: true, Server: true}, store.ErrNoData)
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder was made: %v", err)
	}
	openServer(t, dir).Close()
	s, err := store.Open(t.Context(), dir, store.Options{MustExist: true})
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
}

// A database of a newer program that does not allow ours is refused and left alone, and a failed Open gives back what
// it took.
func TestNewerSchema(t *testing.T) {
	dir := t.TempDir()
	openServer(t, dir).Close()
	db := raw(t, dir)
	if _, err := db.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1); UPDATE compatible " +
		"SET oldest = 999"); err != nil {
		t.Fatal(err)
	}
	for _, o := range []store.Options{{}, {Server: true}, {Server: true}, {MustExist: true}} {
		openFails(t, dir, o, store.ErrSchema)
	}
	if _, err := db.Exec("UPDATE compatible SET oldest = 1"); err != nil {
		t.Fatal(err)
	}
	openServer(t, dir)
}

func TestNotADatabase(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "diaoxiao.db"), noise(1, 8192), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if s, err := store.Open(t.Context(), dir, store.Options{Server: true}); err == nil {
			s.Close()
			t.Error("noise was opened")
		} else if errors.Is(err, store.ErrLocked) {
			t.Error(err)
		}
	}
}

// A server settles before it answers: log and database are brought together, which has to wait for whoever still reads
// an old snapshot.
func TestSettleWaitsForReaders(t *testing.T) {
	dir := t.TempDir()
	tool, err := store.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer tool.Close()
	app := addApp(t, tool, "k")
	reading, free, read := make(chan bool), make(chan bool), make(chan error)
	go func() {
		read <- tool.View(t.Context(), func(tx intake.Tx) error {
			_, err := tx.Apps()
			close(reading)
			<-free
			return err
		})
	}()
	<-reading
	accept(t, tool, app, "a", []byte("x"))
	type outcome struct {
		s   *store.Store
		err error
	}
	opened := make(chan outcome, 1)
	go func() {
		s, err := store.Open(t.Context(), dir, store.Options{Server: true})
		opened <- outcome{s, err}
	}()
	select {
	case o := <-opened:
		t.Errorf("opened beside a reader of an old snapshot: %v", o.err)
		opened <- o
	case <-time.After(400 * time.Millisecond):
	}
	close(free)
	if err := <-read; err != nil {
		t.Error(err)
	}
	o := <-opened
	if o.err != nil {
		t.Fatal(o.err)
	}
	defer o.s.Close()
	const mark = 32 + 24 + 4096 // of the run, written in one page once all that was there before is in the database
	if i, err := os.Stat(filepath.Join(dir, "diaoxiao.db-wal")); err != nil || i.Size() > mark {
		t.Errorf("the log: %v, %v", i, err)
	}
	holdBody(t, o.s, 1, []byte("x"))
}
