package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"diaoxiao/internal/lockfile"
	"diaoxiao/internal/receiver/store/engine"
)

// Names in the data folder.
const (
	fileName   = "diaoxiao.db"
	serverLock = "server.lock"
	schemaLock = "schema.lock"
	spoolDir   = "spool"
)

// folder is the engine over SQLite: a data folder.
type folder struct {
	dir       string
	conn      *conn // the writer's
	readers   chan *conn
	pools     []*sql.DB
	conns     []*conn
	locks     []*os.File
	registers registerFiles
	closed    chan struct{}
	// readOnly is how SQLite opens the files of a folder that cannot be written to; "": as others.
	readOnly string

	unlooked int // commits since the log's length was looked at

	log *os.File // the write-ahead log, where each commit leaves its sync to Sync; nil: it does not

	mark   *mark // of a server's run
	unmark func()
	of     engine.Store  // around it, from Enter on
	failed func() error  // of the writer; nil: no mark is kept
	marked chan struct{} // closed when the mark is written no more
}

// open opens the data folder dir.
func open(ctx context.Context, dir string, o engine.Options) (*folder, error) {
	d := &folder{dir: dir, closed: make(chan struct{})}
	if err := d.open(ctx, o); err != nil {
		err = errors.Join(d.needsRoom(err), d.Close())
		if mayReadOnly(err, o) {
			if ro, failed := openReadOnly(ctx, dir, o); failed == nil || errors.Is(failed, engine.ErrSchema) {
				return ro, failed
			}
		}
		return nil, err
	}
	return d, nil
}

// needsRoom says of a folder that a full disk keeps from being opened how much room it wants: that of its log, which is
// copied into the database, and some for what is written beside.
func (d *folder) needsRoom(err error) error {
	if !isFull(err) {
		return err
	}
	room := int64(openRoom)
	if info, err := os.Stat(filepath.Join(d.dir, logName)); err == nil {
		room += info.Size()
	}
	return fmt.Errorf("%w：数据目录 %s 所在磁盘须腾出约 %d MiB：%w", engine.ErrNoRoom, d.dir, room>>20+1, err)
}

// openRoom is what opening a folder may write besides its log.
const openRoom = 4 << 20

func (d *folder) open(ctx context.Context, o engine.Options) error {
	alone := o.Server || o.Alone
	if err := d.prepare(o, alone); err != nil {
		return err
	}
	path := filepath.Join(d.dir, fileName)
	write, err := openPool(path, false, 1)
	if err != nil {
		return err
	}
	d.pools = append(d.pools, write)
	if err := d.migrate(ctx, write, o); err != nil {
		return err
	}
	c, err := newConn(ctx, write)
	if err != nil {
		return err
	}
	d.conns = append(d.conns, c)
	if err := checkSettings(c); err != nil {
		return err
	}
	if alone {
		if err := settle(ctx, c); err != nil {
			return err
		}
	}
	d.conn = c
	if o.Server {
		if err := d.overlap(ctx); err != nil {
			return err
		}
	}
	return d.openReaders(ctx, path, o.Readers)
}

