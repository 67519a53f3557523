package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"diaoxiao/internal/pgtest"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
)

// places make an empty place each.
func places() map[string]func(testing.TB) string {
	return map[string]func(testing.TB) string{
		"folder":   func(t testing.TB) string { return filepath.Join(t.TempDir(), "d") },
		"database": func(t testing.TB) string { return pgtest.Shared(t).Database(t) },
	}
}

// directly opens the database of a place beside the store.
func directly(t testing.TB, place string) *sql.DB {
	t.Helper()
	if !store.IsURL(place) {
		return raw(t, place)
	}
	config, err := pgx.ParseConfig(place)
	if err != nil {
		t.Fatal(err)
	}
	db := stdlib.OpenDB(*config)
	t.Cleanup(func() { db.Close() })
	return db
}

// stocked is a place with something of everything: 40 cases, of which every tenth is large.
func stocked(t testing.TB, place string) string {
	t.Helper()
	s := openServer(t, place)
	app := addApp(t, s, "k")
	for i := range 40 {
		size := 300 + i
		if i%10 == 0 {
			size = 2 << 20
		}
		accept(t, s, app, fmt.Sprint("案件", i), noise(uint64(i), size))
	}
	update(t, s, func(tx intake.Tx) error {
		tx.InsertSecret(app, intake.Secret{Created: at(1)})
		tx.InsertAccount(intake.Account{AppID: app, Name: "张三", Created: at(1)})
		tx.InsertReturn(intake.Return{CaseNo: 3, At: at(2), By: "cli:x", Reason: "理由"})
		tx.InsertAttempt(intake.Attempt{At: at(3), CaseNo: 3, CaseID: "3"})
		tx.InsertGap(intake.Gap{From: 41, To: 50, At: at(4), Why: "演练"})
		tx.PutWork(intake.Work{CaseNo: 3, Checked: at(2), Severe: 1, Doubts: 2, Published: "2026-03-16",
			SeenNo: 4})
		tx.InsertCaseEvent(intake.CaseEvent{CaseNo: 3, At: at(2), By: "console:甲", Kind: intake.EventNote,
			Detail: "备注"})
		operator, _ := tx.InsertOperator(intake.Operator{Name: "batu", Person: "巴图", Role: intake.Clerk,
			Password: "hash", TOTP: []byte{1}, Created: at(1)})
		tx.InsertVisit(intake.Visit{Token: intake.HashToken("visit"), OperatorID: operator, Created: at(1),
			Seen: at(1)})
		tx.InsertInvitation(intake.Invitation{Token: intake.HashToken("link"), OperatorID: operator, Expires: at(9)})
		tx.InsertInvitation(intake.Invitation{Token: intake.HashToken("first link"), Expires: at(9)})
		tx.PutReveal(intake.HashToken("visit"), 3, at(9))
		tx.SetPreference(operator, intake.CaseColumns, "no")
		tx.SetPolicy(intake.IdleMinutes, 7)
		tx.SetEpoch(7)
		return tx.AppendAudit(intake.AuditEntry{At: at(5), By: "cli:x", Action: "a"})
	})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return place
}

func nothing(store.Progress) {}

