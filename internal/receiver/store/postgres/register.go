package postgres

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"diaoxiao/internal/receiver/store/engine"
	"diaoxiao/internal/receiver/store/schema"
)

// Register implements engine.Registers: the rows are read in the transaction of t. That they are there is asked
// afterwards: what removes them first takes the row away that is asked for, so all were there until then.
func (c *cluster) Register(t engine.Conn, snapshot int64, f func(a engine.Asker, under int64) error) error {
	if err := f(t, snapshot); err != nil {
		return err
	}
	there, err := engine.Value[bool](t, "SELECT COUNT(*) > 0 FROM register_rows WHERE snapshot = $1", snapshot)
	if err == nil && !there {
		err = fmt.Errorf("%w: %d", engine.ErrNoRegister, snapshot)
	}
	return err
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
	err = fill(engine.RegisterBuild{Conn: b, Under: snapshot, Seek: func() error { return nil }})
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

// droppedRows is how many numbers of rows one statement removes.
const droppedRows = 20000

// DropRegisters implements engine.Registers. A snapshot is gone for readers before the first of its rows is. Rows are
// removed by ranges of their keys: a search for those that are left would walk through those that are gone.
func (c *cluster) DropRegisters(ctx context.Context, keep int64) error {
	err := c.Background(ctx, func(t engine.Conn) error {
		_, err := t.Exec("DELETE FROM register_rows WHERE snapshot < $1", keep)
		return err
	})
	for _, table := range registerTables()[1:] {
		for id := int64(0); err == nil && id < keep; {
			if id, err = c.nextIn(ctx, table, "snapshot > $1", id); err == nil && id < keep {
				err = c.dropRows(ctx, table, id)
			}
		}
	}
	return err
}

// dropRows removes the rows of a snapshot from a table.
func (c *cluster) dropRows(ctx context.Context, table schema.Table, snapshot int64) error {
	key := table.Columns[1]
	for from := int64(-1); ; {
		next, err := c.nextIn(ctx, table, "snapshot = $1 AND "+key+" > $2", snapshot, from)
		if err != nil || next == math.MaxInt64 {
			return err
		}
		from = next + droppedRows - 1
		err = c.Background(ctx, func(t engine.Conn) error {
			_, err := t.Exec("DELETE FROM "+table.Name+" WHERE snapshot = $1 AND "+key+" <= $2", snapshot, from)
			return err
		})
		if err != nil {
			return err
		}
	}
}

// nextIn is the lowest key of a table on a condition, by the column of the key that the condition ends with;
// math.MaxInt64: there is none.
func (c *cluster) nextIn(ctx context.Context, table schema.Table, where string, args ...any) (next int64, err error) {
	key := table.Columns[len(args)-1]
	err = c.Background(ctx, func(t engine.Conn) error {
		next, err = engine.Value[int64](t, "SELECT "+key+" FROM "+table.Name+" WHERE "+where+" ORDER BY "+
			strings.Join(table.Columns[:len(args)], ", ")+" LIMIT 1", args...)
		if errors.Is(err, pgx.ErrNoRows) {
			next, err = math.MaxInt64, nil
		}
		return err
	})
	return next, err
}
