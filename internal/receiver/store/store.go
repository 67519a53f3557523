// Package store keeps what the desk decides: the one implementation of intake.Store. Its SQL is one text for every
// engine; what is particular to one is in its folder: sqlite, postgres. A third one is a folder and a line of systems.
//
// The decision you could not guess: no Update commits by itself. One goroutine, the writer, takes all that wait, runs
// them in one transaction, syncs once and answers them together; the bodies of small cases that arrive together are
// compressed together. On SQLite the sync runs beside the next transaction, which is not committed before it has ended;
// a View waits for it too, so nothing leaves the store that a power cut could take back. After a commit that failed
// nobody knows whether it is durable, so it is never answered as such: on SQLite nothing is acknowledged from then on
// until a restart, which brings log and database together before anything is answered; on PostgreSQL the connection is
// dropped, and every answer waits for a commit of its own.
package store

import (
	"context"
	"errors"
	"io/fs"
	"sync"
	"sync/atomic"
	"time"

	"diaoxiao/internal/bodies"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store/engine"
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
	// migrations replaces those of this program, in tests of upgrades: a folder for each engine.
	migrations fs.FS
	// target: of a copy, which may open what was not done to its end.
	target bool
	// Password is for a PostgreSQL whose URL holds none; "": PGPASSWORD, ~/.pgpass and their like are asked.
	Password string
}

// forEngine is what of the options an engine has to know.
func (o Options) forEngine() engine.Options {
	return engine.Options{Server: o.Server, Alone: o.Alone, MustExist: o.MustExist, Readers: o.Readers,
		Durability: o.Durability,
		Password:   o.Password, Migrations: o.migrations}
}

// Store is an open database. Its methods are safe for concurrent use.
type Store struct {
	engine  engine.Engine
	writer  *writer
	packs   bodies.Cache
	bodies  bodyPool
	closing sync.Once
}

// Open opens the database at place: a data folder with SQLite, which is created (0700) where allowed, or, where place
// is a URL postgres://…, a PostgreSQL database. It brings the schema up to date. It refuses settings under which a
// commit would not survive, and returns only after everything visible in the database is durable, so that a repeat can
// be answered from what is read.
func Open(ctx context.Context, place string, o Options) (*Store, error) {
	e, err := systemOf(place).Open(ctx, place, o.forEngine())
	if err != nil {
		return nil, err
	}
	s := &Store{engine: e}
	if err := s.enter(ctx, o); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	s.writer = newWriter(s, e, o.Server)
	e.Watch(around{s})
	return s, nil
}

// enter refuses a database that is not to be used as o says.
func (s *Store) enter(ctx context.Context, o Options) error {
	if err := s.refuseUnfinished(ctx, o); err != nil {
		return err
	}
	if err := s.refuseForeign(ctx, o); err != nil {
		return err
	}
	return unavailable(s.engine.Enter(ctx, o.forEngine(), around{s}))
}

// Close stops the writer after what it has taken, waits for the Views that are under way and closes the database. Calls
// that come later get ErrUnavailable.
func (s *Store) Close() (err error) {
	s.closing.Do(func() {
		s.engine.Unwatch()
		s.writer.stop()
		err = s.engine.Close()
	})
	return err
}

// Ready is nil while the store acknowledges, else why it does not.
func (s *Store) Ready() error {
	if err := s.writer.failure(); err != nil {
		return err
	}
	return unavailable(s.engine.Ready())
}

// InForce is what a commit survives before it is acknowledged: Replicated or Local.
func (s *Store) InForce() Durability { return s.engine.InForce() }

// ReadOnly reports whether the store can only be read.
func (s *Store) ReadOnly() bool { return s.engine.ReadOnly() }

// View implements intake.Store. It returns when what it has read is durable.
func (s *Store) View(ctx context.Context, f func(intake.Tx) error) error {
	return s.view(ctx, func(t *handle) error { return f(newTx(t)) })
}

// view is View for the store's own use.
func (s *Store) view(ctx context.Context, f func(*handle) error) error {
	err := s.engine.View(ctx, func(c engine.Conn) error { return f(&handle{Conn: c, store: s}) })
	if err == nil && s.writer != nil { // none while the store is being opened
		err = s.writer.awaitSync(ctx)
	}
	return unavailable(err)
}

// classify turns errors of the driver into the domain's word for them.
func (s *Store) classify(err error) error { return unavailable(s.engine.Classify(err)) }

// unavailable turns what an engine has marked as a fault into the domain's word for it.
func unavailable(err error) error {
	if engine.IsFault(err) && !errors.Is(err, intake.ErrUnavailable) {
		return unavailableFor(err)
	}
	return err
}

// yields reports whether a background transaction had better end.
func (s *Store) yields() bool {
	_, beside := s.engine.(engine.Concurrent)
	return !beside && len(s.writer.queue) > 0
}

// Integrity runs the engine's own check of the database's structure and returns what it finds wrong, at most 100 lines.
// It does not notice lost or altered rows: Desk.Inspect does.
func (s *Store) Integrity(ctx context.Context) (faults []string, err error) {
	faults, err = s.engine.Integrity(ctx)
	return faults, unavailable(err)
}

// Backup writes a consistent copy of the database, as of one moment, to the file path, which must not exist: on SQLite
// a database, on PostgreSQL what pg_dump writes. It may run while servers receive. The copy is durable when Backup
// returns nil; what was written of a failed one is removed.
func (s *Store) Backup(ctx context.Context, path string) error {
	return unavailable(s.engine.Backup(ctx, path))
}

// Restore puts what Backup has written into place, which must hold nothing: a data folder, or an empty PostgreSQL
// database. finish runs in the transaction that makes it usable: until it is durable, nothing of the place can be
// opened. Restore does not check what the backup holds: open the place and inspect it. A failed restore
// leaves nothing, or a place that cannot be opened.
func Restore(ctx context.Context, backup, place string, o Options, finish func(intake.Tx) error) error {
	return systemOf(place).Restore(ctx, backup, place, o.forEngine(), func(c engine.Conn) error {
		return finish(newTx(&handle{Conn: c, group: &group{}}))
	})
}

// Size is the length of the database in bytes, for progress.
func (s *Store) Size(ctx context.Context) (int64, error) {
	n, err := s.engine.Size(ctx)
	return n, unavailable(err)
}

// State is one figure of the database's state, for the operator's metrics.
type State = engine.State

// Stats are figures for the operator's metrics, counted since the start.
type Stats struct {
	Commits  int64         // transactions committed
	Updates  int64         // Updates in them
	Unknown  int64         // commits of which nobody knows whether they are durable
	Waiting  int           // Updates waiting now
	Rejected int64         // Updates refused because too many waited
	Busy     time.Duration // of the writer, a sync it waits for included
	Commit   time.Duration // spent in committing, the sync beside the writer included
	State    []State       // of the engine
}

// Stats returns the figures of now.
func (s *Store) Stats() Stats {
	st := s.writer.stats()
	st.State = s.engine.State()
	return st
}

// counters are the writer's.
type counters struct{ commits, updates, unknown, rejected, busy, commit atomic.Int64 }
