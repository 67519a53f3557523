package main

import (
	"diaoxiao/internal/receiver/receivertest"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/config"
	"diaoxiao/internal/receiver/server"
	"diaoxiao/sandbox"
)

// running is a server in this process with one app, and a sender that is logged in.
type running struct {
	*server.Server
	*receivertest.Sender
	stopped bool
}

// serveHere starts the server on a data folder; it stops with the test at the latest.
func serveHere(t *testing.T, dir string, change func(*config.Settings)) *running {
	t.Helper()
	conf := config.Defaults()
	conf.Data, conf.Listen = dir, "127.0.0.1:0"
	if change != nil {
		change(&conf)
	}
	s, err := server.Start(t.Context(), server.Config{Settings: conf, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	r := &running{Server: s, Sender: &receivertest.Sender{Base: "http://" + s.Addr.String()}}
	t.Cleanup(func() { r.end(t) })
	return r
}

// end stops the server, once.
func (r *running) end(t *testing.T) {
	t.Helper()
	if r.stopped {
		return
	}
	r.stopped = true
	if err := r.Stop(); err != nil {
		t.Error(err)
	}
}

// admit creates an app of that name and logs in as it.
func (r *running) admit(t *testing.T, name string) {
	t.Helper()
	r.Admit(t, r.Desk, name)
}

// verified waits until nothing waits for verification.
func (r *running) verified(t *testing.T) {
	t.Helper()
	receivertest.Verified(t, r.Desk)
}

// filled is a data folder with three verified cases, one of them large, a repeat and a refusal; no server runs on it.
func filled(t *testing.T) (dir string, acceptIDs []string) {
	t.Helper()
	dir = t.TempDir()
	r := serveHere(t, dir, nil)
	r.admit(t, "应用甲")
	for seed, n := range []int{120, 3, 700} {
		acceptIDs = append(acceptIDs, r.Receive(t, receivertest.CaseBody(sandbox.Batch(uint64(seed), n))))
	}
	r.Receive(t, receivertest.CaseBody(sandbox.Batch(1, 3)))
	if a, err := r.Exchange(t.Context(), api.Receive, r.Token, []byte("{}")); err != nil || len(a.Problems) == 0 {
		t.Fatal(a, err)
	}
	r.verified(t)
	r.end(t)
	return dir, acceptIDs
}

// copied is a copy of a data folder that no program uses.
func copied(t *testing.T, dir string) string {
	t.Helper()
	to := t.TempDir()
	for _, name := range []string{"diaoxiao.db", "diaoxiao.db-wal"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if os.IsNotExist(err) {
			continue
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(to, name), text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return to
}
