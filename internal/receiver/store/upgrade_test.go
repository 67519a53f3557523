package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"diaoxiao/internal/pgtest"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
)

// adding is a migration as they should be: what is there goes on without it.
const adding = `-- +goose Up
ALTER TABLE cases ADD COLUMN urgency INTEGER NOT NULL DEFAULT 0;
CREATE INDEX cases_urgency ON cases (urgency);
`

// breaking is one that older programs must keep away from.
const breaking = adding + "UPDATE compatible SET oldest = 99;\n"

// nextVersion is what a program of the next version is opened with: it has one migration more.
func nextVersion(t testing.TB, second string) store.Options {
	t.Helper()
	files := fstest.MapFS{}
	ours, err := filepath.Glob("*/migrations/*.sql")
	if err != nil || len(ours) == 0 {
		t.Fatal(ours, err)
	}
	for _, file := range ours {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.ToSlash(file)] = &fstest.MapFile{Data: text}
		files[path.Dir(filepath.ToSlash(file))+"/00099_next.sql"] = &fstest.MapFile{Data: []byte(second)}
	}
	return store.Options{Server: true}.Migrating(files)
}

// Programs of the version before work on a schema that only adds, and refuse one that says that they must.
func TestOlderProgram(t *testing.T) {
	for name, place := range map[string]func() string{"sqlite": t.TempDir,
		"postgres": func() string { return pgtest.Shared(t).Database(t) }} {
		t.Run(name, func(t *testing.T) {
			at := place()
			addApp(t, openOnce(t, at, nextVersion(t, adding)), "new")
			addApp(t, openOnce(t, at, store.Options{Server: true}), "old")
			addApp(t, openOnce(t, at, nextVersion(t, adding)), "new again")

			at = place()
			addApp(t, openOnce(t, at, nextVersion(t, breaking)), "new")
			openFails(t, at, store.Options{Server: true}, store.ErrSchema)
			openFails(t, at, store.Options{}, store.ErrSchema)
			addApp(t, openOnce(t, at, nextVersion(t, breaking)), "new again")
		})
	}
}

// A node that runs while a newer program upgrades the database so that older ones must keep away acknowledges nothing
// from then on, verifies nothing, and says why; one that may go on does.
func TestRunningOlderNode(t *testing.T) {
	for name, c := range map[string]struct {
		second string
		want   error
	}{"adding": {adding, nil}, "breaking": {breaking, store.ErrSchema}} {
		t.Run(name, func(t *testing.T) {
			url := pgtest.Shared(t).Database(t)
			old := openServer(t, url)
			accept(t, old, addApp(t, old, "k"), "a", []byte("x"))
			addApp(t, openOnce(t, url, nextVersion(t, c.second)), "new")
			err := old.Update(t.Context(), func(intake.Tx) error { return nil })
			if !errors.Is(err, c.want) || c.want != nil && !errors.Is(err, intake.ErrUnavailable) {
				t.Errorf("update: %v, want %v", err, c.want)
			}
			if err := old.Ready(); !errors.Is(err, c.want) {
				t.Errorf("ready: %v, want %v", err, c.want)
			}
			claim, err := old.Claim(t.Context(), 0, 0, 10)
			if !errors.Is(err, c.want) || (claim == nil) != (c.want != nil) {
				t.Errorf("claim: %v, %v, want %v", claim, err, c.want)
			}
			if claim != nil {
				claim.End(t.Context(), false)
			}
		})
	}
}

// No command of a newer version upgrades a folder under a server that does not know of it.
func TestUpgradeUnderServer(t *testing.T) {
	dir := t.TempDir()
	old := openServer(t, dir)
	newer := nextVersion(t, adding)
	newer.Server = false
	openFails(t, dir, newer, store.ErrSchema)
	addApp(t, old, "old goes on")
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	addApp(t, openOnce(t, dir, newer), "by a command")
	openServer(t, dir)
}

// openOnce opens a store that the next one closes, or the end of the test.
func openOnce(t testing.TB, place string, o store.Options) intake.Store {
	t.Helper()
	s, err := store.Open(t.Context(), place, o)
	if err != nil {
		t.Fatal(err)
	}
	return &once{s, s}
}

