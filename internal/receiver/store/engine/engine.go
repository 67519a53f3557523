// Package engine is what the store needs of a database system. Each has a folder beside this one, which knows nothing
// of cases: it opens, locks, commits, backs up and checks a database, and runs the store's one SQL text.
//
// The decision you could not guess: errors of a driver are marked (Fault) and pass through the store's closures as they
// are. The store alone turns marks into its domain's word for them.
package engine

import (
	"context"
	"time"

	"diaoxiao/internal/receiver/store/schema"
)

// System is a kind of database.
type System interface {
	// Has reports whether a place, as Options of the program name it, is a database of this kind.
	Has(place string) bool
	// Open opens the database at place and brings its schema up to date. It refuses settings under which a commit would
	// not survive.
	Open(ctx context.Context, place string, o Options) (Engine, error)
	// Restore puts a backup into place, which must hold nothing. finish runs in the transaction that makes it usable.
	Restore(ctx context.Context, backup, place string, o Options, finish func(Conn) error) error
	// Vacant refuses a place that holds what is not this program's.
	Vacant(ctx context.Context, place string, o Options) error
	// Trouble is what a database of this kind, or the disk under it, had to say, in its own words; NoTrouble where err
	// is none of its own.
	Trouble(err error) (Trouble, string)
}

// Engine is one open database.
type Engine interface {
	Writer
	Registers
	// View runs f on a consistent snapshot.
	View(ctx context.Context, f func(Conn) error) error
	// Enter refuses a server a database that is older than its last run, or a copy: ErrStale.
	Enter(ctx context.Context, o Options, of Store) error
	// Watch keeps Ready true to what is, beside the store, until Unwatch.
	Watch(of Store)
	Unwatch()
	Ready() error
	// InForce is what a commit survives: Replicated or Local.
	InForce() Durability
	State() []State
	// ReadOnly reports whether the database can only be read.
	ReadOnly() bool
	// SpoolDir is where large bodies are put while they arrive; "": where the system keeps such files.
	SpoolDir() string
	// ContinueAfter has what the database numbers by itself go on after the highest number in the table.
	ContinueAfter(c Conn, table, column string) error
	// Close is called when nothing runs any more.
	Close() error

	Backup(ctx context.Context, path string) error
	Integrity(context.Context) ([]string, error)
	// Objects are those of the schema as it is and as the migrations make it.
	Objects(context.Context) (have, want []schema.Object, err error)
	// Newest is the version of the schema that the migrations of this program make.
	Newest() int64
	Size(context.Context) (int64, error)
}

// Writer is the writer's side of an engine: the one transaction of the moment.
type Writer interface {
	// Begin starts a transaction. Where each question is a round trip, it may have the answers to these ready; what it
	// did not ask keeps its value.
	Begin(questions []Question) (Conn, error)
	// Commit ends it. After an error nobody knows whether it is durable.
	Commit() error
	Rollback()
	// Tidy is called when the answers are out.
	Tidy() error
	// WantsRoom reports whether Tidy failed for want of room alone, so that it may be tried again.
	WantsRoom(error) bool
	// Latches reports whether after err nothing may be acknowledged any more until a restart.
	Latches(err error, committing bool) bool
	// Classify marks errors of the driver as Faults; others pass.
	Classify(error) error
	// Gone reports whether the connection was lost.
	Gone() bool
	// Postpones: cases had better be inserted together before the commit, although most of the time only then it shows
	// whether one is there already.
	Postpones() bool
	// CachesNumbers: nobody but this writer gives out numbers while it serves.
	CachesNumbers() bool
}

// Question is a query of one number and where the answer goes.
type Question struct {
	Query string
	To    *int64
}

// Concurrent is an engine on which others can write beside the writer. On any other the writer does all.
type Concurrent interface {
	// Background runs f in a transaction of its own, which nobody waits for.
	Background(ctx context.Context, f func(Conn) error) error
	// Claim takes cases for a verifier; nil: there are none.
	Claim(ctx context.Context, w Wanted) (Claim, error)
}

// Wanted is what a verifier asks for: cases after a number, at most limit. Which is a condition on cases c and their
// verifications v by the parameter $2, Bound.
type Wanted struct {
	Which        string
	After, Bound int64
	Limit        int
	// InOrder: earlier cases must be verified first, and how far all are verified is of use.
	InOrder bool
	// Read reads those from one number to another that are still wanted, and returns their numbers.
	Read func(c Conn, from, to int64) ([]int64, error)
}

// Claim is the cases that a verifier has taken.
type Claim interface {
	// Conn is the transaction that holds them.
	Conn() Conn
	// Await waits until no other verifier has earlier ones.
	Await() error
	// End gives the cases back, and commits where the work is done. Every case up to upTo was verified when the claim
	// began.
	End(ctx context.Context, done bool) (upTo int64, err error)
}

// Store is the store around an engine, as the engine sees it.
type Store interface {
	// Position is how far the database has come.
	Position(Conn) (Position, error)
	// ChainAt is the chain value of an entry of the audit; nil: there is no such entry.
	ChainAt(c Conn, auditNo int64) ([]byte, error)
	// Failure is why nothing is acknowledged; nil while it is.
	Failure() error
	// Prove commits a transaction that does nothing.
	Prove(context.Context)
}

// Position is how far a database has come: the highest case number that was given out, and the last entry of the audit
// that has a chain value.
type Position struct {
	CaseNo, AuditNo int64
	Chain           []byte
}

// State is one figure of the database's state, for the operator's metrics.
type State struct {
	Name  string
	Value float64
}

// FromMS is a time of the database: UTC milliseconds, 0 for none.
func FromMS(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMilli(n).UTC()
}
