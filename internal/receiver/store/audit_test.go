package store_test

import (
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/pgtest"
	"diaoxiao/internal/receiver/auditlog"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
)

// entry is the audit entry number i of the tests, without its chain.
func entry(i int) intake.AuditEntry {
	return intake.AuditEntry{No: int64(i), At: at(i), By: "cli:root", Action: "app create", Target: "呼市监",
		Detail: fmt.Sprint(i)}
}

func unchained(es []intake.AuditEntry) []intake.AuditEntry {
	for i := range es {
		es[i].Chain = nil
	}
	return es
}

func testAudit(t *testing.T, s intake.Store) {
	var want []intake.AuditEntry
	for i := range 5 {
		e := entry(i + 1)
		want = append(want, e)
		e.No, e.Chain = 99, []byte("not its own")
		update(t, s, func(tx intake.Tx) error { return tx.AppendAudit(e) })
	}
	list := func(after int64, n int) []intake.AuditEntry {
		return unchained(read(t, s, func(tx intake.Tx) ([]intake.AuditEntry, error) { return tx.Audit(after, n) }))
	}
	equal(t, "all", list(0, 0), want)
	equal(t, "a page", list(1, 2), want[1:3])
	equal(t, "past the end", len(list(5, 0)), 0)
}

func testSearchAudit(t *testing.T, s intake.Store) {
	d := intake.NewDesk(intake.Config{Store: s})
	for i, e := range []intake.AuditEntry{
		{By: "cli:a", Action: "app create", Target: "甲"}, {By: "cli:b", Action: "app disable", Target: "甲"},
		{By: "cli:a", Action: "case return", Target: "1"}, {By: "cli:a", Action: "application",
			Target: "甲"}, {By: "cli:a", Action: "app", Target: "乙"},
	} {
		e.At = at(1000 * i)
		update(t, s, func(tx intake.Tx) error { return tx.AppendAudit(e) })
	}
	numbers := func(es []intake.AuditEntry) (ns []int64) {
		for _, e := range es {
			ns = append(ns, e.No)
		}
		return ns
	}
	for _, c := range []struct {
		what string
		q    intake.AuditQuery
		want []int64
	}{
		{"all", intake.AuditQuery{}, []int64{5, 4, 3, 2, 1}},
		{"from", intake.AuditQuery{From: at(3000)}, []int64{5, 4}},
		{"to", intake.AuditQuery{To: at(1000)}, []int64{1}},
		{"actor", intake.AuditQuery{Actors: []intake.Actor{"cli:b"}}, []int64{2}},
		{"action", intake.AuditQuery{Actions: []intake.Action{"app create"}}, []int64{1}},
		{"several actions", intake.AuditQuery{Actions: []intake.Action{"app create", "app disable", "app enable"}},
			[]int64{2, 1}},
		{"no beginning of an action", intake.AuditQuery{Actions: []intake.Action{"app", "a%"}}, []int64{5}},
		{"target", intake.AuditQuery{Targets: []string{"甲"}, Actors: []intake.Actor{"cli:a"}}, []int64{4, 1}},
		{"several actors", intake.AuditQuery{Actors: []intake.Actor{"cli:b", "cli:none"}}, []int64{2}},
		{"a user of the command line", intake.AuditQuery{Shell: "a"}, []int64{5, 4, 3, 1}},
		{"a user or an operator", intake.AuditQuery{Shell: "a", Actors: []intake.Actor{"cli:b"}},
			[]int64{5, 4, 3, 2, 1}},
		{"several targets", intake.AuditQuery{Targets: []string{"1", "乙"}}, []int64{5, 3}},
		{"first page", intake.AuditQuery{Limit: 2}, []int64{5, 4}},
		{"page before", intake.AuditQuery{Before: 4, Limit: 2}, []int64{3, 2}},
		{"page after", intake.AuditQuery{After: 1, Limit: 2}, []int64{3, 2}},
		{"between", intake.AuditQuery{After: 1, Before: 3}, []int64{2}},
	} {
		got, err := auditlog.New(d).SearchAudit(t.Context(), intake.Actor("cli:x"), c.q)
		if err != nil || !slices.Equal(numbers(got), c.want) {
			t.Errorf("%s: %v, %v", c.what, numbers(got), err)
		}
	}
	var all []intake.AuditEntry
	for e, err := range auditlog.New(d).EachAudit(t.Context(), intake.Actor("cli:x"), intake.AuditQuery{
		Limit: 1, Before: 2, Actors: []intake.Actor{"cli:a"}}) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	equal(t, "each", numbers(all), []int64{5, 4, 3, 1})
}

