package sqlite

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"diaoxiao/internal/lockfile"
)

// synchronous is the SQLite setting under which a commit survives a power cut by itself: FULL, 2. Nothing weaker is
// allowed, but for the writer of a server, which has the sync done beside it; see overlap.
const synchronous = 2

// minVersion is the first SQLite without the WAL-reset bug, which could lose committed pages.
var minVersion = [3]int{3, 51, 3}

// dsn returns the connection string; every connection of the pool gets the pragmas. Checkpoints are run by the writer,
// so that their errors are seen.
func dsn(path string, readOnly bool) string {
	pragmas := []string{"busy_timeout(10000)", "journal_mode(WAL)", fmt.Sprintf("synchronous(%d)", synchronous),
		"temp_store(MEMORY)",
		"foreign_keys(0)", "wal_autocheckpoint(0)",
		"journal_size_limit(67108864)", "trusted_schema(0)"}
	if readOnly {
		pragmas = append(pragmas, "cache_size(-1024)", "query_only(1)")
	} else {
		pragmas = append(pragmas, "cache_size(-8192)")
	}
	q := url.Values{"_pragma": pragmas}
	return fileDSN(path) + q.Encode()
}

// fileDSN is a connection string up to its settings: a path may hold what ends one.
func fileDSN(path string) string {
	return "file:" + (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath() + "?"
}

// checkSettings refuses a connection on which a commit might not be durable.
func checkSettings(c *conn) error {
	var version, mode string
	var sync int
	if err := c.Row([]any{&version}, "SELECT sqlite_version()"); err != nil {
		return err
	}
	if !atLeast(version, minVersion) {
		return fmt.Errorf("SQLite %s is too old: versions before 3.51.3 can lose committed data", version)
	}
	if err := c.Row([]any{&mode}, "PRAGMA journal_mode"); err != nil {
		return err
	}
	if err := c.Row([]any{&sync}, "PRAGMA synchronous"); err != nil {
		return err
	}
	if mode != "wal" || sync < 2 {
		return fmt.Errorf("weak settings: journal_mode=%s synchronous=%d, need wal and 2 (FULL); is the data folder "+
			"on a network file system?", mode, sync)
	}
	return nil
}

// atLeast reports whether a version is at least one that is wanted.
func atLeast(version string, want [3]int) bool {
	parts := strings.Split(version, ".")
	for i, w := range want {
		if i >= len(parts) {
			return false
		}
		n, err := strconv.Atoi(parts[i])
		if err != nil || n != w {
			return err == nil && n > w
		}
	}
	return true
}

// checkpoint copies the write-ahead log into the database and syncs both. mode is PASSIVE or TRUNCATE. busy: somebody
// still reads an old snapshot and part of the log had to stay.
func checkpoint(c *conn, mode string) (busy bool, err error) {
	var b, log, done int
	err = c.Row([]any{&b, &log, &done}, "PRAGMA wal_checkpoint("+mode+")")
	return b != 0, err
}

// walFrames is the length of the write-ahead log in pages not yet copied into the database.
func walFrames(c *conn) (int, error) {
	var b, log, done int
	err := c.Row([]any{&b, &log, &done}, "PRAGMA wal_checkpoint(NOOP)")
	return log - done, err
}

// openFile creates the database file with mode 0600 where it is missing; SQLite gives its companions the same. One that
// is there is not opened: closing it again would give back every POSIX lock that this process has on it.
func openFile(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return lockfile.SyncDir(filepath.Dir(path))
	}
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), lockfile.SyncDir(filepath.Dir(path)))
}

// openPool opens connections to the database at path.
func openPool(path string, readOnly bool, conns int) (*sql.DB, error) {
	db, err := sql.Open("sqlite", dsn(path, readOnly))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

// resultCode is SQLite's extended result code of err, 0 for none.
func resultCode(err error) int {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code()
	}
	return 0
}

// isFull reports an error for want of room: SQLite says so where a write found none, never of a sync.
func isFull(err error) bool {
	return resultCode(err)&0xff == sqlite3.SQLITE_FULL || errors.Is(err, syscall.ENOSPC)
}

// isDamage reports an error after which the state of the file or its log is in doubt.
func isDamage(err error) bool {
	switch resultCode(err) & 0xff {
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB,
		sqlite3.SQLITE_READONLY,
		sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_INTERNAL, sqlite3.SQLITE_MISUSE,
		sqlite3.SQLITE_PROTOCOL:
		return true
	}
	return false
}