func (d *folder) prepare(o engine.Options, alone bool) error {
	path := filepath.Join(d.dir, fileName)
	_, err := os.Stat(path)
	fresh := errors.Is(err, fs.ErrNotExist)
	if o.MustExist && fresh {
		return fmt.Errorf("%w：数据目录 %s", engine.ErrNoData, d.dir)
	}
	if err := os.MkdirAll(d.dir, 0o700); err != nil {
		return err
	}
	if alone {
		if err := d.lock(serverLock, 0); err != nil {
			return err
		}
		if err := os.RemoveAll(filepath.Join(d.dir, spoolDir)); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(filepath.Join(d.dir, spoolDir), 0o700); err != nil {
		return err
	}
	if fresh {
		if err := d.forgetRegisters(); err != nil {
			return err
		}
	}
	return openFile(path)
}

// lock takes a lock file of the folder, waiting up to wait for another process to give it back.
func (d *folder) lock(name string, wait time.Duration) error {
	f, err := os.OpenFile(filepath.Join(d.dir, name), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	d.locks = append(d.locks, f)
	for end := time.Now().Add(wait); ; time.Sleep(20 * time.Millisecond) {
		ok, err := lockfile.Try(f)
		if err != nil || ok {
			return err
		}
		if time.Now().After(end) {
			return fmt.Errorf("%w：数据目录 %s", engine.ErrLocked, d.dir)
		}
	}
}

// migrate brings the schema up to date, one process at a time, and never under a server of an older program.
func (d *folder) migrate(ctx context.Context, db *sql.DB, o engine.Options) error {
	before := len(d.locks)
	if err := d.lock(schemaLock, 30*time.Second); err != nil {
		return err
	}
	if o.Migrations == nil {
		if current, err := isCurrent(ctx, db); err != nil || current {
			return errors.Join(err, d.unlock(before))
		}
	}
	_, err := migrations().Of(o, "sqlite").Up(ctx, db, func() error {
		if o.Server || o.Alone {
			return nil
		}
		err := d.lock(serverLock, 0)
		if errors.Is(err, engine.ErrLocked) {
			err = fmt.Errorf("%w：数据目录 %s 的结构须先升级，而服务还在以旧版本的程序运行", engine.ErrSchema, d.dir)
		}
		return err
	})
	return errors.Join(err, d.unlock(before))
}

// unlock gives back the locks that were taken last, all but so many.
func (d *folder) unlock(but int) (err error) {
	for len(d.locks) > but {
		last := len(d.locks) - 1
		err = errors.Join(err, d.locks[last].Close())
		d.locks = d.locks[:last]
	}
	return err
}

// settle makes everything visible durable: a process that died between writing the log and syncing it leaves rows that
// can be read and can still be lost. It waits for readers of old snapshots, such as an export.
func settle(ctx context.Context, c *conn) error {
	for end := time.Now().Add(30 * time.Second); ; {
		busy, err := checkpoint(c, "TRUNCATE")
		if err != nil {
			return fmt.Errorf("bring log and database together: %w", err)
		}
		if !busy {
			return nil
		}
		if time.Now().After(end) {
			return errors.New("启动前无法合并预写日志：另有进程（导出、备份等）正在读取数据库，请结束后再启动")
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (d *folder) openReaders(ctx context.Context, path string, n int) error {
	if n == 0 {
		n = 4
	}
	db, err := d.pool(path, true, n)
	if err != nil {
		return err
	}
	d.pools = append(d.pools, db)
	d.readers = make(chan *conn, n)
	for range n {
		c, err := newConn(ctx, db)
		if err != nil {
			return err
		}
		d.conns = append(d.conns, c)
		d.readers <- c
	}
	return nil
}

// Close implements engine.Engine: it waits for the Views that are under way.
func (d *folder) Close() (err error) {
	if d.failed != nil && d.failed() == nil {
		d.updateMark(context.Background())
	}
	close(d.closed)
	for range len(d.conns) - 1 { // all but the writer's
		<-d.readers
	}
	d.registers.leaveAll(func(int64) bool { return true })
	if d.log != nil { // before SQLite removes the file
		err = errors.Join(err, d.log.Close())
	}
	for _, c := range d.conns {
		err = errors.Join(err, c.Close())
	}
	for _, p := range d.pools {
		err = errors.Join(err, p.Close())
	}
	for _, f := range d.locks {
		err = errors.Join(err, f.Close())
	}
	return err
}

func (d *folder) Ready() error { return nil }

func (d *folder) InForce() engine.Durability { return engine.Local }

func (d *folder) State() []engine.State { return nil }

func (d *folder) View(ctx context.Context, f func(engine.Conn) error) error {
	var c *conn
	select {
	case <-d.closed:
		return engine.Fault(errStopped)
	case <-ctx.Done():
		return engine.Fault(ctx.Err())
	default:
	}
	select {
	case c = <-d.readers:
	case <-d.closed:
		return engine.Fault(errStopped)
	case <-ctx.Done():
		return engine.Fault(ctx.Err())
	}
	defer func() { d.readers <- c }()
	if err := c.Trim(mostStatements); err != nil {
		return d.Classify(err)
	}
	if _, err := c.Exec("BEGIN"); err != nil {
		return d.Classify(err)
	}
	defer c.Exec("COMMIT") // of reading; nothing can be lost
	if err := f(c); err != nil {
		return d.Classify(err)
	}
	return engine.Fault(d.settleRead())
}

// settleRead makes durable what a process beside the server has read: the server's last commit may not be yet. The
// server's own store waits for its sync instead.
func (d *folder) settleRead() error {
	if d.log != nil || d.readOnly != "" {
		return nil
	}
	return d.syncLog()
}

// mostStatements is how many a reader keeps prepared: far more than there are without searches, each some ten
// kilobytes.
const mostStatements = 200

// errStopped ends what comes after Close.
var errStopped = errors.New("the store is closed")

// Classify implements engine.Writer.
func (d *folder) Classify(err error) error {
	if err != nil && (resultCode(err) != 0 || errors.Is(err, sql.ErrConnDone)) {
		return engine.Fault(err)
	}
	return err
}

// Begin implements engine.Writer. A question costs as little later.
func (d *folder) Begin([]engine.Question) (engine.Conn, error) {
	_, err := d.conn.Exec("BEGIN IMMEDIATE")
	return d.conn, err
}

func (d *folder) Commit() error {
	_, err := d.conn.Exec("COMMIT")
	return err
}

func (d *folder) Rollback() {
	d.conn.Exec("ROLLBACK") // fails where SQLite has rolled back by itself
}

// Tidy implements engine.Writer: it copies a long log into the database.
func (d *folder) Tidy() error {
	if d.unlooked++; d.unlooked < lookEvery {
		return nil
	}
	d.unlooked = 0
	n, err := walFrames(d.conn)
	if err == nil && n >= walLimit {
		_, err = checkpoint(d.conn, "PASSIVE")
	}
	if err != nil {
		d.unlooked = lookEvery
	}
	return err
}

func (d *folder) WantsRoom(err error) bool { return isFull(err) }

const (
	// walLimit is the length of the log, in pages, from which it is copied into the database.
	walLimit = 4000
	// lookEvery is after how many commits the length of the log is looked at.
	lookEvery = 8
)

// Latches implements engine.Writer: after damage, and after any failed commit, log and database must be brought
// together first. That a commit failed for want of room makes no difference: where only the index of the log found none
// (SQLITE_IOERR_SHMSIZE), the log has the commit, synced, and the next start brings it back.
func (d *folder) Latches(err error, committing bool) bool { return committing || isDamage(err) }

func (d *folder) Gone() bool { return false }

func (d *folder) Postpones() bool { return false }

func (d *folder) CachesNumbers() bool { return true }

// SpoolDir implements engine.Engine.
func (d *folder) SpoolDir() string { return filepath.Join(d.dir, spoolDir) }

// Newest implements engine.Engine.
func (d *folder) Newest() int64 { return migrations().Newest() }

// ContinueAfter implements engine.Engine: SQLite looks at the highest number each time.
func (d *folder) ContinueAfter(engine.Conn, string, string) error { return nil }
