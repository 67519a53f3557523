package store

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store/engine"
)

const (
	maxWaiting = 4096 // Updates; more are told to come back
	maxGroup   = 512  // Updates in one transaction

	// While Updates keep coming, Background transactions get one part in backgroundShare of the writer's time.
	backgroundShare = 50
	// quiet is how long no Update must have come or been answered before Background runs freely.
	quiet = 20 * time.Millisecond
)

// writer is the one goroutine that writes.
type writer struct {
	store  *Store
	db     engine.Engine
	server bool
	group  group
	numbers
	queue  chan *job
	idle   chan *job // from Background
	quit   chan struct{}
	done   chan struct{}
	failed atomic.Pointer[error] // until a restart
	held   atomic.Pointer[error] // until there is room
	again  <-chan time.Time      // when to look for room again; nil: not held
	count  counters
	syncer *syncer

	began         time.Time    // by the monotonic clock: a step of the wall clock moves nothing here
	lastUpdate    atomic.Int64 // since began, in nanoseconds
	oneBackground sync.Mutex   // one background at a time
	nextIdle      atomic.Int64 // since began, in nanoseconds
}

// uptime is the time since the writer began, by the monotonic clock.
func (w *writer) uptime() time.Duration { return time.Since(w.began) }

// job is one closure and where its outcome goes.
type job struct {
	f    func(intake.Tx) error
	done chan error
}

// newWriter starts the writer of a store.
func newWriter(s *Store, db engine.Engine, server bool) *writer {
	w := &writer{store: s, db: db, server: server, queue: make(chan *job, maxWaiting), idle: make(chan *job),
		quit: make(chan struct{}), done: make(chan struct{}), began: time.Now(), syncer: newSyncer(db)}
	go w.run()
	return w
}

// errStopped ends what comes after Close.
var errStopped = unavailableFor(errors.New("the store is closed"))

// Update implements intake.Store. Once taken, f is run and its outcome awaited whatever becomes of ctx: the caller's
// data must outlive the transaction.
func (s *Store) Update(ctx context.Context, f func(intake.Tx) error) error {
	w := s.writer
	if err := w.failure(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return unavailableFor(err)
	}
	w.lastUpdate.Store(int64(w.uptime()))
	j := &job{f, make(chan error, 1)}
	select {
	case w.queue <- j:
	case <-w.quit:
		return errStopped
	default:
		w.count.rejected.Add(1)
		return unavailableFor(fmt.Errorf("%d updates wait", maxWaiting))
	}
	return w.await(j)
}

func (w *writer) await(j *job) error {
	select {
	case err := <-j.done:
		return err
	case <-w.done:
		select {
		case err := <-j.done:
			return err
		default:
			return errStopped
		}
	}
}

// Background implements intake.Store.
func (s *Store) Background(ctx context.Context, f func(intake.Tx) error) error {
	if c, ok := s.engine.(engine.Concurrent); ok {
		return unavailable(c.Background(ctx, func(conn engine.Conn) error {
			t := &handle{Conn: conn, store: s, group: &group{}}
			if err := f(newTx(t)); err != nil {
				return err
			}
			return t.group.finish(t)
		}))
	}
	return s.writer.background(ctx, f)
}

// background runs f between Updates, when none has come for a while or its share is due.
func (w *writer) background(ctx context.Context, f func(intake.Tx) error) error {
	w.oneBackground.Lock()
	defer w.oneBackground.Unlock()
	if err := w.waitQuiet(ctx); err != nil {
		return err
	}
	j := &job{f, make(chan error, 1)}
	select {
	case w.idle <- j:
	case <-w.quit:
		return errStopped
	case <-ctx.Done():
		return ctx.Err()
	}
	began := time.Now()
	err := w.await(j)
	w.pause(backgroundShare * time.Since(began))
	return err
}

// pause is how long what runs in the background leaves to Updates now, while they keep coming.
func (w *writer) pause(d time.Duration) { w.nextIdle.Store(int64(w.uptime() + d)) }

// waitQuiet waits until no Update has come for a while or the share of Background is due.
func (w *writer) waitQuiet(ctx context.Context) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		now := w.uptime()
		since, due := now-time.Duration(w.lastUpdate.Load()), time.Duration(w.nextIdle.Load())-now
		if since > quiet && len(w.queue) == 0 || due < 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-w.quit:
			return errStopped
		case <-time.After(max(time.Millisecond, min(quiet-since, due))):
		}
	}
}

