package store_test

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"diaoxiao/internal/pgtest"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/store"
)

// withRegister is a place with a case and a register.
func withRegister(t *testing.T, place string) string {
	t.Helper()
	s := openServer(t, place)
	accept(t, s, addApp(t, s, "k"), "a", []byte("x"))
	build(t, s, 1, 0, putting(firmsOf(1, 1, 300)...))
	record(t, s, 1)
	faults, err := s.Schema(t.Context())
	if more, failed := s.Integrity(t.Context()); err != nil || failed != nil || len(faults)+len(more) > 0 {
		t.Errorf("with a register: %v %v %v %v", faults, more, err, failed)
	}
	shut(t, s)
	return place
}

// holdWithoutRows holds a place to a snapshot without rows, and brings rows to the next one.
func holdWithoutRows(t *testing.T, place string) {
	t.Helper()
	s := openServer(t, place)
	equal(t, "snapshot", read(t, s, intake.Tx.CurrentSnapshot).ID, int64(1))
	equal(t, "rows", read(t, s, func(tx intake.Tx) (bool, error) { return tx.HasRegister(1) }), false)
	fails(t, s, intake.ErrNotFound, func(tx intake.Tx) error { _, err := tx.FirmsByCode(1, []string{"x"}); return err })
	firms := firmsOf(2, 1, 20)
	build(t, s, 2, 0, putting(firms...))
	record(t, s, 2)
	equal(t, "the next", byPripID(t, s, 2, firms[3].PripID), found{firms[3].PripID: {firms[3]}})
	shut(t, s)
}

// A backup and a copy have the snapshots of a register without their rows. A database that is made of them says so,
// also where the folder still has the rows of another one.
func TestRegisterLeftOut(t *testing.T) {
	for name, place := range places() {
		t.Run(name, func(t *testing.T) {
			from := withRegister(t, place(t))
			s := openServer(t, from)
			backup := filepath.Join(t.TempDir(), "b")
			if err := s.Backup(t.Context(), backup); err != nil {
				t.Fatal(err)
			}
			shut(t, s)
			back := place(t)
			leaveRegister(t, back)
			if err := store.Restore(t.Context(), backup, back, store.Options{}, asItIs); err != nil {
				t.Fatal(err)
			}
			holdWithoutRows(t, back)
			for _, to := range []string{filepath.Join(t.TempDir(), "d"), pgtest.Shared(t).Database(t)} {
				leaveRegister(t, to)
				_, err := store.Copy(t.Context(), store.Place{Name: from}, store.Place{Name: to},
					func(store.Progress) {}, asItIs)
				if err != nil {
					t.Fatal(err)
				}
				holdWithoutRows(t, to)
			}
		})
	}
}

// leaveRegister leaves the rows of a snapshot of another database in a folder.
func leaveRegister(t *testing.T, dir string) {
	t.Helper()
	if store.IsURL(dir) {
		return
	}
	other := withRegister(t, filepath.Join(t.TempDir(), "other"))
	if err := os.MkdirAll(filepath.Join(dir, "register"), 0o700); err != nil {
		t.Fatal(err)
	}
	in, err := os.Open(filepath.Join(other, "register", "1.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.Create(filepath.Join(dir, "register", "1.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
}

// The files of snapshots are for the service's user alone, none is left that is not whole, and one that somebody takes
// away is missed.
func TestRegisterFiles(t *testing.T) {
	dir := t.TempDir()
	withRegister(t, dir)
	files, err := os.ReadDir(filepath.Join(dir, "register"))
	if err != nil {
		t.Fatal(err)
	}
	names := ""
	for _, f := range files {
		info, err := f.Info()
		if err != nil {
			t.Fatal(err)
		}
		names += f.Name() + " " + info.Mode().Perm().String() + ", "
	}
	equal(t, "files", names, "1.db -rw-------, build.lock -rw-------, ")
	if info, err := os.Stat(filepath.Join(dir, "register")); err != nil || info.Mode().Perm() != 0o700 {
		t.Error(info.Mode(), err)
	}
	if err := os.Remove(filepath.Join(dir, "register", "1.db")); err != nil {
		t.Fatal(err)
	}
	holdWithoutRows(t, dir)
}

// A file of a snapshot that is not whole is no empty answer.
func TestRegisterFileDamaged(t *testing.T) {
	for what, damage := range map[string]func(path string) error{
		"half": func(path string) error {
			info, err := os.Stat(path)
			if err != nil {
				return err
			}
			return os.Truncate(path, info.Size()/2)
		},
		"empty": func(path string) error { return os.Truncate(path, 0) },
		"text":  func(path string) error { return os.WriteFile(path, make([]byte, 100000), 0o600) },
	} {
		t.Run(what, func(t *testing.T) {
			dir := t.TempDir()
			withRegister(t, dir)
			if err := damage(filepath.Join(dir, "register", "1.db")); err != nil {
				t.Fatal(err)
			}
			s := openServer(t, dir)
			err := s.View(t.Context(), func(tx intake.Tx) error {
				_, err := tx.FirmsByName(1, "没有此户", 0, 10)
				if err == nil {
					for _, f := range firmsOf(1, 1, 300) {
						var got map[string][]register.Firm
						if got, err = tx.FirmsByPripID(1, []string{f.PripID}); err != nil || len(got) == 0 {
							break
						}
					}
				}
				return err
			})
			if err == nil {
				t.Error("nothing is said")
			}
			t.Log(err)
		})
	}
}

// Nothing of a dropped snapshot is left in the tables of PostgreSQL.
func TestRegisterRowsDropped(t *testing.T) {
	url := pgtest.Shared(t).Database(t)
	s := openServer(t, url)
	build(t, s, 1, 0, putting(far()...))
	build(t, s, 2, 0, putting(firmsOf(1, 1, 10)...))
	if err := s.DropRegisters(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"register_rows", "register_firm", "register_gram"} {
		if n := pgQuery(t, url, "SELECT COUNT(*) FROM "+table+" WHERE snapshot < 2"); n != 0 {
			t.Errorf("%s has %d rows", table, n)
		}
		if n := pgQuery(t, url, "SELECT COUNT(*) FROM "+table); n == 0 {
			t.Errorf("%s has nothing", table)
		}
	}
}

// Lists of rows that are kept as bits, because most names have a pair of characters, are as right as others, also where
// changes go on with them.
func TestRegisterOfMany(t *testing.T) {
	s := openServer(t, t.TempDir())
	firms := firmsOf(8, 1, 70000)
	build(t, s, 1, 0, putting(firms[:60000]...))
	build(t, s, 2, 1, putting(firms[60000:]...))
	for _, id := range []int64{1, 2} {
		firms := firms[:50000+10000*id]
		for _, part := range []string{"有限公司", "公司", "内蒙", "团)有"} {
			has, n := nameHas(strings.ReplaceAll(part, ")", "）")), 0
			for _, f := range firms {
				if has(f) {
					n++
				}
			}
			if got := len(byName(t, s, id, part, 0, len(firms))); got != n {
				t.Errorf("%d: %d firms with %s, want %d", id, got, part, n)
			}
			last := byName(t, s, id, part, len(firms)-100, 100)
			if len(last) == 0 || !has(last[0]) || last[0].RowNo <= len(firms)-100 {
				t.Errorf("%d: the last with %s: %v", id, part, last)
			}
		}
	}
}
