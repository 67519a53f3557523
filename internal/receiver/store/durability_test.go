package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"diaoxiao/internal/pgtest"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
)

func openAs(t *testing.T, url string, d store.Durability) (*store.Store, error) {
	t.Helper()
	s, err := store.Open(t.Context(), url, store.Options{Server: true, Durability: d})
	if err == nil {
		t.Cleanup(func() { s.Close() })
	}
	return s, err
}

func idle(intake.Tx) error { return nil }

// A server whose settings may lose what was committed is refused at the start, whatever durability is asked for.
func TestWeakServer(t *testing.T) {
	for _, setting := range []string{"fsync", "full_page_writes"} {
		url := pgtest.Start(t, setting+" = off").Database(t)
		for _, d := range []store.Durability{store.Local, store.Auto} {
			if _, err := openAs(t, url, d); !errors.Is(err, store.ErrWeak) || !strings.Contains(err.Error(),
				setting+"=off") {
				t.Errorf("%s off, %s: %v", setting, d, err)
			}
		}
	}
}

// Settings of a role or a database do not weaken commits, and another encoding than UTF-8 is refused.
func TestSettingsOfDatabase(t *testing.T) {
	server := pgtest.Start(t)
	server.SQL(t, "postgres", "create database lax")
	server.SQL(t, "postgres", "alter database lax set synchronous_commit = off")
	s, err := openAs(t, server.URL("lax"), store.Auto)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Update(t.Context(), idle); err != nil || s.InForce() != store.Local {
		t.Errorf("%v, %s", err, s.InForce())
	}
	server.SQL(t, "postgres", "create database ascii encoding 'SQL_ASCII' template template0")
	if _, err := openAs(t, server.URL("ascii"), store.Auto); !errors.Is(err, store.ErrWeak) ||
		!strings.Contains(err.Error(), "SQL_ASCII") {
		t.Errorf("SQL_ASCII: %v", err)
	}
}

// Replicated wants named standbys from the start and for ever, Auto from the moment on when it has seen some, Local
// never.
func TestDurability(t *testing.T) {
	primary := pgtest.Start(t)
	primary.SQL(t, "postgres", "create database d")
	url := primary.URL("d")
	if _, err := openAs(t, url, store.Replicated); !errors.Is(err, store.ErrWeak) || !strings.Contains(err.Error(),
		"synchronous_standby_names") {
		t.Errorf("replicated without standbys: %v", err)
	}
	stores := make(map[store.Durability]*store.Store)
	open := func(d store.Durability) {
		t.Helper()
		s, err := openAs(t, url, d)
		if err != nil {
			t.Fatalf("%s: %v", d, err)
		}
		stores[d] = s
	}
	hold := func(when string, want map[store.Durability]string) {
		t.Helper()
		for d, s := range stores {
			err := s.Update(t.Context(), idle)
			if got := fmt.Sprint(s.InForce(), " ", err == nil, " ", s.Ready() == nil); got != want[d] {
				t.Errorf("%s, %s: %s, want %s (%v)", when, d, got, want[d], err)
			}
			if err != nil && !errors.Is(err, intake.ErrUnavailable) {
				t.Errorf("%s, %s: %v", when, d, err)
			}
		}
	}
	open(store.Auto)
	open(store.Local)
	hold("without standbys", map[store.Durability]string{store.Auto: "local true true", store.Local: "local true true"})
	primary.Standby(t, "b")
	primary.Synchronous(t, "b")
	open(store.Replicated)
	all := map[store.Durability]string{store.Auto: "replicated true true", store.Local: "replicated true true",
		store.Replicated: "replicated true true"}
	hold("with a standby", all)
	primary.Synchronous(t, "")
	hold("with its name taken back", map[store.Durability]string{store.Auto: "local false false",
		store.Local:      "local true true",
		store.Replicated: "local false false"})
	primary.Synchronous(t, "b")
	hold("with its name given again", all)
}
