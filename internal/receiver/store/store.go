// Package store keeps what the desk decides: the one implementation of intake.Store. Its SQL is one text for every
// engine; what is particular to SQLite stands in sqlite.go, folder.go and sqliteconn.go, to PostgreSQL in the files
// postgres….go.
//
// The decision you could not guess: no Update commits by itself. One goroutine, the writer, takes all that wait, runs
// them in one transaction, syncs once and answers them together; the bodies of small cases that arrive together are
// compressed together. After a commit that failed nobody knows whether it is durable, so it is never answered as such:
// on SQLite nothing is acknowledged from then on until a restart, which brings log and database together before
// anything is answered; on PostgreSQL the connection is dropped, and every answer waits for a commit of its own.
package store

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// Options say how a store is opened.
type Options struct {
	// Server takes part in receiving cases. On SQLite one process may, on PostgreSQL any number.
	Server bool
	// Alone keeps servers out, and is refused while one runs.
	Alone bool
	// MustExist refuses a place without a database instead of creating one.
	MustExist bool
	// Readers is the number of connections for View; 0: 4.
	Readers int
	// Durability says what a commit must survive, on PostgreSQL; "": Auto.
	Durability Durability
	// migrations replaces those of this program, in tests of upgrades.
	migrations fs.FS
	// target: of a copy, which may open what was not done to its end.
	target bool
	// Password is for a PostgreSQL whose URL holds none; "": PGPASSWORD, ~/.pgpass and their like are asked.
	Password string
}

// Store is an open database. Its methods are safe for concurrent use.
type Store struct {
	engine
	spoolDir string
	writer   *writer
	packs    packCache
	bodies   bodyPool
	closing  sync.Once
}

// engine is one database system.
type engine interface {
	view(ctx context.Context, f func(*handle) error) error
	backend
	// background runs f in a transaction that gives way to the writer's.
	background(ctx context.Context, w *writer, f func(*handle) error) error
	// claim takes cases for a verifier; see intake.Store.
	claim(ctx context.Context, s *Store, w wanted, limit int) (intake.Claim, error)
	// yield reports whether a background transaction had better end.
	yield(w *writer) bool
	// watch keeps ready true to what is, beside s, until unwatch.
	watch(s *Store)
	unwatch()
	ready() error
	inForce() Durability
	state() []State
	// continueAfter has what the database numbers by itself go on after the highest number in the table.
	continueAfter(t *handle, table, column string) error
	// close is called when nothing runs any more.
	close() error

	// enter refuses a server a database that is older than its last run, or a copy: ErrStale.
	enter(context.Context, Options) error
	backup(ctx context.Context, path string) error
	integrity(context.Context) ([]string, error)
	// objects are those of the schema as it is and as the migrations make it, and whether its version is newer than
	// ours.
	objects(context.Context) (have, want []object, newer bool, err error)
	size(context.Context) (int64, error)
}

// Errors of Open that a caller can act on.
var (
	ErrLocked = errors.New("正被另一个服务进程使用")
	ErrNoData = errors.New("没有数据库")
	ErrSchema = errors.New("数据库结构版本不符")
	ErrWeak   = errors.New("数据库的设置不能保证已受理的案件不丢失")
	// ErrNotEmpty: nothing is put over data.
	ErrNotEmpty = errors.New("目标处已有数据，不覆盖")
	// ErrUnfinished: the place holds a restore or a copy that was not done to its end.
	ErrUnfinished = errors.New("恢复或搬迁没有做完")
	// ErrNoRoom: the disk is full. What was acknowledged is safe.
	ErrNoRoom = errors.New("磁盘空间不足")
	// ErrTool: a program of PostgreSQL that is needed is missing or too old.
	ErrTool = errors.New("缺少数据库工具")
)

// Open opens the database at place: a data folder with SQLite, which is created (0700) where allowed, or, where place
// is a URL postgres://…, a PostgreSQL database. It brings the schema up to date. It refuses settings under which a
// commit would not survive, and returns only after everything visible in the database is durable, so that a repeat can
// be answered from what is read.
func Open(ctx context.Context, place string, o Options) (_ *Store, err error) {
	s := &Store{}
	if IsURL(place) {
		s.engine, err = asEngine(openPostgres(ctx, place, o))
	} else {
		s.spoolDir = filepath.Join(place, spoolDir)
		s.engine, err = asEngine(openSQLite(ctx, place, o))
	}
	if err != nil {
		return nil, err
	}
	if err := s.refuseUnfinished(ctx, o); err != nil {
		return nil, errors.Join(err, s.engine.close())
	}
	if err := s.refuseForeign(ctx, o); err != nil {
		return nil, errors.Join(err, s.engine.close())
	}
	if err := s.engine.enter(ctx, o); err != nil {
		return nil, errors.Join(err, s.engine.close())
	}
	s.writer = newWriter(s, s.engine, o.Server)
	s.engine.watch(s)
	return s, nil
}

