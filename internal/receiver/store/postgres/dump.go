package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/jackc/pgx/v5"

	"diaoxiao/internal/receiver/store/engine"
	"diaoxiao/internal/receiver/store/schema"
)

// leftOut are the arguments that keep out of a dump the rows of what is passing, and the write lease.
func leftOut() (args []string) {
	for _, t := range append(schema.Of(schema.Passing), schema.Named(schema.WriteLease)) {
		args = append(args, "--exclude-table-data="+t.Name)
	}
	return args
}

// Backup implements engine.Engine: it has pg_dump write a snapshot. Nobody can write in what is restored from it until
// the last transaction of the restore has put the write lease back.
func (c *cluster) Backup(ctx context.Context, path string) error {
	return engine.NewFile(path, func(f *os.File) error {
		dump, err := c.find(ctx, "pg_dump")
		if err != nil {
			return err
		}
		return dump.run(ctx, f, append([]string{"--format=custom", "--no-password", "--no-owner", "--no-privileges"},
			leftOut()...)...)
	})
}

// restore is Restore for an empty database. It keeps servers out until it is done or has failed.
func restore(ctx context.Context, backup, url string, o engine.Options, finish func(engine.Conn) error) error {
	config, err := parseURL(url, o)
	if err != nil {
		return err
	}
	c := &cluster{config: config, url: url, options: options{alone: true, durability: o.Durability}}
	c.writing = &writer{cluster: c}
	defer c.writing.drop()
	if err := c.writing.connect(ctx); err != nil {
		return err
	}
	if err := c.vacant(ctx, c.writing.conn); err != nil {
		return err
	}
	restore, err := c.find(ctx, "pg_restore")
	if err == nil {
		err = isDump(backup)
	}
	if err == nil {
		err = restore.run(ctx, nil, "--dbname="+quoteDatabase(config.Database), "--no-password", "--no-owner",
			"--no-privileges",
			"--exit-on-error", "--single-transaction", backup)
	}
	if err == nil {
		err = c.migrate(ctx, engine.Options{MustExist: true})
	}
	if err != nil {
		return err
	}
	return c.writing.finishRestore(finish)
}

// quoteDatabase keeps a name from being taken for a connection string.
func quoteDatabase(name string) string {
	return "dbname='" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(name) + "'"
}

// isDump refuses a file that pg_dump did not write, or not with this format, before something is read from it.
func isDump(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	head := make([]byte, 5)
	if _, err := io.ReadFull(f, head); err != nil || string(head) != "PGDMP" {
		return fmt.Errorf("%s 不是 diaoxiao db backup 从 PostgreSQL 写出的文件", path)
	}
	return nil
}

// vacant refuses a database that holds anything but what extensions have put there.
func (c *cluster) vacant(ctx context.Context, conn *pgx.Conn) error {
	var found string
	err := conn.QueryRow(ctx, `SELECT c.oid::regclass::text FROM pg_class c
		JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
			AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
		AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') ORDER BY 1
			LIMIT 1`).Scan(&found)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return fmt.Errorf("%w：数据库 %s 中已有 %s 等；请用 CREATE DATABASE 新建一个空库", engine.ErrNotEmpty, c.config.Database, found)
}

// finishRestore puts the write lease back together with what finish does, as durably as a case is accepted.
func (w *writer) finishRestore(finish func(engine.Conn) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), workTimeout)
	_, err := w.take(ctx, cancel, putLease, nil)
	if err != nil {
		return err
	}
	if err := finish(w.tx); err != nil {
		return err
	}
	return w.commit()
}

// refuseForeign keeps our tables out of a database that holds others' and none of ours.
func refuseForeign(ctx context.Context, url string, o engine.Options) error {
	config, err := parseURL(url, o)
	if err != nil {
		return err
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var ours bool
	if err := conn.QueryRow(ctx, "SELECT to_regclass('goose_db_version') IS NOT NULL").Scan(&ours); err != nil || ours {
		return err
	}
	return (&cluster{config: config}).vacant(ctx, conn)
}
