package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// An export or a backup from a folder that cannot be written has no entry in the audit. The command says so plainly, in
// Chinese.
func TestGivenOutOfReadOnlyFolder(t *testing.T) {
	dir := t.TempDir()
	must(t, "app", "create", "--name", "甲", "--account", "a", "--data", dir)
	at := unwritable(t, dir)
	for _, args := range [][]string{{"export"}, {"db", "backup", filepath.Join(t.TempDir(), "b.db")}} {
		r := runHere(t, nil, append(args, "--data", at)...)
		want := "注意：数据目录不可写，这一次查看或导出没有记入审计记录；请另行登记\n"
		if r.code != exitOK || !strings.Contains(r.err, want) || strings.Contains(r.err, "unknown") {
			t.Errorf("%v: exit code %d\n%s", args, r.code, r.err)
		}
	}
}

// unwritable is the folder as on a disk that became read-only: mounted read-only where this process may mount, or else
// with read-only modes.
func unwritable(t *testing.T, dir string) string {
	t.Helper()
	if os.Getuid() != 0 {
		entries, err := os.ReadDir(dir)
		for _, e := range entries {
			err = errors.Join(err, os.Chmod(filepath.Join(dir, e.Name()), 0o400))
		}
		if err = errors.Join(err, os.Chmod(dir, 0o500)); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.Chmod(dir, 0o700) })
		return dir
	}
	at := t.TempDir()
	for _, args := range [][]string{{"--bind", dir, at}, {"-o", "remount,bind,ro", at}} {
		if out, err := exec.Command("mount", args...).CombinedOutput(); err != nil {
			t.Fatalf("mount: %v: %s", err, out)
		}
	}
	t.Cleanup(func() { syscall.Unmount(at, syscall.MNT_DETACH) })
	return at
}
