package pgtest_test

import (
	"context"
	"testing"
	"time"

	"diaoxiao/internal/pgtest"
)

// A failover, and the way back: what was committed on two servers is there, whichever dies.
func TestFailover(t *testing.T) {
	first := pgtest.Start(t)
	second := first.Standby(t, "second")
	first.SQL(t, "postgres", "create table kept (n int)")
	first.Synchronous(t, "second")
	first.AwaitSync(t, "second")
	first.SQL(t, "postgres", "insert into kept values (1)")
	first.Kill()
	second.Promote(t)
	second.SQL(t, "postgres", "insert into kept values (2)")

	first.Follow(t, second)
	second.Synchronous(t, first.Name())
	second.AwaitSync(t, first.Name())
	second.SQL(t, "postgres", "insert into kept values (3)")
	second.Kill()
	first.Promote(t)
	if got := first.SQL(t, "postgres", "select n from kept order by n"); got != "1\n2\n3" {
		t.Errorf("kept %q", got)
	}
}

// Two standbys, of which one follows the other when it takes over; a standby that was down catches up.
func TestFollow(t *testing.T) {
	first := pgtest.Start(t)
	a, b := first.Standby(t, "a"), first.Standby(t, "b")
	first.Synchronous(t, "ANY 2 (a, b)")
	first.AwaitSync(t, "a", "b")
	first.SQL(t, "postgres", "create table kept (n int)")
	first.Kill()
	a.Promote(t)
	b.Follow(t, a)
	a.Synchronous(t, "b")
	a.AwaitSync(t, "b")
	// a standby killed amid a change of timelines may not start again
	a.SQL(t, "postgres", "insert into kept values (0)")
	a.Synchronous(t, "")
	b.Kill()
	a.SQL(t, "postgres", "insert into kept values (1)")
	b.Restart(t)
	a.Synchronous(t, "b")
	a.SQL(t, "postgres", "insert into kept values (2)")
	b.Promote(t)
	if got := b.SQL(t, "postgres", "select n from kept order by n"); got != "0\n1\n2" {
		t.Errorf("kept %q", got)
	}
}

// While the only synchronous standby hangs, a commit waits, and says for what; then it goes on.
func TestPauseStandby(t *testing.T) {
	s := pgtest.Start(t)
	a := s.Standby(t, "a")
	s.SQL(t, "postgres", "create table kept (n int)")
	s.Synchronous(t, "a")
	s.AwaitSync(t, "a")
	a.Pause()
	committed := make(chan error, 1)
	c := connect(t, s.URL("postgres"))
	go func() {
		_, err := c.Exec(context.Background(), "insert into kept values (1)").ReadAll()
		committed <- err
	}()
	awaitWaiting(t, s)
	select {
	case err := <-committed:
		t.Fatalf("it did not wait: %v", err)
	case <-time.After(100 * time.Millisecond):
	}
	a.Resume()
	if err := <-committed; err != nil {
		t.Fatal(err)
	}
}

// A synchronous standby that was never there is waited for as well, from the first commit after Synchronous on; without
// one nothing is waited for.
func TestSynchronousWithout(t *testing.T) {
	s := pgtest.Start(t)
	c := connect(t, s.URL("postgres"))
	for range 3 {
		s.Synchronous(t, "nobody")
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		other := connect(t, s.URL("postgres"))
		if _, err := other.Exec(ctx, "create table if not exists kept (n int); insert into kept values (1)").
			ReadAll(); err == nil {
			t.Error("a commit did not wait")
		}
		cancel()
		s.Synchronous(t, "")
		if _, err := c.Exec(t.Context(), "insert into kept values (2)").ReadAll(); err != nil {
			t.Fatal(err)
		}
	}
}

// A paused server answers nobody, and is none the worse for it.
func TestPause(t *testing.T) {
	s := pgtest.Start(t)
	c := connect(t, s.URL("postgres"))
	answered := make(chan error, 1)
	s.Pause()
	go func() { answered <- c.Ping(context.Background()) }()
	select {
	case err := <-answered:
		t.Fatalf("it answered: %v", err)
	case <-time.After(100 * time.Millisecond):
	}
	s.Resume()
	if err := <-answered; err != nil {
		t.Fatal(err)
	}
	s.Pause()
	s.Kill()
	s.Restart(t)
	s.SQL(t, "postgres", "select 1")
	s.Pause() // which does not keep it from being removed
}

func awaitWaiting(t *testing.T, s *pgtest.Server) {
	t.Helper()
	for range 1000 {
		if s.SQL(t, "postgres", "select count(*) from pg_stat_activity where wait_event = 'SyncRep'") == "1" {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("no commit waits for a standby")
}
