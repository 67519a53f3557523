package store_test

import (
	"bytes"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"diaoxiao/internal/receiver/store"
)

// A file that is no whole backup is refused before the target is there, and the error says what it is.
func TestRestoreRefusesBadBackup(t *testing.T) {
	s := openServer(t, t.TempDir())
	accept(t, s, addApp(t, s, "k"), "a", noise(1, 200<<10))
	good := filepath.Join(t.TempDir(), "good.db")
	if err := s.Backup(t.Context(), good); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	foreign := filepath.Join(t.TempDir(), "foreign.db")
	db, err := sql.Open("sqlite", foreign)
	if err == nil {
		_, err = db.Exec("CREATE TABLE cases (x); INSERT INTO cases VALUES (1)")
	}
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	others, err := os.ReadFile(foreign)
	if err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		data []byte
		want string
	}{
		"empty":                {nil, "空文件"},
		"a few bytes":          {whole[:50], "开头已损坏"},
		"the head alone":       {whole[:100], "不完整，应有"},
		"half":                 {whole[:len(whole)/2], "不完整，应有"},
		"one page less":        {whole[:len(whole)-4096], "不完整，应有"},
		"one byte less":        {whole[:len(whole)-1], "不完整，应有"},
		"text":                 {[]byte(strings.Repeat("案件编号,案件名称\n", 50)), "不是数据库文件"},
		"another's database":   {others, "别的程序"},
		"no head":              {append(make([]byte, 100), whole[100:]...), "开头已损坏"},
		"no first page":        {append(bytes.Clone(whole[:100]), make([]byte, len(whole)-100)...), ""},
		"a dump of PostgreSQL": {append([]byte("PGDMP"), whole...), "不是数据库文件"},
	} {
		t.Run(what, func(t *testing.T) {
			bad, dir := filepath.Join(t.TempDir(), "bad.db"), filepath.Join(t.TempDir(), "target")
			if err := os.WriteFile(bad, c.data, 0o600); err != nil {
				t.Fatal(err)
			}
			err := store.Restore(t.Context(), bad, dir, store.Options{}, asItIs)
			if !errors.Is(err, store.ErrBackup) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("the target is there: %v", err)
			}
			if left, _ := os.ReadDir(filepath.Dir(bad)); len(left) != 1 {
				t.Errorf("beside the backup: %v", left)
			}
		})
	}
	if err := store.Restore(t.Context(), good, filepath.Join(t.TempDir(), "target"), store.Options{},
		asItIs); err != nil {
		t.Errorf("a good one: %v", err)
	}
}
