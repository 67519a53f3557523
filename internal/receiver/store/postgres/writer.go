package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"diaoxiao/internal/receiver/store/engine"
)

// writer is the writer's connection to the primary. The writer's goroutine alone uses it.
type writer struct {
	cluster *cluster
	conn    *pgx.Conn
	notices *notices
	tx      *conn  // of the transaction of the moment
	loaded  string // when the server had read its settings, as of the beginning of that
}

// notices gathers what the server has to say beside its answers.
type notices struct{ said []string }

// Begin implements engine.Writer.
func (c *cluster) Begin(questions []engine.Question) (engine.Conn, error) {
	t, err := c.writing.begin(questions)
	if err != nil {
		c.failed(err)
		c.writing.abandon(err)
		return nil, driverFault(err)
	}
	return t, nil
}

func (c *cluster) Commit() error {
	err := c.writing.commit()
	if err != nil {
		c.failed(err)
		return err
	}
	c.succeeded()
	return nil
}

func (c *cluster) Rollback() { c.writing.rollback() }

func (c *cluster) Tidy() error { return nil }

func (c *cluster) WantsRoom(error) bool { return false }

// Latches implements engine.Writer: a lost connection is replaced, and every commit is proved by itself, so nothing
// need wait for a restart.
func (c *cluster) Latches(error, bool) bool { return false }

func (c *cluster) Gone() bool { return c.writing.conn == nil || c.writing.conn.IsClosed() }

func (c *cluster) Postpones() bool { return true }

func (c *cluster) CachesNumbers() bool { return false }

// connect opens the connection where there is none. It keeps none without the lock.
func (w *writer) connect(ctx context.Context) error {
	if w.conn != nil && !w.conn.IsClosed() {
		return nil
	}
	config, said := w.cluster.config.Copy(), &notices{}
	config.RuntimeParams["lock_timeout"] = fmt.Sprint(leaseTimeout.Milliseconds())
	// a node that was cut off must not keep the lease
	config.RuntimeParams["idle_in_transaction_session_timeout"] = "5000"
	config.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) { said.said = append(said.said, n.Code+" "+n.Message) }
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	if err := w.cluster.lock(ctx, conn); err != nil {
		closeConn(conn)
		return err
	}
	w.conn, w.notices = conn, said
	return nil
}

// serverKey is the advisory lock that servers share and that a command which must be alone takes for itself: "diaoxiao"
// in ASCII.
const serverKey = 0x6469616f7869616f

// lockPatience is how long a command that must be alone retries the lock: the backend of a server that just exited may
// hold it a moment longer.
const lockPatience = time.Second

// lock takes the advisory lock for as long as the connection lives. engine.ErrLocked: another holds it.
func (c *cluster) lock(ctx context.Context, conn *pgx.Conn) error {
	query := "SELECT true"
	switch {
	case c.alone:
		query = fmt.Sprintf("SELECT pg_try_advisory_lock(%d)", serverKey)
	case c.server:
		query = fmt.Sprintf("SELECT pg_try_advisory_lock_shared(%d)", serverKey)
	}
	var got bool
	for end := time.Now().Add(lockPatience); ; time.Sleep(lockPatience / 20) {
		if err := conn.QueryRow(ctx, query).Scan(&got); err != nil {
			return err
		}
		if got || !c.alone || time.Now().After(end) {
			break
		}
	}
	if !got {
		return fmt.Errorf("%w：数据库 %s", engine.ErrLocked, c.config.Database)
	}
	return nil
}

// takeLease takes the write lease, the one row of table turn: it waits until no other writer holds it, and holds it
// until the end of the transaction. putLease makes the row where there is none. Both return the time and the settings,
// so that they are of this very transaction.
const (
	takeLease = "UPDATE turn SET taken = taken + 1 WHERE id = 1" + returningAll
	putLease  = "INSERT INTO turn (id, taken) VALUES (1, 0)" + returningAll

	returningAll = " RETURNING CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT), " + oldestQuery + ", " +
		settingsQuery
	// oldestQuery is the oldest schema whose programs may work on the database: a newer program may have upgraded it
	// meanwhile.
	oldestQuery = "(SELECT oldest FROM compatible)"
)

// begin starts a transaction, takes the write lease and asks the questions beside.
func (w *writer) begin(questions []engine.Question) (*conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), workTimeout)
	if err := w.connect(ctx); err != nil {
		cancel()
		return nil, fmt.Errorf("connect: %w", err)
	}
	s, err := w.take(ctx, cancel, takeLease, questions)
	if err != nil {
		return nil, explained(err)
	}
	s.ripen()
	return w.tx, w.cluster.check(s)
}

