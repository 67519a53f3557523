// Package store keeps what the desk decides: the one implementation of intake.Store. Its SQL is one text for every engine;
// what is particular to SQLite stands in sqlite.go and conn.go.
//
// The decision you could not guess: no Update commits by itself. One goroutine, the writer, takes all that wait, runs them in
// one transaction, syncs once and answers them together; the bodies of small cases that arrive together are compressed
// together. A failed commit or sync leaves the outcome in doubt, so from then on nothing is acknowledged until a restart,
// which brings log and database together before anything is answered.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pressly/goose/v3"

	"diaoxiao/internal/intake"
)

// Names in the data folder.
const (
	fileName   = "diaoxiao.db"
	serverLock = "server.lock"
	schemaLock = "schema.lock"
	spoolDir   = "spool"
)

// Options say how a data folder is opened.
type Options struct {
	// Server takes the folder for the one process that may receive cases; other processes may still open it without.
	Server bool
	// MustExist refuses a folder without a database instead of creating one.
	MustExist bool
	// Readers is the number of connections for View; 0: 4.
	Readers int
}

// Store is an open data folder. Its methods are safe for concurrent use.
type Store struct {
	dir     string
	server  bool
	readers chan *conn
	pools   []*sql.DB
	conns   []*conn
	locks   []*os.File
	writer  *writer
	packs   packCache
	bodies  bodyPool
	closing sync.Once
	closed  chan struct{}
}

// Errors of Open that a caller can act on.
var (
	ErrLocked = errors.New("数据目录正被另一个服务进程使用")
	ErrNoData = errors.New("数据目录中没有数据库")
	ErrSchema = errors.New("数据库结构版本不符")
)

// Open opens the data folder dir, creating it (0700) and its database where allowed, and brings the schema up to date. It
// refuses settings under which a commit would not survive a power cut, and returns only after everything visible in the
// database is durable, so that a repeat can be answered from what is read.
func Open(ctx context.Context, dir string, o Options) (*Store, error) {
	s := &Store{dir: dir, server: o.Server, closed: make(chan struct{})}
	if err := s.open(ctx, o); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, o Options) error {
	if err := s.prepareFolder(o); err != nil {
		return err
	}
	path := filepath.Join(s.dir, fileName)
	write, err := openPool(path, false, 1)
	if err != nil {
		return err
	}
	s.pools = append(s.pools, write)
	if err := s.migrate(ctx, write); err != nil {
		return err
	}
	c, err := newConn(ctx, write)
	if err != nil {
		return err
	}
	s.conns = append(s.conns, c)
	if err := checkSettings(c); err != nil {
		return err
	}
	if o.Server {
		if err := settle(ctx, c); err != nil {
			return err
		}
	}
	if err := s.openReaders(ctx, path, o.Readers); err != nil {
		return err
	}
	s.writer = newWriter(s, c)
	return nil
}

func (s *Store) prepareFolder(o Options) error {
	path := filepath.Join(s.dir, fileName)
	if _, err := os.Stat(path); o.MustExist && errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w：%s", ErrNoData, s.dir)
	}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return err
	}
	if o.Server {
		if err := s.lock(serverLock, 0); err != nil {
			return err
		}
		if err := os.RemoveAll(filepath.Join(s.dir, spoolDir)); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(filepath.Join(s.dir, spoolDir), 0o700); err != nil {
		return err
	}
	return openFile(path)
}

