package pgtest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Standby makes a server that replicates this one, which knows it by a name: small letters, digits and underscores, but
// not "first" or "any". It streams, and takes queries, when it is returned. It has the settings of its primary but
// synchronous_standby_names, which is empty, and it ends with the test.
func (s *Server) Standby(t testing.TB, name string) *Server {
	t.Helper()
	standby, err := create(name)
	if err != nil {
		t.Fatalf("making a standby: %v", err)
	}
	standby.belongsTo(t)
	if err := standby.copyOf(s); err != nil {
		t.Fatalf("making a standby of PostgreSQL on port %d: %v", s.port, err)
	}
	return standby
}

// Follow makes this server replicate another, and returns when it streams. A standby that is up keeps its data and
// changes over, which it can unless it is ahead of its new primary. Any other, such as a primary that was killed, gives
// up its data for a copy of the new primary's.
func (s *Server) Follow(t testing.TB, primary *Server) {
	t.Helper()
	follow := s.renew
	if s.main != nil && s.SQL(t, "postgres", "select pg_is_in_recovery()") == "t" {
		follow = s.changeOver
	}
	if err := follow(primary); err != nil {
		t.Fatalf("making PostgreSQL on port %d a standby of port %d: %v", s.port, primary.port, err)
	}
}

// Promote makes a standby a primary. It returns when the server takes writes.
func (s *Server) Promote(t testing.TB) {
	t.Helper()
	if s.SQL(t, "postgres", "select pg_promote(true, 60)") != "t" {
		t.Fatalf("PostgreSQL on port %d was not promoted within a minute", s.port)
	}
}

// copyOf fills an empty folder with a copy of the primary and starts it. pg_basebackup must not bear the standby's
// name: it says of what it copies that it is durable, so a primary that waits for that name would take it for the
// standby.
func (s *Server) copyOf(primary *Server) error {
	err := s.folder.run(
		s.bin.path("pg_basebackup"), "-D", s.folder.data(), "-d", primary.conninfo("copy"), "-c", "fast", "-R",
		"--no-sync",
	)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(s.folder.data(), "postgresql.auto.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err = fmt.Fprintf(
		f,
		"primary_conninfo = '%s'\nsynchronous_standby_names = ''\n",
		primary.conninfo(s.name),
	); err != nil {
		return err
	}
	if err := s.launch(); err != nil {
		return err
	}
	return primary.awaitStreaming(s.name)
}

// renew replaces the server by a standby under the same port and name. Its log goes on.
func (s *Server) renew(primary *Server) error {
	s.Kill()
	fresh, err := newFolder()
	if err != nil {
		return err
	}
	old := s.folder
	s.folder = fresh
	err = os.Rename(old.log(), fresh.log())
	old.remove()
	if err != nil {
		return err
	}
	return s.copyOf(primary)
}

func (s *Server) changeOver(primary *Server) error {
	if err := s.set("primary_conninfo", primary.conninfo(s.name)); err != nil {
		return err
	}
	return primary.awaitStreaming(s.name)
}

// conninfo is how a standby or a program connects to this server.
func (s *Server) conninfo(as string) string {
	return fmt.Sprintf("host=127.0.0.1 port=%d user=%s sslmode=disable application_name=%s", s.port, superuser, as)
}

// awaitStreaming waits for a standby of this server.
func (s *Server) awaitStreaming(name string) error {
	return s.awaitRows("select application_name, state from pg_stat_replication", name+"|streaming")
}

// awaitRows waits until a query has all of these rows among its own.
func (s *Server) awaitRows(statement string, rows ...string) error {
	return eventually(func(ctx context.Context) error {
		got, err := query(ctx, s.URL("postgres"), statement)
		if err != nil {
			return err
		}
		for _, want := range rows {
			if !strings.Contains("\n"+got+"\n", "\n"+want+"\n") {
				return fmt.Errorf("port %d: %s: got %q, waited for %q", s.port, statement, got, want)
			}
		}
		return nil
	})
}
