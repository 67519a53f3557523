package store

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"diaoxiao/internal/intake"
)

const (
	maxWaiting = 4096 // Updates; more are told to come back
	maxGroup   = 512  // Updates in one transaction

	// While Updates keep coming, Background transactions get one part in backgroundShare of the writer's time.
	backgroundShare = 50
	// quiet is how long no Update must have come or been answered before Background runs freely.
	quiet = 20 * time.Millisecond

	// walLimit is the length of the log, in pages, from which it is copied into the database.
	walLimit = 4000
	// lookEvery is after how many commits the length of the log is looked at.
	lookEvery = 8
)

// writer is the one goroutine that writes.
type writer struct {
	store *Store
	conn  *conn
	group group
	numbers
	queue  chan *job
	idle   chan *job // from Background
	quit   chan struct{}
	done   chan struct{}
	failed atomic.Pointer[error]
	count  counters

	unlooked   int          // commits since the log's length was looked at
	lastUpdate atomic.Int64 // unix nanoseconds
	background sync.Mutex   // one Background at a time
	nextIdle   time.Time    // guarded by background
}

// job is one closure and where its outcome goes.
type job struct {
	f    func(intake.Tx) error
	done chan error
}

func newWriter(s *Store, c *conn) *writer {
	w := &writer{store: s, conn: c, queue: make(chan *job, maxWaiting), idle: make(chan *job), quit: make(chan struct{}), done: make(chan struct{})}
	go w.run()
	return w
}

// errStopped ends what comes after Close.
var errStopped = fmt.Errorf("%w: the store is closed", intake.ErrUnavailable)

// Update implements intake.Store. Once taken, f is run and its outcome awaited whatever becomes of ctx: the caller's data must
// outlive the transaction.
func (s *Store) Update(ctx context.Context, f func(intake.Tx) error) error {
	w := s.writer
	if err := w.failure(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%w: %w", intake.ErrUnavailable, err)
	}
	w.lastUpdate.Store(time.Now().UnixNano())
	j := &job{f, make(chan error, 1)}
	select {
	case w.queue <- j:
	case <-w.quit:
		return errStopped
	default:
		w.count.rejected.Add(1)
		return fmt.Errorf("%w: %d updates wait", intake.ErrUnavailable, maxWaiting)
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
	w := s.writer
	w.background.Lock()
	defer w.background.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
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
	w.nextIdle = time.Now().Add(backgroundShare * time.Since(began))
	return err
}

// waitQuiet waits until no Update has come for a while or the share of Background is due.
func (w *writer) waitQuiet(ctx context.Context) error {
	for {
		since := time.Duration(time.Now().UnixNano() - w.lastUpdate.Load())
		if since > quiet && len(w.queue) == 0 || time.Now().After(w.nextIdle) {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-w.quit:
			return errStopped
		case <-time.After(max(time.Millisecond, min(quiet-since, time.Until(w.nextIdle)))):
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
			w.serve([]*job{j})
		default:
			select {
			case j := <-w.queue:
				began = time.Now()
				w.serve(w.gather(j))
				w.lastUpdate.Store(time.Now().UnixNano()) // a slow disk must not look quiet
			case j := <-w.idle:
				began = time.Now()
				w.serve([]*job{j})
			case <-w.quit:
				w.drain()
				return
			}
		}
		w.copyLog()
		w.count.busy.Add(int64(time.Since(began)))
	}
}

func (w *writer) gather(first *job) []*job {
	jobs := []*job{first}
	for len(jobs) < maxGroup {
		select {
		case j := <-w.queue:
			jobs = append(jobs, j)
		default:
			return jobs
		}
	}
	return jobs
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

// serve runs jobs as one transaction and answers them. A job that fails after it wrote undoes the whole; then each runs in a
// transaction of its own.
func (w *writer) serve(jobs []*job) {
	outcomes, err := w.transact(jobs)
	if errors.Is(err, errAlone) {
		for _, j := range jobs {
			w.serve([]*job{j})
		}
		return
	}
	for i, j := range jobs {
		if err != nil {
			j.done <- err
		} else {
			j.done <- outcomes[i]
		}
	}
}

// errAlone: the jobs must run one by one.
var errAlone = errors.New("to be run alone")

// transact runs jobs in one transaction. The error is that of the transaction; outcomes are those of the closures, nil where
// the closure's work is durable.
func (w *writer) transact(jobs []*job) (outcomes []error, err error) {
	if err := w.failure(); err != nil {
		return nil, err
	}
	if _, err := w.conn.exec("BEGIN IMMEDIATE"); err != nil {
		return nil, w.doubt("begin", err)
	}
	w.group = group{pack: w.group.pack[:0], zipped: w.group.zipped, attempts: w.group.attempts[:0], numbers: w.numbers}
	t := &tx{conn: w.conn, store: w.store, group: &w.group}
	outcomes = make([]error, len(jobs))
	for i, j := range jobs {
		before := t.group.writes
		outcomes[i] = unavailable(call(j.f, t))
		if outcomes[i] != nil && (t.group.writes > before || isDamage(outcomes[i])) {
			return w.undo(jobs, outcomes[i])
		}
	}
	if err := t.group.finish(t); err != nil {
		w.rollback()
		return nil, w.doubt("keep bodies", err)
	}
	if _, err := w.conn.exec("COMMIT"); err != nil {
		w.rollback()
		return nil, w.fail("commit", err)
	}
	if w.store.server {
		w.numbers = w.group.numbers // nobody else gives any out
	}
	w.count.commits.Add(1)
	w.count.updates.Add(int64(len(jobs)))
	return outcomes, nil
}

// undo rolls the transaction back because one closure failed half way.
func (w *writer) undo(jobs []*job, cause error) ([]error, error) {
	w.rollback()
	if isDamage(cause) {
		return nil, w.doubt("update", cause)
	}
	if len(jobs) > 1 {
		return nil, errAlone
	}
	return nil, cause
}

func (w *writer) rollback() {
	w.numbers = numbers{}
	w.conn.exec("ROLLBACK") // fails where SQLite has rolled back by itself
}

// copyLog copies a long log into the database, after the answers are out. Its failure does not touch what was committed, but
// nothing after it may be acknowledged.
func (w *writer) copyLog() {
	if w.unlooked++; w.unlooked < lookEvery {
		return
	}
	w.unlooked = 0
	n, err := walFrames(w.conn)
	if err == nil && n >= walLimit {
		_, err = checkpoint(w.conn, "PASSIVE")
	}
	if err != nil {
		w.fail("checkpoint", err)
	}
}

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

// doubt classifies an error of the transaction: a busy database only defers, anything else fails the writer.
func (w *writer) doubt(op string, err error) error {
	if !isDamage(err) {
		return fmt.Errorf("%w: %s: %w", intake.ErrUnavailable, op, err)
	}
	return w.fail(op, err)
}

// fail stops all acknowledging until a restart.
func (w *writer) fail(op string, err error) error {
	err = fmt.Errorf("%w: nothing is acknowledged until a restart: %s: %w", intake.ErrUnavailable, op, err)
	w.failed.CompareAndSwap(nil, &err)
	return err
}

func (w *writer) failure() error {
	if p := w.failed.Load(); p != nil {
		return *p
	}
	return nil
}

func (w *writer) stats() Stats {
	c := &w.count
	return Stats{Commits: c.commits.Load(), Updates: c.updates.Load(), Waiting: len(w.queue), Rejected: c.rejected.Load(), Busy: time.Duration(c.busy.Load())}
}