// lock takes a lock file of the folder, waiting up to wait for another process to give it back.
func (s *Store) lock(name string, wait time.Duration) error {
	f, err := os.OpenFile(filepath.Join(s.dir, name), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	s.locks = append(s.locks, f)
	for end := time.Now().Add(wait); ; time.Sleep(20 * time.Millisecond) {
		ok, err := tryLock(f)
		if err != nil || ok {
			return err
		}
		if time.Now().After(end) {
			return fmt.Errorf("%w：%s", ErrLocked, s.dir)
		}
	}
}

// migrate brings the schema up to date, one process at a time. A newer schema than ours is refused.
func (s *Store) migrate(ctx context.Context, db *sql.DB) error {
	if err := s.lock(schemaLock, 30*time.Second); err != nil {
		return err
	}
	files, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, files)
	if err != nil {
		return err
	}
	have, known, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	if have > known {
		return fmt.Errorf("%w：数据库为%d，本程序只认识到%d，请使用较新版本的程序", ErrSchema, have, known)
	}
	if have < known {
		_, err = p.Up(ctx)
	}
	last := len(s.locks) - 1
	err = errors.Join(err, s.locks[last].Close())
	s.locks = s.locks[:last]
	return err
}

// settle makes everything visible durable: a process that died between writing the log and syncing it leaves rows that can
// be read and can still be lost. It waits for readers of old snapshots, such as an export.
func settle(ctx context.Context, c *conn) error {
	for end := time.Now().Add(30 * time.Second); ; {
		busy, err := checkpoint(c, "TRUNCATE")
		if err != nil {
			return fmt.Errorf("bring log and database together: %w", err)
		}
		if !busy {
			return nil
		}
		if time.Now().After(end) {
			return errors.New("启动前无法合并预写日志：另有进程（导出、备份等）正在读取数据库，请结束后再启动")
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (s *Store) openReaders(ctx context.Context, path string, n int) error {
	if n == 0 {
		n = 4
	}
	db, err := openPool(path, true, n)
	if err != nil {
		return err
	}
	s.pools = append(s.pools, db)
	s.readers = make(chan *conn, n)
	for range n {
		c, err := newConn(ctx, db)
		if err != nil {
			return err
		}
		s.conns = append(s.conns, c)
		s.readers <- c
	}
	return nil
}

// Close stops the writer after what it has taken, waits for the Views that are under way and closes the files. What comes
// later gets ErrUnavailable.
func (s *Store) Close() error {
	var err error
	s.closing.Do(func() {
		close(s.closed)
		if s.writer != nil {
			s.writer.stop()
			for range cap(s.readers) {
				<-s.readers
			}
		}
		for _, c := range s.conns {
			err = errors.Join(err, c.Close())
		}
		for _, p := range s.pools {
			err = errors.Join(err, p.Close())
		}
		for _, f := range s.locks {
			err = errors.Join(err, f.Close())
		}
	})
	return err
}

// Ready is nil while the store acknowledges, else why it does not.
func (s *Store) Ready() error { return s.writer.failure() }

// View implements intake.Store.
func (s *Store) View(ctx context.Context, f func(intake.Tx) error) error {
	var c *conn
	select {
	case c = <-s.readers:
	case <-s.closed:
		return errStopped
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", intake.ErrUnavailable, ctx.Err())
	}
	defer func() { s.readers <- c }()
	if _, err := c.exec("BEGIN"); err != nil {
		return unavailable(err)
	}
	defer c.exec("COMMIT") // of reading; nothing can be lost
	return unavailable(f(&tx{conn: c, store: s}))
}

// unavailable marks errors of the driver; those of the domain pass.
func unavailable(err error) error {
	if err != nil && (resultCode(err) != 0 || errors.Is(err, sql.ErrConnDone)) {
		return fmt.Errorf("%w: %w", intake.ErrUnavailable, err)
	}
	return err
}

// Stats are figures for the operator's metrics, counted since the start.
type Stats struct {
	Commits  int64 // transactions committed
	Updates  int64 // Updates in them
	Waiting  int   // Updates waiting now
	Rejected int64 // Updates refused because too many waited
	Busy     time.Duration
}

// Stats returns the figures of now.
func (s *Store) Stats() Stats { return s.writer.stats() }

// counters are the writer's.
type counters struct{ commits, updates, rejected, busy atomic.Int64 }