// take starts a transaction with the statement that takes the lease, and asks the questions beside. It returns the
// server's settings as of the lease; the connection gets its time.
func (w *writer) take(ctx context.Context, end context.CancelFunc, lease string,
	questions []engine.Question) (s settings, err error) {
	w.tx = &conn{ctx: ctx, conn: w.conn, end: end}
	w.notices.said = nil
	var at, oldest int64
	b := &pgx.Batch{}
	b.Queue("BEGIN ISOLATION LEVEL READ COMMITTED")
	b.Queue(lease).QueryRow(func(r pgx.Row) error { return r.Scan(append([]any{&at, &oldest}, s.dest()...)...) })
	for _, q := range questions {
		b.Queue(q.Query).QueryRow(func(r pgx.Row) error { return r.Scan(q.To) })
	}
	err = w.conn.SendBatch(ctx, b).Close()
	w.loaded = s.loaded
	if err == nil {
		err = w.cluster.checkOldest(oldest)
	}
	w.tx.now = engine.FromMS(at)
	return s, err
}

// checkOldest refuses to work on where a newer program has upgraded the database so that this one must keep away.
func (c *cluster) checkOldest(oldest int64) error {
	if c.known < oldest {
		return fmt.Errorf("%w：数据库%w", engine.ErrSchema, engine.TooOld(oldest, c.known))
	}
	return nil
}

// explained says of a lease that was not got what an operator should look at: its holder waits in its commit, or there
// is none.
func explained(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return fmt.Errorf("%w：数据库由备份恢复而来，没有收尾；请用 diaoxiao db restore 重新恢复到一个空库", engine.ErrUnfinished)
	}
	if sqlState(err) != lockNotAvailable {
		return err
	}
	return fmt.Errorf("前面的提交 %s 未完成，多半在等同步备库；请检查备库与 pg_stat_replication：%w: %w", leaseTimeout, engine.ErrWaiting, err)
}

const lockNotAvailable = "55P03"

// commit commits and proves that it was what it must be. Its wait cannot be cancelled: PostgreSQL would then commit
// without the standby and say so in no more than a notice. So what was not done in time is left to itself, on a
// connection nobody uses again, and any notice counts as a failure. Where the names of the standbys are taken back,
// commits that wait for them go through at once, and the names may be there again when that is noticed: so the settings
// must not have been read anew meanwhile.
func (w *writer) commit() error {
	conn, loaded := w.conn, w.loaded
	done := make(chan error, 1)
	go func() { done <- w.commitOn(conn, loaded) }()
	select {
	case err := <-done:
		if err == nil && len(w.notices.said) > 0 {
			err = fmt.Errorf("the server remarked on the commit: %s", strings.Join(w.notices.said, "; "))
		}
		if err != nil {
			w.drop()
		} else {
			w.tx.end()
		}
		return err
	case <-time.After(commitTimeout):
		w.conn = nil
		w.tx.end()
		go func() { <-done; closeConn(conn) }()
		return fmt.Errorf("提交 %s 未完成，多半在等同步备库；请检查备库与 pg_stat_replication：%w", commitTimeout, engine.ErrWaiting)
	}
}

func (w *writer) commitOn(conn *pgx.Conn, loaded string) error {
	var s settings
	b := &pgx.Batch{}
	b.Queue("COMMIT").Exec(func(tag pgconn.CommandTag) error {
		if tag.String() != "COMMIT" {
			return fmt.Errorf("the server undid the transaction: %s", tag)
		}
		return nil
	})
	b.Queue("SELECT " + settingsQuery).QueryRow(func(r pgx.Row) error { return r.Scan(s.dest()...) })
	if err := conn.SendBatch(context.Background(), b).Close(); err != nil {
		return err
	}
	err := w.cluster.check(s)
	if err == nil && s.loaded != loaded {
		err = errors.New("the server read its settings anew during the transaction")
	}
	return err
}

// rollback gives the lease back. It does nothing where the connection is gone.
func (w *writer) rollback() {
	if w.conn == nil || w.conn.IsClosed() {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), leaseTimeout)
	defer cancel()
	if _, err := w.conn.Exec(ctx, "ROLLBACK"); err != nil {
		w.drop()
	}
	w.end()
}

// abandon ends a transaction that did not begin.
func (w *writer) abandon(err error) {
	if sqlState(err) == "" {
		w.drop()
		return
	}
	w.rollback()
}

// drop closes the connection, whatever state it is in.
func (w *writer) drop() {
	if w.conn != nil {
		closeConn(w.conn)
	}
	w.conn = nil
	w.end()
}

// end frees what the transaction of the moment holds on this side, if there was one.
func (w *writer) end() {
	if w.tx != nil {
		w.tx.end()
	}
}

func closeConn(c *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	c.Close(ctx)
}
