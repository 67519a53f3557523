package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"diaoxiao/internal/receiver/store/engine"
)

const (
	// connectTimeout is how long one host of the URL may take to answer, unless the URL says otherwise.
	connectTimeout = 5 * time.Second
	// leaseTimeout is how long a group waits for the write lease; its holder may be waiting for a standby.
	leaseTimeout = 5 * time.Second
	// migrationTimeout is how long a migration waits for a table that others work on, while everybody waits behind it;
	// then it lets them go on and tries again, for migrationPatience.
	migrationTimeout  = 2 * time.Second
	migrationPatience = time.Minute
	// workTimeout bounds everything of a transaction but its commit.
	workTimeout = 30 * time.Second
	// staleAfter is after how long without a transaction that went through a node says that it is not ready.
	staleAfter = leaseTimeout + commitTimeout
	// commitTimeout is after how long a commit that still waits for its standby counts as unknown.
	commitTimeout = 10 * time.Second
)

// cluster is the engine over PostgreSQL: the primary of a cluster.
type cluster struct {
	config *pgx.ConnConfig
	url    string
	pool   *pgxpool.Pool
	options
	writing *writer
	done    verified
	known   int64       // the newest migration of this program
	named   atomic.Bool // synchronous standbys have been named since the start

	standbys atomic.Bool // they were at the last transaction

	mu     sync.Mutex
	health error // of the last transaction of the writer
	proven time.Time

	stop  context.CancelFunc
	beats sync.WaitGroup
}

// options are what of engine.Options a cluster keeps.
type options struct {
	server, alone bool
	durability    engine.Durability
}

func open(ctx context.Context, url string, o engine.Options) (*cluster, error) {
	config, err := parseURL(url, o)
	if err != nil {
		return nil, err
	}
	c := &cluster{config: config, url: url, options: options{o.Server, o.Alone, o.Durability}}
	c.writing = &writer{cluster: c}
	if err := c.migrate(ctx, o); err != nil {
		return nil, err
	}
	if err := c.openPool(ctx, o.Readers); err != nil {
		return nil, err
	}
	if o.Server || o.Alone {
		if err := c.settle(); err != nil {
			return nil, errors.Join(err, c.Close())
		}
	}
	return c, nil
}

// parseURL reads the URL and adds what every connection must have. The errors of pgx name no password.
func parseURL(url string, o engine.Options) (*pgx.ConnConfig, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	if o.Password != "" {
		config.Password = o.Password
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
	}
	config.DialFunc = dialer().DialContext
	config.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsReadWrite // never a standby, whatever the URL says
	for name, value := range map[string]string{
		"synchronous_commit": "on", "timezone": "UTC", "tcp_keepalives_idle": "10", "tcp_keepalives_interval": "5",
		"tcp_keepalives_count": "3",
	} {
		config.RuntimeParams[name] = value
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "diaoxiao"
	}
	return config, nil
}

// migrate brings the schema up to date, one node at a time.
func (c *cluster) migrate(ctx context.Context, o engine.Options) error {
	config := c.config.Copy()
	config.RuntimeParams["lock_timeout"] = fmt.Sprint(migrationTimeout.Milliseconds())
	db := stdlib.OpenDB(*config)
	defer db.Close()
	db.SetMaxOpenConns(2)
	var encoding, version string
	var exists bool
	err := db.QueryRowContext(ctx, "SELECT current_setting('server_encoding'), current_setting('server_version'), "+
		"to_regclass('goose_db_version') IS NOT NULL").
		Scan(&encoding, &version, &exists)
	if err != nil {
		return err
	}
	if encoding != "UTF8" {
		return fmt.Errorf("%w：数据库的字符编码为%s，须为UTF8；请用 CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0 另建",
			engine.ErrWeak, encoding)
	}
	if o.MustExist && !exists {
		return fmt.Errorf("%w：%s 中没有本程序的表", engine.ErrNoData, c.config.Database)
	}
	conn, err := lockMigrations(ctx, db)
	if err != nil {
		return err
	}
	defer conn.Close()
	for end := time.Now().Add(migrationPatience); ; {
		c.known, err = migrations().Of(o, "postgres").Up(ctx, db, nil)
		if sqlState(err) != lockNotAvailable || time.Now().After(end) {
			return err
		}
		time.Sleep(migrationTimeout / 4) // what waited behind goes first
	}
}

