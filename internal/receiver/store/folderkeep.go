package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/pressly/goose/v3"

	"diaoxiao/internal/lockfile"
	"diaoxiao/internal/receiver/intake"
)

func (d *folder) integrity(ctx context.Context) (faults []string, err error) {
	err = d.view(ctx, func(t *handle) error {
		lines, err := list(t, func(scan func(...any) error) (l string, err error) { err = scan(&l); return l, err }, "PRAGMA integrity_check")
		if err == nil && (len(lines) != 1 || lines[0] != "ok") {
			faults = lines
		}
		return err
	})
	return faults, err
}

func (d *folder) size(ctx context.Context) (n int64, err error) {
	err = d.view(ctx, func(t *handle) error {
		return t.row([]any{&n}, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
	})
	return n, err
}

func (d *folder) backup(ctx context.Context, path string) error {
	return newFile(path, func(f *os.File) error { return d.copyTo(ctx, f.Name()) })
}

// newFile has a file filled that must not be there, durably; where that fails none is left.
func newFile(path string, fill func(*os.File) error) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	err = fill(f)
	if err == nil {
		err = errors.Join(f.Sync(), lockfile.SyncDir(filepath.Dir(path)))
	}
	if err != nil {
		os.Remove(path)
		return fmt.Errorf("backup to %s: %w", path, err)
	}
	return nil
}

// copyTo fills the empty file path, on a connection of its own: the readers may not write, not even elsewhere.
func (d *folder) copyTo(ctx context.Context, path string) error {
	db, err := d.pool(filepath.Join(d.dir, fileName), false, 1)
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.ExecContext(ctx, "VACUUM INTO ?", path)
	return err
}

// restoreFolder is Restore for a data folder. The file gets its name when all is done.
func restoreFolder(ctx context.Context, backup, dir string, finish func(intake.Tx) error) error {
	if err := checkBackup(backup); err != nil {
		return err
	}
	in, err := os.Open(backup)
	if err != nil {
		return err
	}
	defer in.Close()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	locked := &folder{dir: dir}
	if err := locked.lock(serverLock, 0); err != nil {
		return err
	}
	defer locked.locks[0].Close()
	for _, name := range []string{fileName, fileName + "-wal", fileName + "-shm"} {
		if _, err := os.Stat(filepath.Join(dir, name)); !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%w：%s 中已有%s；请指定一个新的数据目录", ErrNotEmpty, dir, name)
		}
	}
	path := filepath.Join(dir, fileName)
	part := path + ".part"
	os.Remove(part + "-journal") // of a restore that was killed: not of this file
	err = copyFile(ctx, in, part)
	if err == nil {
		err = finishFile(ctx, part, finish)
	}
	if err != nil {
		os.Remove(part)
		os.Remove(part + "-journal")
		return err
	}
	os.Remove(filepath.Join(dir, markFile)) // of a database that was here before
	return errors.Join(os.Rename(part, path), lockfile.SyncDir(dir))
}

// finishFile brings the schema of a copied file up to date and runs finish on it, durably, and without leaving a log
// beside it.
func finishFile(ctx context.Context, path string, finish func(intake.Tx) error) (err error) {
	db, err := sql.Open("sqlite", fileDSN(path)+"_pragma=journal_mode(DELETE)&_pragma=synchronous(2)")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	if _, err := (Options{}).migrate(ctx, db, goose.DialectSQLite3, "migrations/sqlite", nil); err != nil {
		return err
	}
	c, err := newConn(ctx, db)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	if _, err := c.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	t := &handle{conn: c, group: &group{}}
	if err := errors.Join(runTx{t}.Acknowledge(), finish(newTx(t))); err != nil {
		c.exec("ROLLBACK")
		return err
	}
	_, err = c.exec("COMMIT")
	return err
}

// copyFile fills path, durably.
func copyFile(ctx context.Context, in io.Reader, path string) error {
	out, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, stoppable{ctx, in})
	return errors.Join(err, out.Sync(), out.Close())
}

// stoppable reads until ctx ends.
type stoppable struct {
	ctx context.Context
	io.Reader
}

func (s stoppable) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.Reader.Read(p)
}