// run takes the background job whose share is due, or all Updates that wait.
func (w *writer) run() {
	defer close(w.done)
	for {
		began := time.Now()
		select {
		case j := <-w.idle: // its share is due: it must not starve behind a queue that is never empty
			w.serve(&batch{jobs: []*job{j}})
		default:
			select {
			case j := <-w.queue:
				began = time.Now()
				w.serve(w.gather(j))
				w.lastUpdate.Store(int64(w.uptime())) // a slow disk must not look quiet
			case j := <-w.idle:
				began = time.Now()
				w.serve(&batch{jobs: []*job{j}})
			case <-w.again:
			case <-w.quit:
				w.drain()
				w.awaitSync(context.Background())
				return
			}
		}
		w.tidy()
		w.count.busy.Add(int64(time.Since(began)))
	}
}

// batch is the jobs of one transaction.
type batch struct {
	jobs []*job
	open bool // those that come before it has begun may join it
	// precise: whether a case is there already is looked at for each, instead of for all of them before the commit.
	precise bool
}

// gather makes a batch of a job and all that wait.
func (w *writer) gather(first *job) *batch {
	b := &batch{jobs: []*job{first}, open: true}
	w.join(b)
	return b
}

// join adds what waits.
func (w *writer) join(b *batch) {
	for len(b.jobs) < maxGroup {
		select {
		case j := <-w.queue:
			b.jobs = append(b.jobs, j)
		default:
			return
		}
	}
}

// drain serves what was queued before the stop.
func (w *writer) drain() {
	for {
		select {
		case j := <-w.queue:
			w.serve(w.gather(j))
		default:
			return
		}
	}
}

func (w *writer) stop() {
	close(w.quit)
	<-w.done
}

// serve runs a batch as one transaction, and has it answered when that is durable. A job that fails after it wrote
// undoes the whole; then each runs in a transaction of its own.
func (w *writer) serve(b *batch) {
	outcomes, err := w.transact(b)
	if errors.Is(err, engine.ErrConflict) {
		b.precise = true
		outcomes, err = w.transact(b)
	}
	switch {
	case errors.Is(err, errAlone):
		for _, j := range b.jobs {
			w.serve(&batch{jobs: []*job{j}})
		}
	case err == nil && w.group.writes > 0 && w.syncer.db != nil:
		go w.settle(b, outcomes)
	default:
		b.answer(outcomes, err)
	}
}

// settle makes a committed batch durable and answers it.
func (w *writer) settle(b *batch, outcomes []error) {
	began := time.Now()
	err := w.syncer.db.Sync()
	w.count.commit.Add(int64(time.Since(began)))
	if err != nil {
		w.count.unknown.Add(1)
		err = w.fail("同步预写日志", err)
	}
	b.answer(outcomes, err) // before the end: once the writer has stopped nobody waits for answers
	w.syncer.end()
}

// answer tells each job its outcome, or all of them the error of the whole.
func (b *batch) answer(outcomes []error, err error) {
	for i, j := range b.jobs {
		if err != nil {
			j.done <- err
		} else {
			j.done <- outcomes[i]
		}
	}
}

// errAlone: the jobs must run one by one.
var errAlone = errors.New("to be run alone")

// transact runs a batch in one transaction. The error is that of the transaction; outcomes are those of the closures,
// nil where the closure's work is committed. Where the batch is not precise, cases may be taken for new that are not;
// engine.ErrConflict tells.
func (w *writer) transact(b *batch) (outcomes []error, err error) {
	if err := w.failure(); err != nil {
		return nil, err
	}
	w.group = group{pack: w.group.pack[:0], zipped: w.group.zipped, attempts: w.group.attempts[:0], numbers: w.numbers}
	c, err := w.db.Begin(w.group.questions())
	if err != nil {
		return nil, w.doubt("开始事务", err)
	}
	if b.open {
		w.join(b) // where others had their turn first, many may have come meanwhile
		b.open = false
	}
	w.group.postpones = !b.precise && w.db.Postpones()
	t := newTx(&handle{Conn: c, store: w.store, group: &w.group})
	if outcomes, err = w.runAll(b, t); err != nil {
		return nil, err
	}
	if err := t.group.finish(t.handle); err != nil {
		w.rollback()
		if errors.Is(err, engine.ErrConflict) {
			return nil, engine.ErrConflict
		}
		return nil, w.doubt("写入正文", err)
	}
	began := time.Now()
	if w.group.writes > 0 {
		w.syncer.begin()
	}
	err = w.db.Commit()
	w.count.commit.Add(int64(time.Since(began)))
	if err != nil {
		w.syncer.end()
		w.count.unknown.Add(1)
		w.rollback()
		return nil, w.inDoubt("提交", err, true)
	}
	w.committed(len(b.jobs))
	return outcomes, nil
}

