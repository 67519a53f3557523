package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"diaoxiao/internal/receiver/store/engine"
	"diaoxiao/internal/receiver/store/schema"
)

// Register implements engine.Registers: the rows are read in the transaction of c.
func (c *cluster) Register(t engine.Conn, snapshot int64, f func(a engine.Asker, part int64) error) error {
	there, err := engine.Value[bool](t, "SELECT COUNT(*) > 0 FROM register_rows WHERE snapshot = $1", snapshot)
	if err != nil {
		return err
	}
	if !there {
		return fmt.Errorf("%w: %d", engine.ErrNoRegister, snapshot)
	}
	return f(t, snapshot)
}

// buildKey is the advisory lock of a node that builds a snapshot of the register: "register" in ASCII.
const buildKey = 0x7265676973746572

// BuildRegister implements engine.Registers: all rows are put in one transaction, on a connection of its own.
func (c *cluster) BuildRegister(ctx context.Context, snapshot, base int64, steps engine.RegisterSteps) error {
	conn, err := c.connectToBuild(ctx)
	if err != nil {
		return err
	}
	defer closeConn(conn)
	if err := steps.Check(); err != nil {
		return err
	}
	if err := putRegister(ctx, conn, snapshot, base, steps.Fill); err != nil {
		return err
	}
	return steps.Publish()
}

// putRegister puts the rows of a snapshot in one transaction.
func putRegister(ctx context.Context, conn *pgx.Conn, snapshot, base int64,
	fill func(engine.RegisterBuild) error) error {
	t, err := beginOn(ctx, conn, "BEGIN ISOLATION LEVEL READ COMMITTED")
	if err != nil {
		return err
	}
	b := &copying{conn: t}
	if err := beginWith(b, snapshot, base); err != nil {
		return err
	}
	err = fill(engine.RegisterBuild{Conn: b, Part: snapshot, Seek: func() error { return nil }})
	if err == nil {
		err = b.Flush()
	}
	if err != nil {
		return err // the rest is undone with the connection
	}
	return commitOn(ctx, conn)
}

// connectToBuild opens a connection that keeps other builds out for as long as it lives.
func (c *cluster) connectToBuild(ctx context.Context) (*pgx.Conn, error) {
	config := c.config.Copy()
	config.RuntimeParams["statement_timeout"] = "0"
	config.RuntimeParams["idle_in_transaction_session_timeout"] = "300000"
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, engine.Fault(err)
	}
	err = noticeDeath(ctx, conn)
	for end := time.Now().Add(lockPatience); err == nil; time.Sleep(lockPatience / 20) {
		var got bool
		if err = conn.QueryRow(ctx, "SELECT pg_try_advisory_lock($1)", int64(buildKey)).Scan(&got); got {
			return conn, nil
		}
		if err == nil && time.Now().After(end) {
			err = engine.ErrBuilding
		}
	}
	closeConn(conn)
	if errors.Is(err, engine.ErrBuilding) {
		return nil, err
	}
	return nil, engine.Fault(err)
}

// registerTables are those that hold rows of snapshots. The first says which snapshots are there.
func registerTables() []schema.Table {
	return []schema.Table{schema.Named("register_rows"), schema.Named("register_firm"), schema.Named("register_gram")}
}

// beginWith begins a snapshot with the rows of base, and without any that a build has left which was not published.
func beginWith(t engine.Conn, snapshot, base int64) error {
	for _, table := range registerTables() {
		if _, err := t.Exec("DELETE FROM "+table.Name+" WHERE snapshot >= $1", snapshot); err != nil {
			return err
		}
	}
	if base == 0 {
		return nil
	}
	for _, table := range registerTables() {
		rest := strings.Join(table.Columns[1:], ", ")
		n, err := t.Exec("INSERT INTO "+table.Name+" (snapshot, "+rest+") SELECT CAST($1 AS BIGINT), "+rest+" FROM "+
			table.Name+" WHERE snapshot = $2", snapshot, base)
		if err != nil {
			return err
		}
		if table.Name == "register_rows" && n == 0 {
			return fmt.Errorf("%w: %d", engine.ErrNoRegister, base)
		}
	}
	return nil
}

// droppedRows is how many rows one statement removes.
const droppedRows = 20000

// DropRegisters implements engine.Registers. A snapshot is gone for readers before the first of its rows is.
func (c *cluster) DropRegisters(ctx context.Context, keep int64) error {
	for _, table := range registerTables() {
		for done := false; !done; {
			err := c.Background(ctx, func(t engine.Conn) error {
				n, err := t.Exec("DELETE FROM "+table.Name+" WHERE ctid = ANY(ARRAY(SELECT ctid FROM "+table.Name+
					" WHERE snapshot < $1 LIMIT $2))", keep, droppedRows)
				done = n < droppedRows
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}