// migrationKey is the advisory lock of a node that migrates: "migrate" in ASCII.
const migrationKey = 0x6d696772617465

// lockMigrations waits until no other node migrates. The lock ends with the connection. A node that waits asks again
// and again, because a statement that waits would hold up the building of an index beside writers.
func lockMigrations(ctx context.Context, db *sql.DB) (*sql.Conn, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	for got := false; !got; {
		err = conn.QueryRowContext(ctx, "SELECT pg_try_advisory_lock($1)", int64(migrationKey)).Scan(&got)
		if err != nil {
			return nil, errors.Join(err, conn.Close())
		}
		if !got {
			time.Sleep(20 * time.Millisecond)
		}
	}
	return conn, nil
}

func (c *cluster) openPool(ctx context.Context, readers int) (err error) {
	if readers == 0 {
		readers = 4
	}
	pc, err := pgxpool.ParseConfig("")
	if err != nil {
		return err
	}
	pc.ConnConfig = c.config.Copy()
	pc.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		return errors.Join(markServer(ctx, conn), noticeDeath(ctx, conn))
	}
	pc.ConnConfig.RuntimeParams["idle_in_transaction_session_timeout"] = "300000"
	pc.MaxConns = int32(readers) + 2 // and a claim and its reading
	c.pool, err = pgxpool.NewWithConfig(ctx, pc)
	return err
}

// noticeDeath has the server look, once a second while a statement runs, whether the node is still there: a node that
// was killed in the middle of a long one would keep its claim until that ends. A server before PostgreSQL 14 has no
// such setting.
func noticeDeath(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, "SELECT set_config(name, '1000', false) FROM pg_settings "+
		"WHERE name = 'client_connection_check_interval'")
	return err
}

// settle proves that commits are what they must be, and makes durable what is visible: a commit that the primary made
// before it died, or that somebody broke off, may be seen before it has reached a standby.
func (c *cluster) settle() error {
	if _, err := c.writing.begin(nil); err != nil {
		c.writing.drop()
		return err
	}
	return c.writing.commit()
}

// View implements engine.Engine: it reads one snapshot of the primary.
func (c *cluster) View(ctx context.Context, f func(engine.Conn) error) error {
	conn, err := c.acquire(ctx)
	if err != nil {
		return engine.Fault(err)
	}
	defer conn.Release()
	t, err := beginOn(ctx, conn.Conn(), "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
	if err != nil {
		return err
	}
	defer conn.Exec(context.WithoutCancel(ctx), "ROLLBACK") // of reading; nothing is lost
	return f(t)
}

// acquire takes a connection out of the pool, which first tries those that have rested: on a network that is down each
// of them takes its time.
func (c *cluster) acquire(ctx context.Context) (*pgxpool.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, silence)
	defer cancel()
	return c.pool.Acquire(ctx)
}

// beginOn starts a transaction outside the write lease.
func beginOn(ctx context.Context, pg *pgx.Conn, begin string) (*conn, error) {
	t := &conn{ctx: ctx, conn: pg}
	var now int64
	b := &pgx.Batch{}
	b.Queue(begin)
	b.Queue(clockQuery).QueryRow(func(r pgx.Row) error { return r.Scan(&now) })
	first, cancel := context.WithTimeout(ctx, silence)
	defer cancel()
	err := pg.SendBatch(first, b).Close()
	t.now = engine.FromMS(now)
	return t, driverFault(err)
}

// clockQuery is the time of the database server in milliseconds.
const clockQuery = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"

// Background implements engine.Concurrent.
func (c *cluster) Background(ctx context.Context, f func(engine.Conn) error) error {
	conn, err := c.acquire(ctx)
	if err != nil {
		return engine.Fault(err)
	}
	defer conn.Release()
	t, err := beginOn(ctx, conn.Conn(), "BEGIN ISOLATION LEVEL READ COMMITTED")
	if err != nil {
		return err
	}
	if err := f(t); err != nil {
		conn.Exec(context.WithoutCancel(ctx), "ROLLBACK")
		return err
	}
	return commitOn(ctx, conn.Conn())
}

