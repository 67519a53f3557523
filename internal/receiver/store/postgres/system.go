// Package postgres is the store's engine over PostgreSQL: the primary of a cluster, at which any number of equal nodes
// write.
//
// The decision you could not guess: a group of Updates begins by taking the write lease, an update of the one row of
// table turn that holds every other writer of the cluster back until the commit is through. So case numbers are without
// gaps and in the order of the commits, as on SQLite; closures see no one else's half of the work; and every commit,
// even of a group that only looked, waits for the standby, so that whatever it saw and answers is as durable as its own
// work. A commit that failed is left with its connection, and every answer waits for a commit of its own.
package postgres

import (
	"context"
	"embed"
	"strings"

	"github.com/pressly/goose/v3"

	"diaoxiao/internal/receiver/store/engine"
)

//go:embed migrations/*.sql
var files embed.FS

// migrations are those of this program.
func migrations() engine.Migrations {
	return engine.Migrations{Files: files, Dir: "migrations", Dialect: goose.DialectPostgres}
}

// System implements engine.System: the databases that a URL postgres://… names.
type System struct{}

// Has implements engine.System.
func (System) Has(place string) bool {
	return strings.HasPrefix(place, "postgres://") || strings.HasPrefix(place, "postgresql://")
}

// Open implements engine.System.
func (System) Open(ctx context.Context, url string, o engine.Options) (engine.Engine, error) {
	c, err := open(ctx, url, o)
	if err != nil {
		return nil, err // not a typed nil
	}
	return c, nil
}

// Restore implements engine.System.
func (System) Restore(ctx context.Context, backup, url string, o engine.Options, finish func(engine.Conn) error) error {
	return restore(ctx, backup, url, o, finish)
}

// Vacant implements engine.System.
func (System) Vacant(ctx context.Context, url string, o engine.Options) error {
	return refuseForeign(ctx, url, o)
}

// Trouble implements engine.System: what a server says is said as it is.
func (System) Trouble(error) (engine.Trouble, string) { return engine.NoTrouble, "" }
