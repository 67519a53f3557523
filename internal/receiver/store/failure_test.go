package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// failingStore is a server's store with one app, and what it has acknowledged.
type failingStore struct {
	*Store
	t            *testing.T
	dir          string
	app          int64
	acknowledged []string
}

func openFailing(t *testing.T) *failingStore {
	f := &failingStore{t: t, dir: t.TempDir()}
	f.open()
	f.update(func(tx intake.Tx) (err error) {
		f.app, err = tx.InsertApp(intake.App{Key: "k", Name: "n"})
		return err
	})
	return f
}

func (f *failingStore) open() {
	f.t.Helper()
	s, err := Open(f.t.Context(), f.dir, Options{Server: true})
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { s.Close() })
	f.Store = s
}

func (f *failingStore) update(do func(intake.Tx) error) {
	f.t.Helper()
	if err := f.Update(f.t.Context(), do); err != nil {
		f.t.Fatal(err)
	}
}

// accept inserts a case of n bytes that cannot be compressed.
func (f *failingStore) accept(caseID string, n int) error {
	b := f.NewBody()
	defer b.Close()
	data := make([]byte, n)
	rand.NewChaCha8([32]byte{1}).Read(data)
	if _, err := b.Write(data); err != nil {
		return err
	}
	size, sum, err := b.Sum()
	if err != nil {
		return err
	}
	err = f.Update(f.t.Context(), func(tx intake.Tx) error {
		no, err := tx.NextCaseNo()
		if err != nil {
			return err
		}
		if _, err := tx.InsertCase(intake.Case{No: no, AppID: f.app, CaseID: caseID, Bytes: size, SHA256: sum},
			b); err != nil {
			return err
		}
		return tx.InsertAttempt(intake.Attempt{CaseID: caseID, CaseNo: no})
	})
	if err == nil {
		f.acknowledged = append(f.acknowledged, caseID)
	}
	return err
}

// holdFailed checks that nothing is acknowledged any more, and that what was can still be read.
func (f *failingStore) holdFailed() {
	f.t.Helper()
	if err := f.Ready(); !errors.Is(err, intake.ErrUnavailable) {
		f.t.Errorf("Ready: %v", err)
	}
	ran := func(intake.Tx) error { f.t.Error("ran in a failed store"); return nil }
	for what, do := range map[string]func(context.Context, func(intake.Tx) error) error{"Update": f.Update,
		"Background": f.Background} {
		for range 3 {
			if err := do(f.t.Context(), ran); !errors.Is(err, intake.ErrUnavailable) {
				f.t.Errorf("%s: %v", what, err)
			}
		}
	}
	f.holdAcknowledged()
}

// holdAcknowledged checks that everything acknowledged is there with its attempt and its whole body; one more may be
// there whose outcome was told to be unknown.
func (f *failingStore) holdAcknowledged() {
	f.t.Helper()
	most := len(f.acknowledged) + 2
	err := f.View(f.t.Context(), func(tx intake.Tx) error {
		cases, err := tx.Cases(intake.CaseFilter{Limit: most})
		if err != nil {
			return err
		}
		attempts, err := tx.Attempts(intake.AttemptFilter{Limit: most})
		if err != nil {
			return err
		}
		if n := len(cases); n != len(attempts) || n < len(f.acknowledged) || n > len(f.acknowledged)+1 {
			f.t.Errorf("%d cases, %d attempts, %d acknowledged", n, len(attempts), len(f.acknowledged))
		}
		for i, caseID := range f.acknowledged {
			c := cases[i]
			if c.CaseID != caseID || c.No != int64(i+1) || attempts[i].CaseNo != c.No {
				f.t.Errorf("case %d is %q, want %q", c.No, c.CaseID, caseID)
			}
			r, err := tx.OpenBody(c)
			if err != nil {
				return err
			}
			n, sum, err := digest(r)
			if err != nil || n != c.Bytes || sum != c.SHA256 {
				f.t.Errorf("body of %q: %d bytes, %v", caseID, n, err)
			}
			r.Close()
		}
		return nil
	})
	if err != nil {
		f.t.Errorf("View: %v", err)
	}
}

// reopen holds that a restart is all that is needed.
func (f *failingStore) reopen() {
	f.t.Helper()
	f.Close()
	f.open()
	if err := f.Ready(); err != nil {
		f.t.Error(err)
	}
	f.holdAcknowledged()
	if err := f.accept("after the restart", 100); err != nil {
		f.t.Errorf("after the restart: %v", err)
	}
	if faults, err := f.Integrity(f.t.Context()); err != nil || len(faults) > 0 {
		f.t.Errorf("integrity: %v, %v", faults, err)
	}
}

