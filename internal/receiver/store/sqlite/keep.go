package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"diaoxiao/internal/ctxreader"
	"diaoxiao/internal/lockfile"
	"diaoxiao/internal/receiver/store/engine"
)

func (d *folder) Integrity(ctx context.Context) (faults []string, err error) {
	err = d.View(ctx, func(t engine.Conn) error {
		lines, err := engine.Values[string](t, "PRAGMA integrity_check")
		if err == nil && (len(lines) != 1 || lines[0] != "ok") {
			faults = lines
		}
		return err
	})
	return faults, err
}

func (d *folder) Size(ctx context.Context) (n int64, err error) {
	err = d.View(ctx, func(t engine.Conn) error {
		return t.Row([]any{&n}, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
	})
	return n, err
}

func (d *folder) Backup(ctx context.Context, path string) error {
	return engine.NewFile(path, func(f *os.File) error { return d.copyTo(ctx, f.Name()) })
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

// restore is Restore of System. The file gets its name when all is done.
func restore(ctx context.Context, backup, dir string, finish func(engine.Conn) error) error {
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
	for _, name := range []string{fileName, logName, fileName + "-shm"} {
		if _, err := os.Stat(filepath.Join(dir, name)); !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%w：%s 中已有%s；请指定一个新的数据目录", engine.ErrNotEmpty, dir, name)
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
	if err := locked.forgetRegisters(); err != nil {
		return err
	}
	return errors.Join(os.Rename(part, path), lockfile.SyncDir(dir))
}

// finishFile brings the schema of a copied file up to date and runs finish on it, durably, and without leaving a log
// beside it.
func finishFile(ctx context.Context, path string, finish func(engine.Conn) error) (err error) {
	db, err := sql.Open("sqlite", fileDSN(path)+"_pragma=journal_mode(DELETE)&_pragma=synchronous(2)")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	if _, err := migrations().Up(ctx, db, nil); err != nil {
		return err
	}
	c, err := newConn(ctx, db)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	if _, err := c.Exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if err := errors.Join(c.Acknowledge(), finish(c)); err != nil {
		c.Exec("ROLLBACK")
		return err
	}
	_, err = c.Exec("COMMIT")
	return err
}

// copyFile fills path, durably.
func copyFile(ctx context.Context, in io.Reader, path string) error {
	out, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, ctxreader.Reader{Ctx: ctx, R: in})
	return errors.Join(err, out.Sync(), out.Close())
}