// audited is a place with ten entries, of which a program from before the chain has written 1 and 2, and the head that
// an auditor knows.
func audited(t testing.TB, place string) (head intake.AuditHead) {
	t.Helper()
	s := openServer(t, place)
	alter(t, directly(t, place), "UPDATE origin SET unchained = 2")
	for i := 1; i <= 10; i++ {
		e := entry(i)
		if i <= 2 {
			_, err := directly(t, place).Exec(fmt.Sprintf("INSERT INTO audit (at_ms, actor, action, target, detail) "+
				"VALUES (%d, '%s', '%s', '%s', '%s')",
				e.At.UnixMilli(), e.By, string(e.Action), e.Target, e.Detail))
			if err != nil {
				t.Fatal(err)
			}
			continue
		}
		update(t, s, func(tx intake.Tx) error { return tx.AppendAudit(e) })
	}
	head = read(t, s, intake.Tx.AuditHead)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return head
}

// alter runs statements that have to change something, but for empty ones.
func alter(t testing.TB, db *sql.DB, statements ...string) {
	t.Helper()
	for _, q := range statements {
		if q == "" {
			continue
		}
		res, err := db.Exec(q)
		if err != nil {
			t.Fatalf("%s: %v", q, err)
		}
		if n, _ := res.RowsAffected(); n == 0 {
			t.Fatalf("%s: no rows", q)
		}
	}
}

// putBack makes the audit what it was.
func putBack(t testing.TB, db *sql.DB, es []intake.AuditEntry) {
	t.Helper()
	if _, err := db.Exec("DELETE FROM audit"); err != nil {
		t.Fatal(err)
	}
	for _, e := range es {
		_, err := db.Exec("INSERT INTO audit (audit_no, at_ms, actor, action, target, detail, chain) "+
			"VALUES ($1, $2, $3, $4, $5, $6, $7)",
			e.No, e.At.UnixMilli(), string(e.By), string(e.Action), e.Target, e.Detail, append([]byte{}, e.Chain...))
		if err != nil {
			t.Fatal(err)
		}
	}
}

