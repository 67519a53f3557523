// Package sqlite is the store's engine over SQLite: a data folder, which one server process has at a time.
//
// The decision you could not guess: a commit that failed is never tried again. After it log and memory may disagree, so
// nothing is acknowledged until a restart, which brings log and database together before anything is answered.
package sqlite

import (
	"context"
	"embed"
	"errors"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"diaoxiao/internal/receiver/store/engine"
)

//go:embed migrations/*.sql
var files embed.FS

// migrations are those of this program.
func migrations() engine.Migrations {
	return engine.Migrations{Files: files, Dir: "migrations", Dialect: goose.DialectSQLite3}
}

// Version is the version of the SQLite compiled in.
const Version = sqlite3.SQLITE_VERSION

// System implements engine.System. Every place that no other system has is a data folder.
type System struct{}

// Has implements engine.System.
func (System) Has(string) bool { return true }

// Open implements engine.System: the folder is created (0700) where allowed.
func (System) Open(ctx context.Context, dir string, o engine.Options) (engine.Engine, error) {
	d, err := open(ctx, dir, o)
	if err != nil {
		return nil, err // not a typed nil
	}
	return d, nil
}

// Restore implements engine.System.
func (System) Restore(ctx context.Context, backup, dir string, _ engine.Options, finish func(engine.Conn) error) error {
	return restore(ctx, backup, dir, finish)
}

// Vacant implements engine.System. A folder holds nobody else's tables.
func (System) Vacant(context.Context, string, engine.Options) error { return nil }

// Trouble implements engine.System.
func (System) Trouble(err error) (engine.Trouble, string) {
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return engine.NoTrouble, ""
	}
	trouble, known := map[int]engine.Trouble{sqlite3.SQLITE_FULL: engine.FullDisk, sqlite3.SQLITE_IOERR: engine.BadDisk,
		sqlite3.SQLITE_CORRUPT: engine.Damaged, sqlite3.SQLITE_NOTADB: engine.NoDatabase,
		sqlite3.SQLITE_READONLY: engine.ReadOnly,
		sqlite3.SQLITE_CANTOPEN: engine.CannotOpen, sqlite3.SQLITE_NOMEM: engine.NoMemory,
		sqlite3.SQLITE_BUSY:      engine.InUse,
		sqlite3.SQLITE_INTERRUPT: engine.Interrupted}[e.Code()&0xff]
	if !known {
		trouble = engine.OtherTrouble
	}
	return trouble, e.Error()
}
