package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"diaoxiao/internal/ctxreader"
	"diaoxiao/internal/diskroom"
	"diaoxiao/internal/lockfile"
	"diaoxiao/internal/receiver/store/engine"
)

// registerTables are the tables of a snapshot, as the migrations of PostgreSQL make them there.
const registerTables = `
CREATE TABLE register_rows (snapshot INTEGER PRIMARY KEY, row_count INTEGER NOT NULL, last_row INTEGER NOT NULL) STRICT;
CREATE TABLE register_firm (snapshot INTEGER NOT NULL, row_no INTEGER PRIMARY KEY, pripid TEXT NOT NULL,
	uniscid TEXT NOT NULL, regno TEXT NOT NULL, name TEXT NOT NULL, legal TEXT NOT NULL, legal_key TEXT NOT NULL,
	enttype TEXT NOT NULL, state INTEGER NOT NULL, state_text TEXT NOT NULL, organ TEXT NOT NULL,
	founded TEXT NOT NULL, approved TEXT NOT NULL) STRICT;
CREATE TABLE register_gram (snapshot INTEGER NOT NULL, part INTEGER NOT NULL, gram INTEGER NOT NULL,
	lists BLOB NOT NULL, PRIMARY KEY (snapshot, part, gram)) STRICT, WITHOUT ROWID;
`

// registerIndexes are made when the rows are there: sorting them is quicker than finding the place of each.
var registerIndexes = []string{
	registerByPripID,
	"CREATE INDEX register_firm_uniscid ON register_firm (uniscid) WHERE uniscid <> ''",
	"CREATE INDEX register_firm_regno ON register_firm (regno) WHERE regno <> ''",
	"CREATE INDEX register_firm_legal ON register_firm (legal_key) WHERE legal_key <> ''",
	"CREATE INDEX register_firm_organisation ON register_firm (substr(uniscid, 9, 9)) WHERE length(uniscid) = 18",
}

const registerByPripID = "CREATE INDEX IF NOT EXISTS register_firm_pripid ON register_firm (pripid) WHERE pripid <> ''"

// Names in the folder of the register.
const (
	buildLock = "build.lock"
	partFile  = "build.part" // the snapshot that is being built
)

// registerBuild is a build of a snapshot.
type registerBuild struct {
	dir  string // of the register
	path string // of the file while it is built
	db   *sql.DB
	conn *conn
	syncing
}

// BuildRegister implements engine.Registers: the file gets its name when all is in it and durable.
func (d *folder) BuildRegister(ctx context.Context, snapshot, base int64, steps engine.RegisterSteps) error {
	unlock, err := d.lockBuild()
	if err != nil {
		return err
	}
	defer unlock()
	if err := steps.Check(); err != nil {
		return err
	}
	unwanted := func(id int64) bool { return id >= snapshot }
	d.registers.leaveAll(unwanted)
	if err := d.removeRegisters(unwanted); err != nil {
		return err
	}
	if err := d.buildFile(ctx, snapshot, d.baseOf(base), steps.Fill); err != nil {
		return err
	}
	return steps.Publish()
}

// buildFile makes the file of a snapshot, or leaves nothing.
func (d *folder) buildFile(ctx context.Context, snapshot int64, base string,
	fill func(engine.RegisterBuild) error) error {
	b := &registerBuild{dir: filepath.Join(d.dir, registerDir)}
	b.path = filepath.Join(b.dir, partFile)
	err := b.run(ctx, base, fill)
	if err == nil {
		err = errors.Join(os.Rename(b.path, d.registerPath(snapshot)), lockfile.SyncDir(b.dir))
	}
	if err != nil {
		err = d.registerNeedsRoom(err)
		os.Remove(b.path)
	}
	return err
}

