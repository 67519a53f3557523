package sqlite

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"diaoxiao/internal/lockfile"
	"diaoxiao/internal/receiver/store/engine"
)

// markFile is the name of a mark in the data folder.
const markFile = "server.run"

// mark is what a server leaves beside its database, so that the next one notices files that were put there by hand: a
// copy, or the state of an earlier day. It is never newer than what is durable in the database, so that no crash looks
// like that.
type mark struct {
	Run     string `json:"run"`            // the name of this run, which the database has too
	Next    string `json:"next,omitempty"` // or this one: the mark was written, the database perhaps not yet
	CaseNo  int64  `json:"caseNo"`         // the highest that was given out
	AuditNo int64  `json:"auditNo"`        // the last entry,
	Chain   string `json:"chain"`          // and its chain value
	Path    string `json:"path"`           // where the database was
	Host    string `json:"host"`
	Inode   uint64 `json:"inode"`
}

// readMark returns nil where there is none, or none that can be read.
func readMark(dir string) (*mark, error) {
	text, err := os.ReadFile(filepath.Join(dir, markFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	m := &mark{}
	if json.Unmarshal(text, m) != nil || m.Run == "" {
		return nil, nil
	}
	return m, nil
}

// write replaces the mark of a folder by this one, whole or not at all.
func (m mark) write(dir string) error {
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	part := filepath.Join(dir, markFile+".part")
	f, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(append(text, '\n'))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(part, filepath.Join(dir, markFile))
}

// runOf is the name that the database has of its last run; known is false where no server gave it one yet. An empty
// name: what the database was before was acknowledged.
func runOf(t engine.Conn) (name string, known bool, err error) {
	raw, err := engine.Value[[]byte](t, "SELECT name FROM run")
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	return hex.EncodeToString(raw), err == nil, err
}

// setRun gives the database a name for its last run.
const setRun = "INSERT INTO run (id, name) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET name = excluded.name"

// Enter implements engine.Engine: it compares the database with the mark, and begins a run of its own.
func (d *folder) Enter(ctx context.Context, o engine.Options, of engine.Store) error {
	d.of = of
	if !o.Server || o.Migrations != nil {
		return nil
	}
	was, err := readMark(d.dir)
	if err != nil {
		return err
	}
	var name string
	err = d.View(ctx, func(t engine.Conn) error {
		var known bool
		if name, known, err = runOf(t); err != nil {
			return err
		}
		return d.compareMark(t, was, name, known)
	})
	if err != nil {
		return err
	}
	return d.beginRun(ctx, name)
}

// compareMark is nil where the database is the one that the mark was left by, and at least as new.
func (d *folder) compareMark(t engine.Conn, m *mark, name string, known bool) error {
	switch {
	case known && name == "", !known && m == nil:
		return nil
	case m == nil:
		return fmt.Errorf("%w：它在别处运行过，或被单独复制过来，旁边没有它的 %s", engine.ErrStale, markFile)
	case name != m.Run && (m.Next == "" || name != m.Next):
		return fmt.Errorf("%w：它旧于上次运行，或者是另一个数据库（上次运行到序号 %d）", engine.ErrStale, m.CaseNo)
	}
	now, err := d.of.Position(t)
	if err != nil {
		return err
	}
	if now.CaseNo < m.CaseNo {
		return fmt.Errorf("%w：上次运行到序号 %d，数据库只到 %d", engine.ErrStale, m.CaseNo, now.CaseNo)
	}
	if m.AuditNo > 0 {
		chain, err := d.of.ChainAt(t, m.AuditNo)
		if err != nil {
			return err
		}
		if chain == nil || hex.EncodeToString(chain) != m.Chain {
			return fmt.Errorf("%w：审计记录第 %d 条与上次运行时的不同", engine.ErrStale, m.AuditNo)
		}
	}
	return d.compareFile(m)
}

// compareFile notices a folder that was copied while the first one is still there. One that was moved is well.
func (d *folder) compareFile(m *mark) error {
	here, err := os.Stat(filepath.Join(d.dir, fileName))
	if err != nil {
		return err
	}
	host, _ := os.Hostname()
	there, err := os.Stat(m.Path)
	if m.Host != host || m.Inode == 0 || err != nil || os.SameFile(here, there) || lockfile.Inode(there) != m.Inode {
		return nil
	}
	return fmt.Errorf("%w：它是 %s 的副本，原来的还在", engine.ErrStale, m.Path)
}

// beginRun gives the run a name, in the mark first: whenever the process dies, the mark has the name of the database.
func (d *folder) beginRun(ctx context.Context, name string) error {
	m, err := d.newMark(ctx)
	if err != nil {
		return err
	}
	next := make([]byte, 16)
	rand.Read(next)
	m.Run, m.Next = name, hex.EncodeToString(next)
	if m.Run == "" {
		m.Run = m.Next
	}
	if err := errors.Join(m.write(d.dir), lockfile.SyncDir(d.dir)); err != nil {
		return fmt.Errorf("write %s: %w", markFile, err)
	}
	if _, err := d.conn.Exec(setRun, next); err != nil {
		return err
	}
	if err := d.syncLog(); err != nil {
		return err
	}
	m.Run, m.Next = m.Next, ""
	d.mark = &m
	return m.write(d.dir)
}

// newMark is the mark of now, without a name.
func (d *folder) newMark(ctx context.Context) (m mark, err error) {
	path := filepath.Join(d.dir, fileName)
	if m.Path, err = filepath.Abs(path); err != nil {
		return m, err
	}
	file, err := os.Stat(path)
	if err != nil {
		return m, err
	}
	m.Inode = lockfile.Inode(file)
	m.Host, _ = os.Hostname()
	return m, d.View(ctx, func(t engine.Conn) error {
		now, err := d.of.Position(t)
		m.CaseNo = now.CaseNo
		if now.AuditNo > 0 {
			m.AuditNo, m.Chain = now.AuditNo, hex.EncodeToString(now.Chain)
		}
		return err
	})
}

// markEvery is how old a mark may be while cases come in: each costs a sync of its own.
const markEvery = 5 * time.Second

// Watch implements engine.Engine: it keeps the mark up to date.
func (d *folder) Watch(of engine.Store) {
	if d.mark == nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	d.unmark, d.marked, d.failed = cancel, make(chan struct{}), of.Failure
	go func() {
		defer close(d.marked)
		t := time.NewTicker(markEvery)
		defer t.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-t.C:
				if d.failed() == nil {
					d.updateMark(ctx)
				}
			}
		}
	}()
}

func (d *folder) Unwatch() {
	if d.unmark != nil {
		d.unmark()
		<-d.marked
	}
}

// updateMark writes the mark where anything has changed. Where it cannot, the one before stays, which is as true.
func (d *folder) updateMark(ctx context.Context) {
	m, err := d.newMark(ctx)
	m.Run = d.mark.Run
	if err != nil || m == *d.mark || d.syncLog() != nil || m.write(d.dir) != nil {
		return
	}
	*d.mark = m
}
