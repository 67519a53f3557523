package pgtest_test

import (
	"os"
	"strings"
	"testing"

	"diaoxiao/internal/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// A server begins empty, and with the settings that make a commit durable.
func TestShared(t *testing.T) {
	s := pgtest.Shared(t)
	if pgtest.Shared(t) != s {
		t.Error("there are two shared servers")
	}
	for _, setting := range []string{"fsync", "full_page_writes", "synchronous_commit"} {
		if got := s.SQL(t, "postgres", "show "+setting); got != "on" {
			t.Errorf("%s is %s", setting, got)
		}
	}
	if got := s.SQL(t, "postgres", "select 1, null, 'a' union all select 2, 'b', 'c'"); got != "1||a\n2|b|c" {
		t.Errorf("rows are shown as %q", got)
	}
}

// Databases are the test's own and end with it, though someone is still connected.
func TestDatabase(t *testing.T) {
	s := pgtest.Shared(t)
	var name string
	t.Run("one", func(t *testing.T) {
		url, other := s.Database(t), s.Database(t)
		name = url[strings.LastIndex(url, "/")+1 : strings.Index(url, "?")]
		if url != s.URL(name) || url == other {
			t.Errorf("got %s and %s", url, other)
		}
		s.SQL(t, name, "create table a (b int)")
		connect(t, url)
	})
	if got := s.SQL(t, "postgres", "select count(*) from pg_database where datname = '"+name+"'"); got != "0" {
		t.Error("the database is still there after its test")
	}
}

func TestSettings(t *testing.T) {
	s := pgtest.Start(t, "max_connections = 7", "work_mem = 1MB")
	if got := s.SQL(t, "postgres", "show max_connections; show work_mem"); got != "1MB" {
		t.Errorf("work_mem is %s", got)
	}
	if got := s.SQL(t, "postgres", "show max_connections"); got != "7" {
		t.Errorf("max_connections is %s", got)
	}
}

func TestKillAndRestart(t *testing.T) {
	s := pgtest.Start(t)
	s.SQL(t, "postgres", "create table kept (n int)")
	for n := range 3 {
		s.SQL(t, "postgres", "insert into kept values (1)")
		open := connect(t, s.URL("postgres"))
		if _, err := open.Exec(t.Context(), "begin; insert into kept values (1)").ReadAll(); err != nil {
			t.Fatal(err)
		}
		s.Kill()
		if err := open.Ping(t.Context()); err == nil {
			t.Error("a connection has survived")
		}
		s.Restart(t)
		if got, want := s.SQL(t, "postgres", "select count(*) from kept"), "123"[n:n+1]; got != want {
			t.Errorf("%s rows after %s commits", got, want)
		}
	}
}

func TestStop(t *testing.T) {
	s := pgtest.Start(t)
	connect(t, s.URL("postgres"))
	s.Stop(t)
	s.Stop(t)
	s.Kill()
	s.Restart(t)
	s.Restart(t)
	s.SQL(t, "postgres", "select 1")
}
