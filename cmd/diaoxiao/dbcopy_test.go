package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"diaoxiao/internal/pgtest"
	"diaoxiao/internal/receiver/store"
)

// A copy that is killed or interrupted leaves a target that no command accepts. The next run completes it.
func TestCopyKilled(t *testing.T) {
	from, _ := filled(t)
	to := pgtest.Shared(t).Database(t)
	s, err := store.Open(t.Context(), to, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	c, err := pgconn.Connect(t.Context(), to)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	if _, err := c.Exec(t.Context(),
		"begin; lock table attempt in share mode").ReadAll(); err != nil { // reading goes on
		t.Fatal(err)
	}
	for _, signal := range []os.Signal{syscall.SIGKILL, os.Interrupt} {
		said := breakOff(t, to, signal, "db", "copy", "--from", from, "--to", to)
		if signal == os.Interrupt && !strings.Contains(said, "错误：搬迁没有做完：") {
			t.Errorf("interrupted: %s", said)
		}
		if r := runHere(t, nil, "case", "list", "--database", to); r.code != exitFailure ||
			!strings.Contains(r.err, "恢复或搬迁没有做完") {
			t.Errorf("%v: %d %s%s", signal, r.code, r.out, r.err)
		}
	}
	if _, err := c.Exec(t.Context(), "rollback").ReadAll(); err != nil {
		t.Fatal(err)
	}
	r := must(t, "db", "copy", "--from", from, "--to", to, "--json")
	var got store.Copied
	first, rest, _ := strings.Cut(r.out, "\n")
	if err := json.Unmarshal([]byte(first), &got); err != nil || got.Moved == 0 || got.Moved >= got.Rows-4 {
		t.Errorf("%v: %s", err, first)
	}
	if rest != `{"cases":3,"entities":823,"attempts":5,"verified":0,"audited":2,"faults":0}`+"\n" {
		t.Error(rest)
	}
}

// breakOff runs the program until it waits for a lock in a database, sends it a signal and returns its error output.
func breakOff(t *testing.T, place string, signal os.Signal, args ...string) string {
	t.Helper()
	var said bytes.Buffer
	cmd := exec.Command("diaoxiao", args...)
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	const ours = "select count(*) from pg_stat_activity " +
		"where datname = current_database() and application_name = 'diaoxiao'"
	awaitRow(t, place, ours+" and wait_event_type = 'Lock'", "1")
	cmd.Process.Signal(signal)
	if err := cmd.Wait(); err == nil {
		t.Error("it ended well")
	}
	awaitRow(t, place, ours, "0")
	return said.String()
}

// awaitRow waits until a query of the database gives a value.
func awaitRow(t *testing.T, place, query, want string) {
	t.Helper()
	name := place[strings.LastIndex(place, "/")+1 : strings.Index(place, "?")]
	for range 3000 {
		if pgtest.Shared(t).SQL(t, name, query) == want {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("%s: not %s", query, want)
}