// verified is what VerifyAudit finds.
func verified(t testing.TB, s intake.Store, known intake.AuditHead) auditlog.Check {
	t.Helper()
	got, err := auditlog.New(intake.NewDesk(intake.Config{Store: s})).VerifyAudit(t.Context(), intake.Actor("test"),
		known, nil)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// The chain is what its description says, for whoever computes it by other means.
func TestAuditChainAsDescribed(t *testing.T) {
	place := t.TempDir()
	audited(t, place)
	number := func(b []byte, n int64) []byte { return binary.BigEndian.AppendUint64(b, uint64(n)) }
	b := make([]byte, 32)
	for i := 1; i <= 10; i++ {
		e := entry(i)
		b = number(number(b, e.No), e.At.UnixMilli())
		for _, text := range []string{string(e.By), string(e.Action), e.Target, e.Detail} {
			b = append(number(b, int64(len(text))), text...)
		}
		if i > 2 {
			sum := sha256.Sum256(b)
			b = sum[:]
		}
	}
	equal(t, "head", fmt.Sprintf("%x", verified(t, openServer(t, place), intake.AuditHead{}).Head.Chain),
		fmt.Sprintf("%x", b))
}

// Whatever is done to the audit behind the desk's back is noticed, and where it begins.
func TestAuditTampering(t *testing.T) {
	const last = "DELETE FROM audit WHERE audit_no >= 9"
	const noValue = "(SELECT chain FROM audit WHERE audit_no = 1)"
	move := func(from, to int) string {
		return fmt.Sprintf("UPDATE audit SET audit_no = %d WHERE audit_no = %d", to, from)
	}
	put := func(no int64) string {
		return fmt.Sprintf("INSERT INTO audit (audit_no, at_ms, actor, action, target, detail) "+
			"VALUES (%d, 5, '', '', '', '')", no)
	}
	const altered, unchained, number = auditlog.BreakAltered, auditlog.BreakUnchained, auditlog.BreakNumber
	for name, place := range places() {
		t.Run(name, func(t *testing.T) {
			at := place(t)
			head := audited(t, at)
			s, db := openServer(t, at), directly(t, at)
			all := read(t, s, func(tx intake.Tx) ([]intake.AuditEntry, error) { return tx.Audit(0, 0) })
			for _, c := range []struct {
				what, change string
				kind         auditlog.BreakKind
				after, no    int64 // where it breaks
				missing      bool  // the known head is
			}{
				{"nothing", "", 0, 0, 0, false},
				{"a detail", "UPDATE audit SET detail = 'x' WHERE audit_no = 5", altered, 4, 5, false},
				{"where a text ends", "UPDATE audit SET action = 'app ', target = 'create呼市监' WHERE audit_no = 5",
					altered, 4, 5, false},
				{"a time", "UPDATE audit SET at_ms = at_ms + 1 WHERE audit_no = 6", altered, 5, 6, false},
				{"an actor of the last", "UPDATE audit SET actor = 'cli:other' WHERE audit_no = 10", altered, 9, 10,
					false},
				{"a detail from before the chain", "UPDATE audit SET detail = 'x' WHERE audit_no = 2", altered, 0, 3,
					false},
				{"a chain value", "UPDATE audit SET chain = (SELECT chain FROM audit WHERE audit_no = 4) " +
					"WHERE audit_no = 5", altered, 4, 5, false},
				{"one without its chain value", "UPDATE audit SET chain = " + noValue + " WHERE audit_no = 5",
					unchained, 4, 5, false},
				{"the tail without chain values", "UPDATE audit SET chain = " + noValue + " WHERE audit_no > 5",
					unchained, 5, 6, true},
				{"one left out", "DELETE FROM audit WHERE audit_no = 7", altered, 6, 8, false},
				{"one from before the chain left out", "DELETE FROM audit WHERE audit_no = 2", altered, 0, 3, false},
				{"the first left out", "DELETE FROM audit WHERE audit_no = 1", number, 0, 2, false},
				{"two exchanged", strings.Join([]string{move(7, 77), move(8, 7), move(77, 8)}, ";"), altered, 6, 7,
					false},
				{"two from before the chain exchanged", strings.Join([]string{move(1, 44), move(2, 1), move(44, 2)},
					";"), altered, 0, 3, false},
				{"one put in", move(10, 11) + ";" + put(10), unchained, 9, 10, true},
				{"one put behind", put(11), unchained, 10, 11, false},
				{"one put far behind", put(99), number, 10, 99, false},
				{"one put before", put(0), number, 0, 0, false},
				{"one put far before", put(math.MinInt64), number, 0, math.MinInt64, false},
				{"the last left out", last, 0, 0, 0, true},
				{"all left out", "DELETE FROM audit", 0, 0, 0, true},
				{"no chain any more", "UPDATE audit SET chain = " + noValue, unchained, 0, 3, true},
			} {
				alter(t, db, strings.Split(c.change, ";")...)
				got := verified(t, s, head)
				b := got.Broken
				if b.Kind != c.kind || b.No != c.no || b.After != c.after || got.Contains == c.missing ||
					got.OK() != (c.kind == 0 && !c.missing) {
					t.Errorf("%s: %+v", c.what, got)
				}
				if c.kind != 0 && b.At.IsZero() {
					t.Errorf("%s: broken at no time", c.what)
				}
				if c.change == last && !verified(t, s, intake.AuditHead{}).OK() {
					t.Error("the last left out shows without a head: the manual says that it does not")
				}
				putBack(t, db, all)
			}
		})
	}
}

// The chain goes on over a restore and a copy; the head stays in it.
func TestAuditGoesOn(t *testing.T) {
	for name, place := range places() {
		t.Run(name, func(t *testing.T) {
			at := place(t)
			head := audited(t, at)
			other := place(t)
			_, err := store.Copy(t.Context(), store.Place{Name: at}, store.Place{Name: other}, nothing,
				func(tx intake.Tx) error { return intake.Moved(tx, time.Now(), "cli:x", "there") })
			if err != nil {
				t.Fatal(err)
			}
			s := openServer(t, other)
			got := verified(t, s, head)
			if !got.OK() || got.Entries != 11 || got.Unchained != 2 || got.Head.No != 11 {
				t.Errorf("copied: %+v", got)
			}
			if name == "database" {
				return // restored through pg_restore elsewhere
			}
			backup, back := filepath.Join(t.TempDir(), "b"), place(t)
			if err := s.Backup(t.Context(), backup); err != nil {
				t.Fatal(err)
			}
			err = store.Restore(t.Context(), backup, back, store.Options{},
				func(tx intake.Tx) error { return intake.Restored(tx, time.Now(), "cli:x", 5, "r") })
			if err != nil {
				t.Fatal(err)
			}
			if again := verified(t, openServer(t, back), got.Head); !again.OK() || again.Head.No != 12 {
				t.Errorf("restored: %+v", again)
			}
		})
	}
}

// On several nodes and beside closures that fail, every entry is tied to the one before.
func TestAuditOfNodes(t *testing.T) {
	url := pgtest.Shared(t).Database(t)
	nodes := []*store.Store{openServer(t, url), openServer(t, url)}
	done := make(chan error)
	for i := range 8 {
		go func() {
			for k := range 20 {
				err := nodes[i%2].Update(t.Context(), func(tx intake.Tx) error {
					if err := tx.AppendAudit(entry(k)); err != nil {
						return err
					}
					if k%5 == 4 {
						return errHalfWay
					}
					return nil
				})
				if (err != nil) != (k%5 == 4) {
					done <- fmt.Errorf("%d: %w", k, err)
					return
				}
			}
			done <- nil
		}()
	}
	for range 8 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	got := verified(t, nodes[0], intake.AuditHead{})
	if !got.OK() || got.Entries != 8*16 || got.Unchained != 0 {
		t.Errorf("%+v", got)
	}
}

// An entry that something in the database drops or alters fails the change that it belongs to.
func TestAuditIsReadBack(t *testing.T) {
	place := t.TempDir()
	s := openServer(t, place)
	db := directly(t, place)
	for _, does := range []string{"DELETE FROM audit WHERE audit_no = new.audit_no",
		"UPDATE audit SET detail = 'x' WHERE audit_no = new.audit_no",
		"UPDATE audit SET audit_no = -new.audit_no WHERE audit_no = new.audit_no"} {
		if _, err := db.Exec("CREATE TRIGGER hush AFTER INSERT ON audit WHEN new.action LIKE 'case%' BEGIN " + does +
			"; END"); err != nil {
			t.Fatal(err)
		}
		hushed, plain := entry(1), entry(2)
		hushed.Action = "case return"
		if err := s.Update(t.Context(), func(tx intake.Tx) error { return tx.AppendAudit(hushed) }); err == nil {
			t.Errorf("%s: not noticed", does)
		}
		update(t, s, func(tx intake.Tx) error { return tx.AppendAudit(plain) })
		if _, err := db.Exec("DROP TRIGGER hush"); err != nil {
			t.Fatal(err)
		}
	}
	if got := verified(t, s, intake.AuditHead{}); !got.OK() || got.Entries != 3 {
		t.Errorf("%+v", got)
	}
}
