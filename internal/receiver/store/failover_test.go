package store_test

import (
	"fmt"
	"testing"

	"diaoxiao/internal/pgtest"
	"diaoxiao/internal/receiver/intake"
)

// A case that was lost with a primary before it was acknowledged leaves nothing in the memory of a node: its numbers
// are given out again, so the body under them is read anew, and verifiers begin anew.
func TestFailoverForgets(t *testing.T) {
	first := pgtest.Start(t)
	second := first.Standby(t, "second")
	first.SQL(t, "postgres", "create database lost")
	url := fmt.Sprintf("postgres://diaoxiao@127.0.0.1:%d,127.0.0.1:%d/lost?sslmode=disable", first.Port(),
		second.Port())
	s := openServer(t, url)
	app := addApp(t, s, "k")
	accept(t, s, app, "kept", text(1, 100))
	await(t, second, fmt.Sprintf("select pg_last_wal_receive_lsn() >= '%s'", first.SQL(t, "postgres",
		"select pg_current_wal_insert_lsn()")))
	second.Kill()
	for i := range 3 {
		accept(t, s, app, fmt.Sprint("lost ", i), text(uint64(10+i), 100))
	}
	after := int64(0)
	for range 4 {
		after = verifyOne(t, s, after)
	}
	holdBody(t, s, 4, text(12, 100))

	first.Kill()
	second.Restart(t)
	second.Promote(t)
	reconnect(t, s)
	for i := range 3 {
		accept(t, s, app, fmt.Sprint("new ", i), text(uint64(20+i), 100))
	}
	holdBody(t, s, 4, text(22, 100))
	for range 4 {
		after = verifyOne(t, s, after)
	}
	if c, err := s.Claim(t.Context(), after, 0, 9); err != nil || c != nil {
		t.Errorf("something is left: %v, %v", c, err)
	}
	if n := second.SQL(t, "lost", "select count(*) from verification"); n != "4" {
		t.Errorf("%s cases of 4 are verified", n)
	}
}

// verifyOne verifies what a claim of one case has, if there is one.
func verifyOne(t *testing.T, s intake.Store, after int64) int64 {
	t.Helper()
	c, err := s.Claim(t.Context(), after, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	if c == nil {
		return after
	}
	err = c.Write(t.Context(), func(tx intake.Tx) error {
		return tx.PutVerification(intake.Verification{CaseNo: c.Cases()[0].No, At: at(1)})
	})
	if err != nil {
		t.Fatal(err)
	}
	upTo, err := c.End(t.Context(), true)
	if err != nil {
		t.Fatal(err)
	}
	return max(after, upTo)
}

// reconnect makes a store notice every connection that is dead.
func reconnect(t *testing.T, s intake.Store) {
	t.Helper()
	nothing := func(intake.Tx) error { return nil }
	for well := 0; well < 10; well++ {
		if s.Update(t.Context(), nothing) != nil || s.View(t.Context(), nothing) != nil {
			well = 0
		}
	}
}

func await(t *testing.T, s *pgtest.Server, query string) {
	t.Helper()
	for s.SQL(t, "postgres", query) != "t" {
	}
}
