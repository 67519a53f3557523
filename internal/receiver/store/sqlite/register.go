package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"diaoxiao/internal/receiver/store/engine"
)

// registerDir is the folder within the data folder that holds a file for each snapshot of the register: a database of
// its own, which never changes once it has its name.
const registerDir = "register"

// registerUnder is the column snapshot of the rows in such a file: it holds one snapshot alone.
const registerUnder = 0

// registerFiles are the files of snapshots that are open.
type registerFiles struct {
	mu   sync.Mutex
	open map[int64]*registerFile
}

// registerFile is an open file. It is closed when nobody uses it and a newer one has taken its place.
type registerFile struct {
	db   *sql.DB
	idle []*conn
	uses int
	left bool // closed by the last who uses it
}

// keptFiles is how many files stay open: the current one, and the one before, with which somebody may be at work.
const keptFiles = 2

func (d *folder) registerPath(snapshot int64) string {
	return filepath.Join(d.dir, registerDir, strconv.FormatInt(snapshot, 10)+".db")
}

// Register implements engine.Registers.
func (d *folder) Register(_ engine.Conn, snapshot int64, f func(a engine.Asker, under int64) error) error {
	file, c, err := d.registers.take(d.registerPath(snapshot), snapshot)
	if err != nil {
		return err
	}
	err = f(c, registerUnder)
	return errors.Join(err, d.registers.giveBack(file, c))
}

// take opens the file of a snapshot where it is not open, and takes a connection to it.
func (r *registerFiles) take(path string, snapshot int64) (*registerFile, *conn, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	file := r.open[snapshot]
	if file == nil {
		db, err := openRegister(path)
		if err != nil {
			return nil, nil, err
		}
		if r.open == nil {
			r.open = make(map[int64]*registerFile)
		}
		file = &registerFile{db: db}
		if err := file.check(); err != nil {
			return nil, nil, errors.Join(err, file.close())
		}
		r.open[snapshot] = file
		r.trim()
	}
	if n := len(file.idle); n > 0 {
		c := file.idle[n-1]
		file.idle = file.idle[:n-1]
		file.uses++
		return file, c, nil
	}
	c, err := newConn(context.Background(), file.db)
	if err != nil {
		return nil, nil, err
	}
	file.uses++
	return file, c, nil
}

// openRegister opens a file that never changes. engine.ErrNoRegister: there is none.
func openRegister(path string) (*sql.DB, error) {
	if _, err := os.Stat(path); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("%w: %s", engine.ErrNoRegister, filepath.Base(path))
		}
		return nil, err
	}
	return sql.Open("sqlite", fileDSN(path)+"mode=ro&immutable=1&_pragma=query_only(1)&_pragma=trusted_schema(0)"+
		"&_pragma=cache_size(-2048)")
}

// giveBack returns a connection.
func (r *registerFiles) giveBack(file *registerFile, c *conn) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	file.uses--
	err := c.Trim(mostStatements)
	file.idle = append(file.idle, c)
	if file.left && file.uses == 0 {
		err = errors.Join(err, file.close())
	}
	return err
}

// trim leaves all files but the newest.
func (r *registerFiles) trim() {
	ids := r.ids()
	for _, id := range ids[:max(0, len(ids)-keptFiles)] {
		r.leave(id)
	}
}

// ids are the snapshots whose files are open, the newest last.
func (r *registerFiles) ids() (ids []int64) {
	for id := range r.open {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// leave closes a file as soon as nobody uses it; who asks for it again opens it anew.
func (r *registerFiles) leave(id int64) {
	file := r.open[id]
	delete(r.open, id)
	file.left = true
	if file.uses == 0 {
		file.close() // of a file that was read; nothing can be lost
	}
}

// leaveAll leaves the files of which which says so.
func (r *registerFiles) leaveAll(which func(id int64) bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, id := range r.ids() {
		if which(id) {
			r.leave(id)
		}
	}
}

// check reads what a build has written last.
func (f *registerFile) check() error {
	var rows int64
	return f.db.QueryRow("SELECT row_count FROM register_rows WHERE snapshot = ?", registerUnder).Scan(&rows)
}

func (f *registerFile) close() (err error) {
	for _, c := range f.idle {
		err = errors.Join(err, c.Close())
	}
	f.idle = nil
	return errors.Join(err, f.db.Close())
}

// DropRegisters implements engine.Registers. A file that another process reads goes on to be read there; where an open
// file cannot be removed it stays until the next call.
func (d *folder) DropRegisters(_ context.Context, keep int64) error {
	d.registers.leaveAll(func(id int64) bool { return id < keep })
	return d.removeRegisters(func(id int64) bool { return id < keep })
}

// forgetRegisters removes the rows of a database that was here before: another may have snapshots of the same numbers.
func (d *folder) forgetRegisters() error { return d.removeRegisters(func(int64) bool { return true }) }

// removeRegisters removes the files of the snapshots of which which says so.
func (d *folder) removeRegisters(which func(id int64) bool) error {
	names, err := os.ReadDir(filepath.Join(d.dir, registerDir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, e := range names {
		if id, ok := registerOf(e.Name()); ok && which(id) {
			err = errors.Join(err, removeUnused(filepath.Join(d.dir, registerDir, e.Name())))
		}
	}
	return err
}

// registerOf is the snapshot whose file has that name.
func registerOf(name string) (id int64, ok bool) {
	number, isFile := strings.CutSuffix(name, ".db")
	id, err := strconv.ParseInt(number, 10, 64)
	return id, isFile && err == nil
}

// removeUnused removes a file, or leaves one that is in use where the system keeps such files.
func removeUnused(path string) error {
	err := os.Remove(path)
	if errors.Is(err, fs.ErrNotExist) || runtime.GOOS == "windows" {
		return nil
	}
	return err
}
