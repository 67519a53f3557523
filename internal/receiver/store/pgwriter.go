package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// pgWriter is the writer's connection to the primary. The writer's goroutine alone uses it.
type pgWriter struct {
	cluster *cluster
	conn    *pgx.Conn
	notices *notices
	tx      *pgConn // of the transaction of the moment
	loaded  string  // when the server had read its settings, as of the beginning of that
}

// notices gathers what the server has to say beside its answers.
type notices struct{ said []string }

func (c *cluster) begin(g *group) (conn, error) {
	t, err := c.writing.begin(g)
	if err != nil {
		c.failed(err)
		c.writing.abandon(err)
		return nil, driverError(err)
	}
	return t, nil
}

func (c *cluster) commit() error {
	err := c.writing.commit()
	if err != nil {
		c.failed(err)
		return err
	}
	c.succeeded()
	return nil
}

func (c *cluster) rollback() { c.writing.rollback() }

func (c *cluster) tidy() error { return nil }

func (c *cluster) wantsRoom(error) bool { return false }

// latches: a lost connection is replaced, and every commit is proved by itself, so nothing need wait for a restart.
func (c *cluster) latches(error, bool) bool { return false }

func (c *cluster) gone() bool { return c.writing.conn == nil || c.writing.conn.IsClosed() }

func (c *cluster) postpones() bool { return true }

func (c *cluster) cachesNumbers() bool { return false }

// connect opens the connection where there is none. It keeps none without the lock.
func (w *pgWriter) connect(ctx context.Context) error {
	if w.conn != nil && !w.conn.IsClosed() {
		return nil
	}
	config, said := w.cluster.config.Copy(), &notices{}
	config.RuntimeParams["lock_timeout"] = fmt.Sprint(turnTimeout.Milliseconds())
	config.RuntimeParams["idle_in_transaction_session_timeout"] = "5000" // a node that was cut off must not keep its turn
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

// lock takes the advisory lock for as long as the connection lives. ErrLocked: another holds it.
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
		return fmt.Errorf("%w：数据库 %s", ErrLocked, c.config.Database)
	}
	return nil
}

// takeTurn also tells the time and the settings, so that they are of this very transaction; so does putTurn, which
// makes a turn where there is none.
const (
	takeTurn = "UPDATE turn SET taken = taken + 1 WHERE id = 1" + tellAll
	putTurn  = "INSERT INTO turn (id, taken) VALUES (1, 0)" + tellAll
	tellAll  = " RETURNING CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT), " + oldestQuery + ", " + settingsQuery
	// oldestQuery is the oldest schema whose programs may work on the database: a newer program may have upgraded it
	// meanwhile.
	oldestQuery = "(SELECT oldest FROM compatible)"
)

// begin starts a transaction and takes its turn.
func (w *pgWriter) begin(g *group) (*pgConn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), workTimeout)
	if err := w.connect(ctx); err != nil {
		cancel()
		return nil, fmt.Errorf("connect: %w", err)
	}
	now, s, err := w.take(ctx, cancel, takeTurn, func(b *pgx.Batch) {
		b.Queue(lastReceivedQuery).QueryRow(func(r pgx.Row) error { return r.Scan(&g.lastAt) })
		b.Queue(lastNoQuery).QueryRow(func(r pgx.Row) error { return r.Scan(&g.lastNo) })
		b.Queue("SELECT COALESCE(MAX(pack_no), 0) FROM pack").QueryRow(func(r pgx.Row) error { return r.Scan(&g.lastPack) })
	})
	if err != nil {
		return nil, explained(err)
	}
	s.ripen()
	g.now = now
	return w.tx, w.cluster.check(s)
}

// take starts a transaction with the statement that takes the turn, and asks beside what the caller queues. It returns
// the server's time and settings as of the turn.
func (w *pgWriter) take(ctx context.Context, end context.CancelFunc, turn string, beside func(*pgx.Batch)) (now time.Time, s settings, err error) {
	w.tx = &pgConn{ctx: ctx, conn: w.conn, end: end}
	w.notices.said = nil
	var at, oldest int64
	b := &pgx.Batch{}
	b.Queue("BEGIN ISOLATION LEVEL READ COMMITTED")
	b.Queue(turn).QueryRow(func(r pgx.Row) error { return r.Scan(append([]any{&at, &oldest}, s.dest()...)...) })
	beside(b)
	err = w.conn.SendBatch(ctx, b).Close()
	w.loaded = s.loaded
	if err == nil {
		err = w.cluster.checkOldest(oldest)
	}
	return fromMS(at), s, err
}

// checkOldest refuses to work on where a newer program has upgraded the database so that this one must keep away.
func (c *cluster) checkOldest(oldest int64) error {
	if c.known < oldest {
		return fmt.Errorf("%w：数据库%w", ErrSchema, tooOld(oldest, c.known))
	}
	return nil
}

// explained says of a turn that did not come what an operator should look at: who has it waits in its commit, or there
// is none.
func explained(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return fmt.Errorf("%w：数据库由备份恢复而来，没有收尾；请用 diaoxiao db restore 重新恢复到一个空库", ErrUnfinished)
	}
	if sqlState(err) != lockNotAvailable {
		return err
	}
	return fmt.Errorf("前面的提交 %s 未完成，多半在等同步备库；请检查备库与 pg_stat_replication：%w: %w", turnTimeout, errWaiting, err)
}

const lockNotAvailable = "55P03"

// commit commits and proves that it was what it must be. Its wait cannot be cancelled: PostgreSQL would then commit
// without the standby and say so in no more than a notice. So what was not done in time is left to itself, on a
// connection nobody uses again, and any notice counts as a failure. Where the names of the standbys are taken back,
// commits that wait for them go through at once, and the names may be there again when that is noticed: so the settings
// must not have been read anew meanwhile.
func (w *pgWriter) commit() error {
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
		return fmt.Errorf("提交 %s 未完成，多半在等同步备库；请检查备库与 pg_stat_replication：%w", commitTimeout, errWaiting)
	}
}

func (w *pgWriter) commitOn(conn *pgx.Conn, loaded string) error {
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

// rollback gives the turn back. It does nothing where the connection is gone.
func (w *pgWriter) rollback() {
	if w.conn == nil || w.conn.IsClosed() {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), turnTimeout)
	defer cancel()
	if _, err := w.conn.Exec(ctx, "ROLLBACK"); err != nil {
		w.drop()
	}
	w.end()
}

// abandon ends a transaction that did not begin.
func (w *pgWriter) abandon(err error) {
	if sqlState(err) == "" {
		w.drop()
		return
	}
	w.rollback()
}

// drop closes the connection, whatever state it is in.
func (w *pgWriter) drop() {
	if w.conn != nil {
		closeConn(w.conn)
	}
	w.conn = nil
	w.end()
}

// end frees what the transaction of the moment holds on this side, if there was one.
func (w *pgWriter) end() {
	if w.tx != nil {
		w.tx.end()
	}
}

func closeConn(c *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	c.Close(ctx)
}
