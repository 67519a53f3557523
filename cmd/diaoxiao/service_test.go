package main

import (
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/sandbox"
)

// running is a server in this process with one app, and a sender that is logged in.
type running struct {
	*service
	wire
	app     intake.Credentials
	token   string
	stopped bool
}

// serveHere starts the server on a data folder; it stops with the test at the latest.
func serveHere(t *testing.T, dir string, change func(*config)) *running {
	t.Helper()
	conf := defaults()
	conf.Data, conf.Listen = dir, "127.0.0.1:0"
	if change != nil {
		change(&conf)
	}
	s, err := start(t.Context(), setup{Settings: conf, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	r := &running{service: s, wire: wire{base: "http://" + s.addr.String(), out: io.Discard}}
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
	if err := r.stop(); err != nil {
		t.Error(err)
	}
}

// admit creates an app of that name and logs in as it.
func (r *running) admit(t *testing.T, name string) {
	t.Helper()
	var err error
	r.app, err = r.desk.CreateApp(t.Context(), intake.Actor("cli:test"), intake.AppSpec{Name: name, Accounts: []string{demoAccount}})
	if err != nil {
		t.Fatal(err)
	}
	a, err := r.call(t.Context(), api.Login, "", loginBody(r.app))
	if err != nil {
		t.Fatal(err)
	}
	r.token = a.Token
}

// receive sends a body that must be accepted and returns its acceptid.
func (r *running) receive(t *testing.T, body []byte) string {
	t.Helper()
	a, err := r.call(t.Context(), api.Receive, r.token, body)
	if err != nil {
		t.Fatal(err)
	}
	return a.AcceptID
}

// verified waits until nothing waits for verification.
func (r *running) verified(t *testing.T) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if n, err := intake.NewExaminer(r.desk).Backlog(t.Context(), 1); err != nil || n == 0 {
			if err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Fatal("not verified")
}

// filled is a data folder with three verified cases, one of them large, a repeat and a refusal; no server runs on it.
func filled(t *testing.T) (dir string, acceptIDs []string) {
	t.Helper()
	dir = t.TempDir()
	r := serveHere(t, dir, nil)
	r.admit(t, "应用甲")
	for seed, n := range []int{120, 3, 700} {
		acceptIDs = append(acceptIDs, r.receive(t, caseBody(sandbox.Batch(uint64(seed), n))))
	}
	r.receive(t, caseBody(sandbox.Batch(1, 3)))
	if a, err := r.exchange(t.Context(), api.Receive, r.token, []byte("{}")); err != nil || len(a.Problems) == 0 {
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
