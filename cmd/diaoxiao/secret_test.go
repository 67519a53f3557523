package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/pgtest"
)

// The password of a database shows neither in what a backup prints nor in the arguments of a process, which everybody
// on the machine can read.
func TestPasswordDoesNotShow(t *testing.T) {
	const password = "geheim4711"
	place := pgtest.Shared(t).Database(t)
	must(t, "app", "create", "--database", place, "--name", "应用甲", "--account", "张三")
	c, err := pgconn.Connect(t.Context(), place)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	lock := "begin; lock table audit in access exclusive mode" // pg_dump waits for it, to be looked at
	if _, err := c.Exec(t.Context(), lock).ReadAll(); err != nil {
		t.Fatal(err)
	}
	environ := []string{cli.EnvPrefix + "DATABASE=" + strings.Replace(place, "diaoxiao@", "diaoxiao:"+password+"@", 1),
		"PATH=" + os.Getenv("PATH")}
	file := filepath.Join(t.TempDir(), "b.dump")
	done := make(chan result, 1)
	go func() { done <- runHere(t, environ, "db", "backup", file) }()
	arguments := awaitArguments(t, "--exclude-table-data")
	if _, err := c.Exec(t.Context(), "rollback").ReadAll(); err != nil {
		t.Fatal(err)
	}
	r := <-done
	if r.code != exitOK || strings.Contains(r.out+r.err+arguments, password) {
		t.Errorf("%d %s%s%s", r.code, r.out, r.err, arguments)
	}
	broken := append(environ[1:], strings.Replace(environ[0], "127.0.0.1:", "127.0.0.1:1", 1))
	if r := runHere(t, broken, "db", "backup", file+"2"); r.code != exitFailure ||
		strings.Contains(r.out+r.err, password) {
		t.Errorf("%d %s%s", r.code, r.out, r.err)
	}
}

// awaitArguments returns the arguments of the process that has one like this, once there is one, for a minute.
func awaitArguments(t *testing.T, like string) string {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		all, _ := filepath.Glob("/proc/[0-9]*/cmdline")
		for _, path := range all {
			text, err := os.ReadFile(path)
			if err == nil && bytes.Contains(text, []byte(like)) {
				return strings.ReplaceAll(string(text), "\x00", " ")
			}
		}
	}
	t.Fatal("no such process")
	return ""
}