// A database that may not grow any more: SQLITE_FULL, from a statement of the closure where the body is large, from
// what is written before the commit where it is small.
func TestFull(t *testing.T) {
	for _, size := range []int{90 << 10, 60 << 10} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			f := openFailing(t)
			f.update(func(t intake.Tx) error {
				var pages, most int
				if err := t.(*tx).Row([]any{&pages}, "PRAGMA page_count"); err != nil {
					return err
				}
				return t.(*tx).Row([]any{&most}, fmt.Sprintf("PRAGMA max_page_count = %d", pages+200))
			})
			var err error
			for i := 0; err == nil && i < 100; i++ {
				err = f.accept(fmt.Sprint(i), size)
			}
			if !errors.Is(err, intake.ErrUnavailable) || len(f.acknowledged) == 0 {
				t.Fatalf("%v after %d cases", err, len(f.acknowledged))
			}
			f.holdFailed()
			f.reopen()
		})
	}
}

// A commit that fails: a reference to nothing, held against the constraint only by the commit.
func TestCommitFails(t *testing.T) {
	f := openFailing(t)
	for i := range 5 {
		if err := f.accept(fmt.Sprint(i), 1000); err != nil {
			t.Fatal(err)
		}
	}
	f.update(func(t intake.Tx) error {
		// the setting changes in no transaction
		for _, outside := range []string{"COMMIT", "PRAGMA foreign_keys = 1", "BEGIN IMMEDIATE"} {
			if _, err := t.(*tx).Exec(outside); err != nil {
				return err
			}
		}
		return nil
	})
	err := f.Update(t.Context(), func(t intake.Tx) error {
		if _, err := t.(*tx).Exec("PRAGMA defer_foreign_keys = 1"); err != nil {
			return err
		}
		return t.InsertAccount(intake.Account{AppID: 999, Name: "of nobody"})
	})
	if !errors.Is(err, intake.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
	f.holdFailed()
	f.reopen()
}

// Of the Updates that wait for a commit that fails, none is acknowledged.
func TestCommitFailsForAll(t *testing.T) {
	f := openFailing(t)
	held, free, first := make(chan bool), make(chan bool), make(chan error)
	go func() {
		first <- f.Update(t.Context(), func(t intake.Tx) error {
			close(held)
			<-free
			var most int
			return t.(*tx).Row([]any{&most}, "PRAGMA max_page_count = 1") // no less than there are
		})
	}()
	<-held
	const n = 30
	outcomes := make(chan error)
	for i := range n {
		go func() {
			outcomes <- f.Update(t.Context(), func(tx intake.Tx) error {
				return tx.AppendAudit(intake.AuditEntry{Target: fmt.Sprint(i), Detail: string(make([]byte, 40<<10))})
			})
		}()
	}
	for f.Stats().Waiting < n {
		time.Sleep(time.Millisecond)
	}
	close(free)
	if err := <-first; err != nil {
		t.Error(err)
	}
	for range n {
		if err := <-outcomes; !errors.Is(err, intake.ErrUnavailable) {
			t.Errorf("acknowledged: %v", err)
		}
	}
	f.holdFailed()
	f.reopen()
}

// An error of the domain, a broken constraint or a closure's own, is no failure of the store.
func TestNoFailure(t *testing.T) {
	f := openFailing(t)
	for what, do := range map[string]func(intake.Tx) error{
		"taken": func(tx intake.Tx) error {
			_, err := tx.InsertApp(intake.App{Key: "k",
				Name: "other"})
			return err
		},
		"constraint": func(t intake.Tx) error { _, err := t.(*tx).change("UPDATE epoch SET id = 2"); return err },
		"own":        func(tx intake.Tx) error { tx.SetEpoch(7); return errors.New("own") },
		"syntax":     func(t intake.Tx) error { _, err := t.(*tx).change("UPDATE nothing SET x = 2"); return err },
	} {
		if err := f.Update(t.Context(), do); err == nil {
			t.Errorf("%s passed", what)
		}
		if err := f.Ready(); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if err := f.accept(what, 10); err != nil {
			t.Errorf("after %s: %v", what, err)
		}
	}
	f.holdAcknowledged()
}
