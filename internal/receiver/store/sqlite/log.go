package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"diaoxiao/internal/receiver/store/engine"
)

// logName is the name of the write-ahead log in the data folder.
const logName = fileName + "-wal"

// overlap leaves the sync of each commit to Sync, for a server: the writer then prepares a transaction while the one
// before it is synced. SQLite goes on syncing the header of a log that begins anew, the log before a checkpoint, and
// the database after one (synchronous=NORMAL), so that a log cut anywhere has a beginning of whole transactions, and
// what Sync has kept is one.
//
// A descriptor of its own is safe: SQLite locks the database and its index, not the log, so closing this one gives back
// no lock. It is the same file for as long as the server runs: only the last connection that closes removes it.
func (d *folder) overlap(ctx context.Context) error {
	log, err := os.OpenFile(filepath.Join(d.dir, logName), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	var mode int
	_, err = d.conn.ExecContext(ctx, "PRAGMA synchronous=NORMAL")
	if err == nil {
		err = d.conn.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&mode)
	}
	if err == nil && mode != 1 {
		err = fmt.Errorf("%w：synchronous=%d", engine.ErrWeak, mode)
	}
	if err != nil {
		return errors.Join(err, log.Close())
	}
	d.log = log
	return nil
}

// Overlaps implements engine.Overlapping.
func (d *folder) Overlaps() bool { return d.log != nil }

// Sync implements engine.Overlapping.
func (d *folder) Sync() error { return syncData(d.log) }

// syncLog makes durable what can be read in the database, on a descriptor of its own: a failed sync is told once on
// each descriptor, and the writer must not miss it.
func (d *folder) syncLog() error {
	log, err := os.OpenFile(filepath.Join(d.dir, logName), os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // all is in the database
	}
	if err != nil {
		return err
	}
	return errors.Join(syncData(log), log.Close())
}