// commitOn commits what can be derived again. An aborted transaction is rolled back by COMMIT, without an error.
func commitOn(ctx context.Context, conn *pgx.Conn) error {
	tag, err := conn.Exec(ctx, "COMMIT")
	if err == nil && tag.String() != "COMMIT" {
		err = fmt.Errorf("the transaction was undone: %s", tag)
	}
	return driverFault(err)
}

// failed and succeeded keep what ready tells.
func (c *cluster) failed(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.health = err
}

func (c *cluster) succeeded() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.health, c.proven = nil, time.Now()
}

func (c *cluster) Ready() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if quiet := time.Since(c.proven); c.health == nil && c.server && !c.proven.IsZero() && quiet > staleAfter {
		return engine.Fault(fmt.Errorf("%w已 %s", engine.ErrSilent, quiet.Round(time.Second)))
	}
	return c.health
}

// provenSince reports whether a transaction has gone through within the last d.
func (c *cluster) provenSince(d time.Duration) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.health == nil && time.Since(c.proven) < d
}

// heartbeat is how often a node proves that it can commit while it has nothing else to commit.
const heartbeat = 2 * time.Second

// Enter implements engine.Engine. Where a PostgreSQL database has been, and whether it is as new as before, only its
// administrators know.
func (c *cluster) Enter(context.Context, engine.Options, engine.Store) error { return nil }

// Watch implements engine.Engine: it keeps what Ready reports true while no requests come.
func (c *cluster) Watch(of engine.Store) {
	if !c.server {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	c.stop = cancel
	c.beats.Go(func() {
		tick := time.NewTicker(heartbeat)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				if !c.provenSince(heartbeat) {
					of.Prove(ctx) // its outcome is in c.health
				}
			}
		}
	})
}

func (c *cluster) Unwatch() {
	if c.stop != nil {
		c.stop()
	}
	c.beats.Wait()
}

func (c *cluster) State() []engine.State {
	p := c.pool.Stat()
	replicated := 0.0
	if c.InForce() == engine.Replicated {
		replicated = 1
	}
	return []engine.State{
		{Name: "pool_connections", Value: float64(p.TotalConns())},
		{Name: "pool_in_use", Value: float64(p.AcquiredConns())},
		{Name: "pool_waits_total", Value: float64(p.EmptyAcquireCount())},
		{Name: "pool_wait_seconds_total", Value: p.AcquireDuration().Seconds()},
		{Name: "replicated", Value: replicated},
	}
}

func (c *cluster) Close() error {
	c.writing.drop()
	c.pool.Close()
	return nil
}

func (c *cluster) Integrity(context.Context) ([]string, error) { return nil, nil }

func (c *cluster) Size(ctx context.Context) (n int64, err error) {
	err = c.View(ctx, func(t engine.Conn) error {
		n, err = engine.Value[int64](t, "SELECT pg_database_size(current_database())")
		return err
	})
	return n, err
}

// driverFault marks errors of the driver. "No row" is none.
func driverFault(err error) error {
	if err == nil || errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	return engine.Fault(err)
}

// Classify implements engine.Writer: the connection has marked its errors.
func (c *cluster) Classify(err error) error { return err }

// sqlState is PostgreSQL's code of err, "" for none.
func sqlState(err error) string {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code
	}
	return ""
}

// ReadOnly implements engine.Engine: a standby is refused.
func (c *cluster) ReadOnly() bool { return false }

// SpoolDir implements engine.Engine.
func (c *cluster) SpoolDir() string { return "" }

// Newest implements engine.Engine.
func (c *cluster) Newest() int64 { return migrations().Newest() }

// ContinueAfter implements engine.Engine.
func (c *cluster) ContinueAfter(t engine.Conn, table, column string) error {
	var n int64
	return t.Row([]any{&n}, fmt.Sprintf("SELECT setval(pg_get_serial_sequence('%s', '%s'), COALESCE(MAX(%s), 1), "+
		"COUNT(*) > 0) FROM %s",
		table, column, column, table))
}