// lockBuild makes the folder of the register and keeps other builds out of it.
func (d *folder) lockBuild() (unlock func() error, err error) {
	dir := filepath.Join(d.dir, registerDir)
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	if err := lockfile.SyncDir(d.dir); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(dir, buildLock), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	ok, err := lockfile.Try(f)
	if err == nil && !ok {
		err = engine.ErrBuilding
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f.Close, nil
}

// baseOf is the file of a base; "": there is none.
func (d *folder) baseOf(base int64) string {
	if base == 0 {
		return ""
	}
	return d.registerPath(base)
}

func (b *registerBuild) run(ctx context.Context, base string, fill func(engine.RegisterBuild) error) error {
	if err := b.begin(ctx, base); err != nil {
		return err
	}
	err := b.fill(ctx, base == "", fill)
	if b.conn != nil {
		err = errors.Join(err, b.conn.Close())
	}
	return errors.Join(err, b.db.Close(), b.syncing.end())
}

// begin makes the file, as a copy of the base where there is one.
func (b *registerBuild) begin(ctx context.Context, base string) error {
	if err := os.Remove(b.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := enoughRoom(b.dir); err != nil {
		return err
	}
	if err := startFile(ctx, b.path, base); err != nil {
		return err
	}
	var err error
	b.db, err = sql.Open("sqlite", fileDSN(b.path)+"_pragma=journal_mode(OFF)&_pragma=synchronous(0)"+
		"&_pragma=locking_mode(EXCLUSIVE)&_pragma=temp_store(MEMORY)&_pragma=trusted_schema(0)"+
		fmt.Sprintf("&_pragma=cache_size(-%d)", cacheFor(base)))
	if err != nil {
		return err
	}
	b.db.SetMaxOpenConns(1)
	if err := b.syncing.start(b.path); err != nil {
		return errors.Join(err, b.db.Close())
	}
	return nil
}

// cacheFor is the cache of a build in KiB. New rows go to the end of everything, and indexes are sorted in as much
// memory; changes go anywhere in a base.
func cacheFor(base string) int {
	if base == "" {
		return 16 << 10
	}
	return 64 << 10
}

// startFile makes the file path, empty or as a copy of the file base.
func startFile(ctx context.Context, path, base string) (err error) {
	out, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if base == "" {
		return nil
	}
	in, err := os.Open(base)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %s", engine.ErrNoRegister, filepath.Base(base))
	}
	if err != nil {
		return err
	}
	defer in.Close()
	_, err = io.Copy(out, ctxreader.Reader{Ctx: ctx, R: in})
	return err
}

// fill has the rows put, in one transaction, and makes the indexes.
func (b *registerBuild) fill(ctx context.Context, fresh bool, fill func(engine.RegisterBuild) error) (err error) {
	if b.conn, err = newConn(ctx, b.db); err != nil {
		return err
	}
	if fresh {
		if _, err := b.conn.ExecContext(ctx, registerTables); err != nil {
			return err
		}
	}
	if _, err := b.conn.Exec("BEGIN"); err != nil {
		return err
	}
	seek := func() error { _, err := b.conn.ExecContext(ctx, registerByPripID); return err }
	c := &buildConn{conn: b.conn, syncing: &b.syncing}
	if err := fill(engine.RegisterBuild{Conn: c, Under: registerUnder, Seek: seek}); err != nil {
		return err
	}
	if fresh {
		for _, index := range registerIndexes {
			if _, err := b.conn.ExecContext(ctx, index); err != nil {
				return err
			}
			b.syncing.now()
		}
	}
	_, err = b.conn.Exec("COMMIT")
	return err
}

// registerRoom is what a build may need on the disk beyond the size of the largest snapshot that is there.
const registerRoom = 64 << 20

// enoughRoom refuses early a build for which there is no room.
func enoughRoom(dir string) error {
	free, err := diskroom.Free(dir)
	if err != nil {
		return nil // the build will see
	}
	need := int64(registerRoom)
	files, err := filepath.Glob(filepath.Join(dir, "*.db"))
	for _, f := range files {
		need = max(need, registerRoom+fileSize(f))
	}
	if free < uint64(need) {
		err = fmt.Errorf("%w：主体库在目录 %s，所在磁盘须有约 %d MiB，现有 %d MiB", engine.ErrNoRoom, dir, need>>20, free>>20)
	}
	return err
}

// registerNeedsRoom says of a build that the disk was too full for where that was.
func (d *folder) registerNeedsRoom(err error) error {
	if !isFull(err) || errors.Is(err, engine.ErrNoRoom) {
		return err
	}
	return fmt.Errorf("%w：主体库写到一半，原来的快照不变；请在目录 %s 所在磁盘腾出空间后重做：%w", engine.ErrNoRoom,
		filepath.Join(d.dir, registerDir), err)
}
