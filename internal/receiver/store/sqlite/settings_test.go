package sqlite

import (
	"database/sql"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"diaoxiao/internal/receiver/store/engine"
)

func TestAtLeast(t *testing.T) {
	for version, want := range map[string]bool{
		"3.51.3": true, "3.51.4": true, "3.51.10": true, "3.52.0": true, "3.54.1": true, "3.100.0": true,
		"4.0.0": true, "10.0.0": true, "3.51.3.1": true,
		"3.51.2": false, "3.51.0": false, "3.51": false, "3.9.9": false, "3.7.0": false, "3": false, "2.99.99": false,
		"": false, "x": false, "3.x.9": false, "3.51.x": false, "3.51.3-beta": false,
	} {
		if got := atLeast(version, minVersion); got != want {
			t.Errorf("%q: %t", version, got)
		}
	}
}

// Every setting under which a commit may not survive a power cut is refused, whoever made it.
func TestWeakSettings(t *testing.T) {
	for _, c := range []struct {
		pragmas string
		ok      bool
	}{
		{"_pragma=journal_mode(WAL)&_pragma=synchronous(2)", true},
		{"_pragma=journal_mode(WAL)&_pragma=synchronous(3)", true},
		{"_pragma=journal_mode(WAL)&_pragma=synchronous(1)", false},
		{"_pragma=journal_mode(WAL)&_pragma=synchronous(0)", false},
		{"_pragma=journal_mode(DELETE)&_pragma=synchronous(2)", false},
		{"_pragma=journal_mode(TRUNCATE)&_pragma=synchronous(3)", false},
		{"_pragma=journal_mode(MEMORY)&_pragma=synchronous(2)", false},
		{"_pragma=journal_mode(OFF)&_pragma=synchronous(2)", false},
		{"mode=memory&_pragma=journal_mode(WAL)&_pragma=synchronous(2)", false}, // asks for it and does not get it
	} {
		db, err := sql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), "x.db")+"?"+c.pragmas)
		if err != nil {
			t.Fatal(err)
		}
		conn, err := newConn(t.Context(), db)
		if err != nil {
			t.Fatal(err)
		}
		if err := checkSettings(conn); (err == nil) != c.ok || err != nil && !strings.Contains(err.Error(),
			"weak settings") {
			t.Errorf("%s: %v", c.pragmas, err)
		}
		conn.Close()
		db.Close()
	}
}

// All connections of a store that is open have the settings, also those that only read. A server's writer alone leaves
// the sync of a commit to Sync.
func TestSettings(t *testing.T) {
	for _, server := range []bool{true, false} {
		holdSettings(t, server)
	}
}

func holdSettings(t *testing.T, server bool) {
	d, err := open(t.Context(), filepath.Join(t.TempDir(), "with %20 ? # and 空格"), engine.Options{Server: server})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if d.Overlaps() != server {
		t.Errorf("server %t, and the sync is left to Sync: %t", server, d.Overlaps())
	}
	for i, c := range d.conns {
		if err := checkSettings(c); (err == nil) != (!server || i > 0) {
			t.Errorf("server %t, connection %d: %v", server, i, err)
		}
		for pragma, want := range map[string]int{"query_only": min(i, 1), "wal_autocheckpoint": 0,
			"busy_timeout": 10000, "trusted_schema": 0} {
			got := -1
			if err := c.Row([]any{&got}, "PRAGMA "+pragma); err != nil || got != want {
				t.Errorf("connection %d: %s is %d, %v", i, pragma, got, err)
			}
		}
	}
	if len(d.conns) != 5 {
		t.Errorf("%d connections", len(d.conns))
	}
}

// The SQLite that runs is the one compiled in, and new enough.
func TestSQLiteVersion(t *testing.T) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var version string
	if err := db.QueryRow("SELECT sqlite_version()").Scan(&version); err != nil {
		t.Fatal(err)
	}
	if version != Version || !atLeast(version, minVersion) {
		t.Errorf("running %s, compiled in %s", version, Version)
	}
}

// The driver is generated C and needs exactly the C library it was generated for. Reading our own go.mod here, and not
// by the go command alone, is what makes the test cache notice a change of it.
func TestLibcVersion(t *testing.T) {
	libc := regexp.MustCompile(`(?m)^\s*(?:require\s+)?modernc\.org/libc\s+(v\S+)`)
	ours, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	name, err := exec.Command("go", "list", "-m", "-f", "{{.GoMod}}", "modernc.org/sqlite").Output()
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := os.ReadFile(strings.TrimSpace(string(name)))
	if err != nil {
		t.Fatal(err)
	}
	have, want := libc.FindSubmatch(ours), libc.FindSubmatch(theirs)
	if have == nil || want == nil || string(have[1]) != string(want[1]) {
		t.Errorf("go.mod has modernc.org/libc %q, the driver wants %q", have, want)
	}
}