// copied copies and wants it to succeed.
func copied(t testing.TB, from, to string) store.Copied {
	t.Helper()
	c, err := store.Copy(t.Context(), store.Place{Name: from}, store.Place{Name: to}, nothing, asItIs)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// brokenOff breaks a copy off once it has moved so many rows, or any at all of a table.
func brokenOff(t testing.TB, from, to, table string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	_, err := store.Copy(ctx, store.Place{Name: from}, store.Place{Name: to}, func(p store.Progress) {
		if p.Table == table {
			cancel()
		}
	}, asItIs)
	if !errors.Is(err, context.Canceled) && !errors.Is(err, intake.ErrUnavailable) {
		t.Fatalf("broken off in %s: %v", table, err)
	}
}

// From each engine to each and back, a copy holds the same, whether it was broken off or not; until it is done nobody
// can open it.
func TestCopy(t *testing.T) {
	for from, source := range places() {
		for to, target := range places() {
			if raceEnabled && from == to {
				continue
			}
			t.Run(from+" to "+to, func(t *testing.T) {
				a, b := stocked(t, source(t)), target(t)
				whole := copied(t, a, target(t))
				for _, table := range []string{"app", "cases", "body_part", "body_part", "audit", "epoch"} {
					brokenOff(t, a, b, table)
					if _, err := store.Open(t.Context(), b, store.Options{MustExist: true}); !errors.Is(err,
						store.ErrUnfinished) {
						t.Fatalf("broken off in %s and opened: %v", table, err)
					}
				}
				got := copied(t, a, b)
				if got.Moved >= whole.Moved/2 {
					t.Errorf("%d of %d rows were moved again", got.Moved, whole.Moved)
				}
				equal(t, "tables", got.Tables, whole.Tables)
				back := copied(t, b, source(t))
				equal(t, "tables after the way back", back.Tables, whole.Tables)
				s := openServer(t, b)
				c := accept(t, s, read(t, s, intake.Tx.Apps)[0].ID, "next", []byte("x"))
				equal(t, "next case", c.No, int64(51))
				update(t, s, func(tx intake.Tx) error {
					return tx.InsertAttempt(intake.Attempt{At: at(9),
						CaseID: "next"})
				})
				addApp(t, s, "another")
				for i := range 40 {
					size := 300 + i
					if i%10 == 0 {
						size = 2 << 20
					}
					body := read(t, s, func(tx intake.Tx) ([]byte, error) {
						c, err := tx.Case(int64(i + 1))
						if err != nil {
							return nil, err
						}
						return bodyOf(tx, c)
					})
					if !bytes.Equal(body, noise(uint64(i), size)) {
						t.Errorf("body of case %d: %d bytes", i+1, len(body))
					}
				}
			})
		}
	}
}

// Differences are noticed: a source that goes on, a target that was touched, and one with other data.
func TestCopyRefuses(t *testing.T) {
	for to, target := range places() {
		t.Run(to, func(t *testing.T) {
			a, b := stocked(t, filepath.Join(t.TempDir(), "a")), target(t)
			brokenOff(t, a, b, "attempt")
			if _, err := directly(t, b).Exec("UPDATE cases SET casename = 'x' WHERE case_no = 7"); err != nil {
				t.Fatal(err)
			}
			refused(t, a, b, store.ErrNotEqual)
			if _, err := directly(t, a).Exec("UPDATE app SET disabled = 1"); err != nil {
				t.Fatal(err)
			}
			refused(t, a, b, store.ErrSourceChanged)
			refused(t, b, target(t), store.ErrUnfinished)
			full := stocked(t, target(t))
			refused(t, a, full, store.ErrNotEmpty)
			newer := target(t)
			s := openServer(t, newer)
			s.Close()
			if _, err := directly(t, newer).Exec("INSERT INTO goose_db_version (version_id, is_applied) " +
				"VALUES (99, TRUE)"); err != nil {
				t.Fatal(err)
			}
			refused(t, a, newer, store.ErrSchema)
			served := target(t)
			openServer(t, served)
			refused(t, a, served, store.ErrLocked)
		})
	}
}

// A source that was changed since a copy was broken off is told from itself, whatever was changed.
func TestCopyOfChangedSource(t *testing.T) {
	a, b := stocked(t, filepath.Join(t.TempDir(), "a")), filepath.Join(t.TempDir(), "b")
	brokenOff(t, a, b, "attempt")
	for _, change := range [][2]string{{"UPDATE app SET disabled = 1", "UPDATE app SET disabled = 0"},
		{"UPDATE app_secret SET expires_ms = 9", "UPDATE app_secret SET expires_ms = 0"},
		{"UPDATE account SET disabled = 1", "UPDATE account SET disabled = 0"}, {"UPDATE operator SET failures = 4",
			"UPDATE operator SET failures = 0"},
		{"UPDATE preference SET value = 'name'", "UPDATE preference SET value = 'no'"}, {"UPDATE policy SET value = 8",
			"UPDATE policy SET value = 7"},
		{"UPDATE case_work SET published = ''", "UPDATE case_work SET published = '2026-03-16'"}, {"UPDATE epoch " +
			"SET value = 8", "UPDATE epoch SET value = 7"}} {
		for i, sql := range change {
			n, err := directly(t, a).Exec(sql)
			if err != nil {
				t.Fatal(sql, err)
			}
			if rows, err := n.RowsAffected(); rows == 0 || err != nil {
				t.Fatal(sql, "changes nothing", err)
			}
			if i == 0 {
				t.Run(sql, func(t *testing.T) { refused(t, a, b, store.ErrSourceChanged) })
			}
		}
	}
	copied(t, a, b)
}

func refused(t testing.TB, from, to string, want error) {
	t.Helper()
	if _, err := store.Copy(t.Context(), store.Place{Name: from}, store.Place{Name: to}, nothing,
		asItIs); !errors.Is(err, want) {
		t.Errorf("got %v, want %v", err, want)
	}
}

// A source that changes while it is copied is noticed at the end, and the target stays closed.
func TestCopySourceChanges(t *testing.T) {
	a, b := stocked(t, filepath.Join(t.TempDir(), "a")), filepath.Join(t.TempDir(), "b")
	db := directly(t, a)
	_, err := store.Copy(t.Context(), store.Place{Name: a}, store.Place{Name: b}, func(p store.Progress) {
		if p.Table == "attempt" && !p.Checking {
			if _, err := db.Exec("INSERT INTO app (app_key, name, contact, phone, dialect, disabled, created_ms) " +
				"VALUES ('x', 'x', '', '', '', 0, 0)"); err != nil {
				t.Error(err)
			}
		}
	}, asItIs)
	if !errors.Is(err, store.ErrNotEqual) && !errors.Is(err, store.ErrSourceChanged) {
		t.Error(err)
	}
	if _, err := store.Open(t.Context(), b, store.Options{}); !errors.Is(err, store.ErrUnfinished) {
		t.Errorf("opened: %v", err)
	}
}