// asEngine keeps a nil pointer from becoming an engine.
func asEngine[E engine](e E, err error) (engine, error) {
	if err != nil {
		return nil, err
	}
	return e, nil
}

// IsURL reports whether a place is a PostgreSQL database rather than a folder.
func IsURL(place string) bool {
	return strings.HasPrefix(place, "postgres://") || strings.HasPrefix(place, "postgresql://")
}

// Close stops the writer after what it has taken, waits for the Views that are under way and closes the database. What
// comes later gets ErrUnavailable.
func (s *Store) Close() (err error) {
	s.closing.Do(func() {
		s.unwatch()
		s.writer.stop()
		err = s.engine.close()
	})
	return err
}

// Ready is nil while the store acknowledges, else why it does not.
func (s *Store) Ready() error {
	if err := s.writer.failure(); err != nil {
		return err
	}
	return s.engine.ready()
}

// InForce is what a commit survives before it is acknowledged: Replicated or Local.
func (s *Store) InForce() Durability { return s.inForce() }

// View implements intake.Store.
func (s *Store) View(ctx context.Context, f func(intake.Tx) error) error {
	return s.view(ctx, func(t *handle) error {
		t.store = s
		return f(newTx(t))
	})
}

// Claim implements intake.Store.
func (s *Store) Claim(ctx context.Context, after, epoch int64, limit int) (intake.Claim, error) {
	return s.claim(ctx, s, wanted{unverified, after, epoch}, limit)
}

// ClaimOutdated implements intake.Store.
func (s *Store) ClaimOutdated(ctx context.Context, after int64, version, limit int) (intake.Claim, error) {
	return s.claim(ctx, s, wanted{outdated, after, int64(version)}, limit)
}

// wanted is what a verifier asks for: unverified or outdated cases after a number.
type wanted struct {
	what         string
	after, bound int64
}

// Integrity runs the engine's own check of the database's structure and returns what it finds wrong, at most 100 lines.
// It does not notice lost or altered rows: Desk.Inspect does.
func (s *Store) Integrity(ctx context.Context) (faults []string, err error) { return s.integrity(ctx) }

// Backup writes a consistent copy of the database, as of one moment, to the file path, which must not exist: on SQLite
// a database, on PostgreSQL what pg_dump writes. It may run while servers receive. The copy is durable when Backup
// returns nil; what was written of a failed one is removed.
func (s *Store) Backup(ctx context.Context, path string) error { return s.backup(ctx, path) }

// Restore puts what Backup has written into place, which must hold nothing: a data folder, or an empty PostgreSQL
// database. finish runs in the transaction that makes it usable: until it is durable, nothing of the place can be
// opened. Restore does not check what the backup holds: open the place and inspect it. What was restored of a failed
// one is removed or cannot be opened.
func Restore(ctx context.Context, backup, place string, o Options, finish func(intake.Tx) error) error {
	if IsURL(place) {
		return restoreURL(ctx, backup, place, o, finish)
	}
	return restoreFolder(ctx, backup, place, finish)
}

// Size is the length of the database in bytes, for progress.
func (s *Store) Size(ctx context.Context) (int64, error) { return s.size(ctx) }

// State is one figure of the database's state, for the operator's metrics.
type State struct {
	Name  string
	Value float64
}

// Stats are figures for the operator's metrics, counted since the start.
type Stats struct {
	Commits  int64 // transactions committed
	Updates  int64 // Updates in them
	Unknown  int64 // commits of which nobody knows whether they are durable
	Waiting  int   // Updates waiting now
	Rejected int64 // Updates refused because too many waited
	Busy     time.Duration
	Commit   time.Duration // of Busy, spent in committing
	State    []State       // of the engine
}

// Stats returns the figures of now.
func (s *Store) Stats() Stats {
	st := s.writer.stats()
	st.State = s.state()
	return st
}

// counters are the writer's.
type counters struct{ commits, updates, unknown, rejected, busy, commit atomic.Int64 }
