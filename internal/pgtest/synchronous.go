package pgtest

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

// Synchronous sets synchronous_standby_names, such as "a" or "ANY 1 (a, b)"; "" is none. When it returns, every commit
// that begins waits for those standbys, whether they are there or not.
func (s *Server) Synchronous(t testing.TB, names string) {
	t.Helper()
	if err := s.set("synchronous_standby_names", names); err != nil {
		t.Fatalf("PostgreSQL on port %d: %v", s.port, err)
	}
	// Commits look at what the checkpointer has read, which had its signal by now; it reads it at the latest between
	// two checkpoints.
	s.SQL(t, "postgres", "checkpoint; checkpoint")
}

// AwaitSync waits until all these standbys take part in commits, as sync or quorum.
func (s *Server) AwaitSync(t testing.TB, names ...string) {
	t.Helper()
	err := s.awaitRows(
		"select application_name from pg_stat_replication where sync_state in ('sync', 'quorum')",
		names...,
	)
	if err != nil {
		t.Fatalf("waiting for synchronous standbys: %v", err)
	}
}

// set changes a setting for good. When it returns, the server has told all its processes.
func (s *Server) set(setting, value string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	literal := "'" + strings.ReplaceAll(value, "'", "''") + "'"
	for _, statement := range []string{"alter system set " + setting + " = " + literal, "select pg_reload_conf()"} {
		if _, err := query(ctx, s.URL("postgres"), statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return s.awaitRows("show "+setting, value) // a new process sees what the server has read
}
