//go:build linux

package store_test

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
)

// A folder on a disk that became read-only can be read and backed up, with all that was acknowledged, whether its
// server has been stopped, was killed, or still runs; nothing is written there.
func TestReadOnlyFolder(t *testing.T) {
	for _, what := range []string{"stopped", "killed", "running"} {
		t.Run(what, func(t *testing.T) {
			dir := t.TempDir()
			s := openServer(t, dir)
			app := addApp(t, s, "k")
			accept(t, s, app, "a", []byte("first"))
			switch what {
			case "stopped":
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
			case "killed": // the files as they are, with a log that nobody has
				dir = copyOf(t, dir)
			}
			at := readOnlyView(t, dir)
			before := names(t, dir)
			r, err := store.Open(t.Context(), at, store.Options{MustExist: true})
			if err != nil {
				t.Fatal(err)
			}
			if !r.ReadOnly() {
				t.Error("it is not said to be read-only")
			}
			holdBody(t, r, 1, []byte("first"))
			if what == "running" {
				accept(t, s, app, "b", []byte("second"))
				holdBody(t, r, 2, []byte("second"))
			}
			if faults, err := r.Integrity(t.Context()); err != nil || len(faults) > 0 {
				t.Errorf("integrity: %v %v", faults, err)
			}
			backup := filepath.Join(t.TempDir(), "b.db")
			if err := r.Backup(t.Context(), backup); err != nil {
				t.Error(err)
			}
			if err := r.Update(t.Context(), func(tx intake.Tx) error { return tx.SetEpoch(9) }); !errors.Is(err,
				intake.ErrUnavailable) {
				t.Errorf("written: %v", err)
			}
			if err := r.Close(); err != nil {
				t.Error(err)
			}
			equal(t, "files", names(t, dir), before)
			back := filepath.Join(t.TempDir(), "back")
			if err := store.Restore(t.Context(), backup, back, store.Options{}, asItIs); err != nil {
				t.Fatal(err)
			}
			holdBody(t, openServer(t, back), 1, []byte("first"))
			if s, err := store.Open(t.Context(), at, store.Options{Server: true}); err == nil {
				s.Close()
				t.Error("a server starts there")
			}
		})
	}
}

// A register on a disk that became read-only can be read and searched; none is built there, and nothing is written.
func TestRegisterReadOnly(t *testing.T) {
	dir := withRegister(t, t.TempDir())
	registers := filepath.Join(dir, "register")
	before := names(t, registers)
	s, err := store.Open(t.Context(), readOnlyView(t, dir), store.Options{MustExist: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	holdNames(t, s, 1, firmsOf(1, 1, 300))
	err = s.BuildRegister(t.Context(), 2, 0, putting(firmsOf(2, 1, 10)...), done)
	if !errors.Is(err, syscall.EROFS) && !errors.Is(err, fs.ErrPermission) {
		t.Errorf("built: %v", err)
	}
	equal(t, "files", names(t, registers), before)
}

// readOnlyView is a folder as a disk shows it that became read-only: by a mount where this process may, by modes
// otherwise.
func readOnlyView(t *testing.T, dir string) string {
	t.Helper()
	if os.Getuid() != 0 {
		for _, name := range append(names(t, dir), ".") {
			path := filepath.Join(dir, name)
			info, err := os.Stat(path)
			if err == nil {
				t.Cleanup(func() { os.Chmod(path, info.Mode()) })
				err = os.Chmod(path, info.Mode()&^0o222)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
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

func names(t *testing.T, dir string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func copyOf(t *testing.T, dir string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}
