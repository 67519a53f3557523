package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

func (d *folder) integrity(ctx context.Context) (faults []string, err error) {
	err = d.view(ctx, func(t *tx) error {
		lines, err := list(t, func(scan func(...any) error) (l string, err error) { err = scan(&l); return l, err }, "PRAGMA integrity_check")
		if err == nil && (len(lines) != 1 || lines[0] != "ok") {
			faults = lines
		}
		return err
	})
	return faults, err
}

func (d *folder) size(ctx context.Context) (n int64, err error) {
	err = d.view(ctx, func(t *tx) error {
		return t.row([]any{&n}, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
	})
	return n, err
}

func (d *folder) backup(ctx context.Context, path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	err = d.copyTo(ctx, path)
	if err == nil {
		err = errors.Join(f.Sync(), syncDir(filepath.Dir(path)))
	}
	if err != nil {
		os.Remove(path)
		return fmt.Errorf("backup to %s: %w", path, err)
	}
	return nil
}

// copyTo fills the empty file path, on a connection of its own: the readers may not write, not even elsewhere.
func (d *folder) copyTo(ctx context.Context, path string) error {
	db, err := openPool(filepath.Join(d.dir, fileName), false, 1)
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.ExecContext(ctx, "VACUUM INTO ?", path)
	return err
}

// Restore copies a backup into the data folder dir, which must not hold a database. It does not check what the backup holds:
// open the folder and inspect it.
func Restore(backup, dir string) (err error) {
	in, err := os.Open(backup)
	if err != nil {
		return err
	}
	defer in.Close()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for _, name := range []string{fileName, fileName + "-wal", fileName + "-shm"} {
		if _, err := os.Stat(filepath.Join(dir, name)); !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s：已有%s，不覆盖；请指定一个新的数据目录", dir, name)
		}
	}
	return copyFile(in, filepath.Join(dir, fileName))
}

// copyFile writes path under another name first, so that a file with the right name is complete.
func copyFile(in io.Reader, path string) error {
	out, err := os.OpenFile(path+".part", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	if err = errors.Join(err, out.Sync(), out.Close()); err != nil {
		os.Remove(out.Name())
		return err
	}
	return errors.Join(os.Rename(out.Name(), path), syncDir(filepath.Dir(path)))
}
