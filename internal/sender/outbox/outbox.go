// Package outbox is the sender's record of its cases (发件箱): a folder that knows of every case what was to be sent, what
// may have gone out and what came back, so that a sender which is killed at any moment and started again neither loses
// nor doubles a case.
//
// It is one SQLite database, and not a file of lines, because three facts must become durable together or not at all:
// the case with its body, that it is current under its caseid, and what stood there before. The order of the facts is
// the whole of it:
//
//	Record   the case and its body, exactly as they will be sent, are durable
//	Begin    it is durable that the case may be on its way
//	         … the body is sent …
//	Settle   the outcome is durable, and only then told
//
// A case that was begun and has no outcome may be at the receiver; so it is sent again, to the byte, and the receiver
// answers with the acceptid it gave before (S17). Each of the three takes many cases at once and is one transaction
// with one sync.
//
// Between Record and Begin a case may have to wait for a person's consent: until Release nothing begins it.
//
// Nothing is ever deleted. A case that takes the place of another under the same caseid leaves it there, marked;
// attempts are only added. Cases that never were on their way can be given up (Drop), and two targets can be declared
// one receiver (Merge). No secret and no token is kept: a target is a URL and an appKey.
package outbox

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	_ "modernc.org/sqlite" // the driver

	"diaoxiao/internal/bodies"
	"diaoxiao/internal/lockfile"
	"diaoxiao/internal/sqliteconn"
)

var (
	// ErrBusy: another process is sending from this outbox.
	ErrBusy = errors.New("另一个进程正在使用发件箱")
	// ErrNone: there is no outbox in the folder.
	ErrNone = errors.New("没有发件箱")
	// ErrNewer: the outbox was made by a later version of the program.
	ErrNewer = errors.New("发件箱由更新版本的程序建立")
	// ErrNotFound: no such case in the outbox.
	ErrNotFound = errors.New("发件箱中没有该案件")
	// ErrDamaged: what is kept is not what was recorded.
	ErrDamaged = errors.New("发件箱中保存的报文与记录不符")
)

// Names in the folder.
const (
	fileName = "outbox.db"
	lockName = "outbox.lock"
)

// Outbox is an open outbox. Its methods may be called from several goroutines.
type Outbox struct {
	dir  string
	db   *sql.DB
	lock *os.File // nil: read only
	now  func() time.Time

	schema int // its version

	writing  sync.Mutex
	conn     *sqliteconn.Conn // the writer's
	lastNo   int64            // of entries
	lastBody int64
	packs    bodies.Cache
}

// Open opens the outbox in dir for sending and makes one where there is none. Until Close it is this process's alone;
// ErrBusy where another has it. Anything that an earlier process had begun and not settled becomes Unknown. now is the
// clock.
func Open(dir string, now func() time.Time) (*Outbox, error) {
	b := &Outbox{dir: dir, now: now}
	if err := b.open(); err != nil {
		return nil, errors.Join(b.onDisk(err), b.Close())
	}
	return b, nil
}

// OpenToRead opens the outbox in dir to look at, also while another process sends. ErrNone where there is none. The
// methods that write fail.
func OpenToRead(dir string) (*Outbox, error) {
	if _, err := os.Stat(filepath.Join(dir, fileName)); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w：%s", ErrNone, dir)
	}
	b := &Outbox{dir: dir}
	err := b.connect("&_pragma=query_only(1)")
	if err == nil {
		b.schema, err = b.version()
		if err == nil && b.schema == 0 {
			err = fmt.Errorf("%w：%s", ErrNone, dir)
		}
	}
	if err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

func (b *Outbox) open() error {
	if err := os.MkdirAll(b.dir, 0o700); err != nil {
		return err
	}
	if err := b.takeLock(); err != nil {
		return err
	}
	path := filepath.Join(b.dir, fileName)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Close(), lockfile.SyncDir(b.dir)); err != nil {
		return err
	}
	if err := b.connect("&_txlock=immediate"); err != nil {
		return err
	}
	if b.conn, err = sqliteconn.New(context.Background(), b.db); err != nil {
		return err
	}
	return b.start()
}

func (b *Outbox) takeLock() (err error) {
	if b.lock, err = os.OpenFile(filepath.Join(b.dir, lockName), os.O_CREATE|os.O_RDWR, 0o600); err != nil {
		return err
	}
	ok, err := lockfile.Try(b.lock)
	if err == nil && !ok {
		err = fmt.Errorf("%w：%s", ErrBusy, b.dir)
	}
	return err
}

// connect makes the pool. FULL: a commit survives a power cut.
func (b *Outbox) connect(more string) (err error) {
	path, err := filepath.Abs(filepath.Join(b.dir, fileName))
	if err != nil {
		return err
	}
	where := (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath()
	b.db, err = sql.Open("sqlite", "file:"+where+
		"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(2)"+
		"&_pragma=wal_autocheckpoint(4000)&_pragma=temp_store(MEMORY)&_pragma=trusted_schema(0)"+
		"&_pragma=cache_size(-8192)"+more)
	return err
}

// start brings the schema up to date and the memory of this process into step with what an earlier one left.
func (b *Outbox) start() error {
	var mode string
	if err := b.conn.Row([]any{&mode}, "PRAGMA journal_mode"); err != nil {
		return err
	}
	if mode != "wal" {
		return fmt.Errorf("发件箱 %s 不能使用预写日志（journal_mode=%s），是否在网络文件系统上？请换一个本机目录", b.dir, mode)
	}
	if err := b.migrate(); err != nil {
		return err
	}
	b.schema = schemaVersion
	// Anything that can be read may still be in a log that a process which died had not synced.
	var busy, log, done int
	if err := b.conn.Row([]any{&busy, &log, &done}, "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		return err
	}
	// Two looks into indexes; in one statement it would be a look at all rows.
	if err := b.conn.Row([]any{&b.lastNo}, "SELECT COALESCE(MAX(no), 0) FROM entry"); err != nil {
		return err
	}
	if err := b.conn.Row([]any{&b.lastBody}, "SELECT COALESCE(MAX(body), 0) FROM body_part"); err != nil {
		return err
	}
	return b.update(func() error {
		// state IN (1, 2, 5) says no more, but by it SQLite finds the index entry_open.
		if _, err := b.conn.Exec(
			"UPDATE entry SET state = 5, doubt = 1 WHERE state IN (1, 2, 5) AND state = 2",
		); err != nil {
			return err
		}
		return b.dropUnfinished()
	})
}

// Close gives everything back. Anything that was begun and not settled is Unknown to the next Open.
func (b *Outbox) Close() (err error) {
	if b.conn != nil {
		err = errors.Join(err, b.conn.Close())
	}
	if b.db != nil {
		err = errors.Join(err, b.db.Close())
	}
	if b.lock != nil {
		err = errors.Join(err, b.lock.Close())
	}
	return err
}

// update runs f in one transaction. Statements run without a context: an interrupted commit would leave its outcome in
// doubt.
func (b *Outbox) update(f func() error) (err error) {
	defer func() { err = b.onDisk(err) }()
	b.writing.Lock()
	defer b.writing.Unlock()
	if b.conn == nil {
		return errors.New("outbox opened to read")
	}
	if _, err := b.conn.Exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err = f()
	if err == nil {
		_, err = b.conn.Exec("COMMIT")
	}
	if err != nil {
		b.conn.Exec("ROLLBACK") // fails where SQLite has rolled back by itself
	}
	return err
}

// Dir is the folder.
func (b *Outbox) Dir() string { return b.dir }
