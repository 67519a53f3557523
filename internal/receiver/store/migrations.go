package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"path"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*/*.sql
var migrations embed.FS

// migrate brings the schema up to date, by the files of one engine. Migrations only add, so that programs of the
// version before go on beside newer ones: a newer schema than ours is worked on where its table compatible allows, and
// refused where not. upgrading, which may be nil, is asked before a schema that others may be working on is changed.
// known is the newest migration of this program.
func (o Options) migrate(ctx context.Context, db *sql.DB, dialect goose.Dialect, dir string, upgrading func() error) (known int64, err error) {
	files, err := o.migrationFiles(dir)
	if err != nil {
		return 0, err
	}
	p, err := goose.NewProvider(dialect, db, files)
	if err != nil {
		return 0, err
	}
	have, known, err := p.GetVersions(ctx)
	if err != nil {
		return 0, fmt.Errorf("read schema version: %w", err)
	}
	if have > known {
		return known, checkCompatible(ctx, db, have, known)
	}
	if have == known {
		return known, nil
	}
	if have > 0 && upgrading != nil {
		if err := upgrading(); err != nil {
			return known, err
		}
	}
	_, err = p.Up(ctx)
	return known, err
}

func (o Options) migrationFiles(dir string) (fs.FS, error) {
	if o.migrations != nil {
		return fs.Sub(o.migrations, dir)
	}
	return fs.Sub(migrations, dir)
}

// checkCompatible asks a schema that is newer than ours whether we may work on it.
func checkCompatible(ctx context.Context, db *sql.DB, have, known int64) error {
	var oldest int64
	if err := db.QueryRowContext(ctx, "SELECT oldest FROM compatible").Scan(&oldest); err != nil {
		return fmt.Errorf("read the oldest compatible schema: %w", err)
	}
	if known < oldest {
		return fmt.Errorf("%w：数据库为%d，%w", ErrSchema, have, tooOld(oldest, known))
	}
	return nil
}

// tooOld says to an operator why a program must keep away from a database that a newer one has upgraded.
func tooOld(oldest, known int64) error {
	return fmt.Errorf("已由较新版本的程序升级，只与%d及以后的程序相容，本程序只认识到%d，请使用较新版本的程序", oldest, known)
}

// newestMigration is the version of this program's schema, the same for every engine.
func newestMigration() (newest int64, err error) {
	files, err := fs.Glob(migrations, "migrations/sqlite/*.sql")
	for _, f := range files {
		newest = max(newest, int64(firstNumber(path.Base(f))))
	}
	return newest, err
}