// committed counts a transaction of so many jobs, and keeps the numbers that it gave out.
func (w *writer) committed(jobs int) {
	if w.server && w.db.CachesNumbers() {
		w.numbers = w.group.numbers
	}
	w.count.commits.Add(1)
	w.count.updates.Add(int64(jobs))
}

// runAll runs the closures of a batch, and while the transaction before it is not durable those that come meanwhile.
func (w *writer) runAll(b *batch, t *tx) (outcomes []error, err error) {
	for under := w.syncer.underWay(); ; w.joinOne(b, under) {
		for _, j := range b.jobs[len(outcomes):] {
			before := t.group.writes
			out := w.store.classify(call(j.f, t))
			if out != nil && (t.group.writes > before || t.Broken() || w.db.Latches(out, false)) {
				return nil, w.undo(b.jobs, out)
			}
			outcomes = append(outcomes, out)
		}
		if ended(under) {
			break
		}
	}
	if err := w.failure(); err != nil {
		w.rollback()
		return nil, err
	}
	return outcomes, nil
}

// ended reports whether a channel is closed, or nil.
func ended(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return c == nil
	}
}

// joinOne waits for one job more, or for the sync that is under way.
func (w *writer) joinOne(b *batch, under <-chan struct{}) {
	queue := w.queue
	if len(b.jobs) >= maxGroup {
		queue = nil
	}
	select {
	case j := <-queue:
		b.jobs = append(b.jobs, j)
	case <-under:
	}
}

// undo rolls the transaction back because one closure failed half way.
func (w *writer) undo(jobs []*job, cause error) error {
	w.rollback()
	if errors.Is(cause, engine.ErrConflict) {
		return engine.ErrConflict
	}
	if w.db.Latches(cause, false) {
		return w.doubt("写入", cause)
	}
	if len(jobs) > 1 && !w.db.Gone() {
		return errAlone
	}
	return cause
}

func (w *writer) rollback() {
	w.numbers = numbers{}
	w.db.Rollback()
}

// tidy does what the engine wants done between transactions. Its failure does not touch what was committed, but nothing
// after it may be acknowledged: until a restart, or, where all that is missing is room, until there is room.
//
// That much is safe because nothing is in doubt: what was acknowledged is in the log, which each commit has synced, and
// stays there until a checkpoint has written and synced the whole of it. A checkpoint that found no room has at most
// written pages that the next one writes again. No commit is tried meanwhile: one would sooner or later find no room
// either, and after a commit that failed nobody knows what is durable. Any other error, that of a sync above all, does
// leave a doubt.
func (w *writer) tidy() {
	err := w.db.Tidy()
	switch {
	case err == nil:
		w.held.Store(nil)
		w.again = nil
	case w.db.WantsRoom(err):
		err = error(&fault{[]error{intake.ErrUnavailable, ErrNoRoom}, err})
		w.held.Store(&err)
		w.again = time.After(lookForRoom)
	default:
		w.fail("合并预写日志", err)
	}
}

// lookForRoom is the time between two tries of what found no room.
const lookForRoom = time.Second

// call runs one closure; a panic in it becomes its error.
func call(f func(intake.Tx) error, t *tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in an update: %v\n%s", p, debug.Stack())
			t.group.writes++ // whatever it wrote is undone
		}
	}()
	return f(t)
}

// doubt is the answer to an error of the transaction.
func (w *writer) doubt(op string, err error) error { return w.inDoubt(op, err, false) }

func (w *writer) inDoubt(op string, err error, committing bool) error {
	if w.db.Latches(err, committing) {
		return w.fail(op, err)
	}
	return unavailableFor(fmt.Errorf("%s: %w", op, err))
}

// fail stops all acknowledging until a restart.
func (w *writer) fail(op string, err error) error {
	err = unavailableFor(fmt.Errorf("%w: %s: %w", errLatched, op, err))
	w.failed.CompareAndSwap(nil, &err)
	return err
}

func (w *writer) failure() error {
	if p := w.failed.Load(); p != nil {
		return *p
	}
	if p := w.held.Load(); p != nil {
		return *p
	}
	return nil
}

func (w *writer) stats() Stats {
	c := &w.count
	return Stats{Commits: c.commits.Load(), Updates: c.updates.Load(), Unknown: c.unknown.Load(), Waiting: len(w.queue),
		Rejected: c.rejected.Load(), Busy: time.Duration(c.busy.Load()), Commit: time.Duration(c.commit.Load())}
}
