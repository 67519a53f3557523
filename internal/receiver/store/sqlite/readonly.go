package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"diaoxiao/internal/lockfile"
	"diaoxiao/internal/receiver/store/engine"
)

// A folder that cannot be written to, as on a disk that the kernel has made read-only, can still be looked into,
// exported and backed up: nothing is written there, not even beside the database.

// ReadOnly implements engine.Engine.
func (d *folder) ReadOnly() bool { return d.readOnly != "" }

// mayReadOnly reports whether an attempt to open a folder failed in a way that leaves reading.
func mayReadOnly(err error, o engine.Options) bool {
	return o.MustExist && !o.Server && !o.Alone && (errors.Is(err, syscall.EROFS) || errors.Is(err, fs.ErrPermission))
}

// openReadOnly opens the folder dir without writing to it.
func openReadOnly(ctx context.Context, dir string, o engine.Options) (*folder, error) {
	d := &folder{dir: dir, closed: make(chan struct{})}
	path := filepath.Join(dir, fileName)
	if d.readOnly = "mode=ro"; d.unused() {
		d.readOnly += "&immutable=1"
	}
	db, err := d.pool(path, true, 1)
	if err != nil {
		return nil, err
	}
	d.pools = append(d.pools, db)
	if err := sameSchema(ctx, db); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	if d.conn, err = newConn(ctx, db); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	d.conns = append(d.conns, d.conn)
	if err := d.openReaders(ctx, path, o.Readers); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// unused reports whether nobody has the database open and all of it is in its one file: SQLite then need not ask for
// the state of others, which it could not write down here. While somebody has it open its log is there.
func (d *folder) unused() bool {
	if fileSize(filepath.Join(d.dir, logName)) > 0 {
		return false
	}
	f, err := os.Open(filepath.Join(d.dir, serverLock))
	if errors.Is(err, fs.ErrNotExist) {
		return true
	}
	if err != nil {
		return false
	}
	defer f.Close()
	free, err := lockfile.Try(f)
	return err == nil && free
}

// fileSize is 0 where there is no file.
func fileSize(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// sameSchema refuses a schema that would have to be brought up to date first, or that is too new.
func sameSchema(ctx context.Context, db *sql.DB) error {
	known := migrations().Newest()
	var have int64
	if err := db.QueryRowContext(ctx, "SELECT COALESCE(MAX(version_id), 0) "+
		"FROM goose_db_version").Scan(&have); err != nil {
		return err
	}
	if have < known {
		return fmt.Errorf("%w：数据库为%d，须先升级到%d，而数据目录只读；请把整个目录（连同 -wal）复制到可写的地方", engine.ErrSchema, have, known)
	}
	if have > known {
		return engine.CheckCompatible(ctx, db, have, known)
	}
	return nil
}

// pool opens connections to the database at path; see openPool.
func (d *folder) pool(path string, readOnly bool, conns int) (*sql.DB, error) {
	if d.readOnly == "" {
		return openPool(path, readOnly, conns)
	}
	db, err := sql.Open("sqlite", fileDSN(path)+d.readOnly+
		"&_pragma=busy_timeout(10000)&_pragma=temp_store(MEMORY)&_pragma=trusted_schema(0)")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}
