package engine

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
)

// Migrations are those of one engine.
type Migrations struct {
	Files   fs.FS // of the program, with the folder Dir
	Dir     string
	Dialect goose.Dialect
}

// Of are those that o has in place of the program's.
func (m Migrations) Of(o Options, engine string) Migrations {
	if o.Migrations != nil {
		m.Files, m.Dir = o.Migrations, engine+"/"+m.Dir
	}
	return m
}

// Up brings the schema up to date. Migrations only add, so that programs of the version before go on beside newer ones:
// a newer schema than ours is worked on where its table compatible allows, and refused where not. upgrading, which may
// be nil, is asked before a schema that others may be working on is changed. known is the newest migration.
func (m Migrations) Up(ctx context.Context, db *sql.DB, upgrading func() error) (known int64, err error) {
	files, err := fs.Sub(m.Files, m.Dir)
	if err != nil {
		return 0, err
	}
	p, err := goose.NewProvider(m.Dialect, db, files)
	if err != nil {
		return 0, err
	}
	have, known, err := p.GetVersions(ctx)
	if err != nil {
		return 0, fmt.Errorf("read schema version: %w", err)
	}
	if have > known {
		return known, CheckCompatible(ctx, db, have, known)
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

// Newest is the version of the newest of them.
func (m Migrations) Newest() (newest int64) {
	files, err := fs.Glob(m.Files, m.Dir+"/*.sql")
	if err != nil {
		panic(err) // of a constant pattern
	}
	for _, f := range files {
		number, _, _ := strings.Cut(path.Base(f), "_")
		n, _ := strconv.ParseInt(number, 10, 64)
		newest = max(newest, n)
	}
	return newest
}

// CheckCompatible asks a schema that is newer than ours whether we may work on it.
func CheckCompatible(ctx context.Context, db *sql.DB, have, known int64) error {
	var oldest int64
	if err := db.QueryRowContext(ctx, "SELECT oldest FROM compatible").Scan(&oldest); err != nil {
		return fmt.Errorf("read the oldest compatible schema: %w", err)
	}
	if known < oldest {
		return fmt.Errorf("%w：数据库为%d，%w", ErrSchema, have, TooOld(oldest, known))
	}
	return nil
}

// TooOld says to an operator why a program must keep away from a database that a newer one has upgraded.
func TooOld(oldest, known int64) error {
	return fmt.Errorf("已由较新版本的程序升级，只与%d及以后的程序相容，本程序只认识到%d，请使用较新版本的程序", oldest, known)
}