// once is closed after its first Update.
type once struct {
	intake.Store
	opened *store.Store
}

func (o *once) Update(ctx context.Context, f func(intake.Tx) error) error {
	return errors.Join(o.opened.Update(ctx, f), o.opened.Close())
}

// crowd accepts cases at nodes until it is stopped, and repeats what got no answer.
type crowd struct {
	app  int64
	quit chan struct{}
	work sync.WaitGroup

	mu       sync.Mutex
	accepted []string
	again    int
	worst    time.Duration
}

// join lets n more work at a node.
func (c *crowd) join(t testing.TB, s *store.Store, name string, n int) {
	for i := range n {
		c.work.Go(func() {
			for k := 0; ; k++ {
				select {
				case <-c.quit:
					return
				default:
					c.accept(t, s, fmt.Sprintf("%s-%d-%d", name, i, k))
				}
			}
		})
	}
}

func (c *crowd) accept(t testing.TB, s *store.Store, caseID string) {
	b := s.NewBody()
	defer b.Close()
	if _, err := b.Write([]byte(caseID)); err != nil {
		t.Error(err)
	}
	began, again := time.Now(), -1
	err := intake.ErrUnavailable
	for ; errors.Is(err, intake.ErrUnavailable); again++ {
		err = s.Update(context.Background(), func(tx intake.Tx) error {
			_, err := insert(tx, intake.Case{AppID: c.app, CaseID: caseID, Received: at(0)}, b)
			return err
		})
	}
	if err != nil && again == 0 { // one that was repeated may have been there
		t.Errorf("%s: %v", caseID, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.accepted = append(c.accepted, caseID)
	c.again += again
	c.worst = max(c.worst, time.Since(began))
}

// await returns when so many more cases have been accepted.
func (c *crowd) await(t testing.TB, more int) {
	t.Helper()
	count := func() int {
		c.mu.Lock()
		defer c.mu.Unlock()
		return len(c.accepted)
	}
	for want, end := count()+more, time.Now().Add(time.Minute); count() < want; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("nothing is accepted any more")
		}
	}
}

// The version after begins to work beside the version before, while that goes on accepting; and the version before can
// be started on the new schema.
func TestRollingUpgrade(t *testing.T) {
	url := pgtest.Shared(t).Database(t)
	old := openServer(t, url)
	c := &crowd{app: addApp(t, old, "k"), quit: make(chan struct{})}
	c.join(t, old, "old", 4)
	c.await(t, 50)

	claim, err := old.Claim(t.Context(), 0, 0, 10) // a verifier in the way of the migration
	if err != nil || claim == nil {
		t.Fatalf("claim: %v", err)
	}
	opened := make(chan *store.Store)
	go func() {
		s, _ := store.Open(context.Background(), url, nextVersion(t, adding))
		opened <- s
	}()
	time.Sleep(300 * time.Millisecond)
	if _, err := claim.End(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	next := <-opened
	if next == nil {
		t.Fatal("the version after does not start")
	}
	defer next.Close()
	c.join(t, next, "next", 4)
	c.await(t, 50)
	again := openServer(t, url)
	c.join(t, again, "again", 4)
	c.await(t, 50)
	close(c.quit)
	c.work.Wait()

	t.Logf("%d accepted, %d times again, the slowest after %s", len(c.accepted), c.again, c.worst)
	every := intake.CaseFilter{Limit: 2 * len(c.accepted)}
	cases := read(t, next, func(tx intake.Tx) ([]intake.Case, error) { return tx.Cases(every) })
	if len(cases) != len(c.accepted) || cases[len(cases)-1].No != int64(len(cases)) {
		t.Errorf("%d cases, the last numbered %d; %d were accepted", len(cases), cases[len(cases)-1].No,
			len(c.accepted))
	}
	for _, s := range []*store.Store{old, next, again} {
		holdBody(t, s, 1, []byte(cases[0].CaseID))
		holdBody(t, s, int64(len(cases)), []byte(cases[len(cases)-1].CaseID))
	}
	if n := pgQuery(t, url, "SELECT COUNT(*) FROM cases WHERE urgency = 0"); n != int64(len(cases)) {
		t.Errorf("%d cases with the new column", n)
	}
}
