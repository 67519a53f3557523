package calllog

import (
	"errors"
	"fmt"
	"sync"

	"diaoxiao/internal/receiver/intake"
)

const (
	// mostCalls is how many calls wait in memory at most, those of a file that is being written apart.
	mostCalls = 20_000
	// longCalls is how many calls in memory make a file of the spool.
	longCalls = 5000
)

// queue is the calls that wait to be written. In their order they are: those of a batch that was taken, those in the
// spool, those in memory.
type queue struct {
	moving sync.Mutex // held while calls go from memory to the spool, or are taken from either
	spool  spool
	doubt  bool       // of the first file, some calls may be written already
	spare  callBuffer // empty: memory for calls

	mu      sync.Mutex
	came    int64 // calls that were ever added
	calls   callBuffer
	held    int           // calls in memory beside these
	written int           // of the batch, calls that its file counts and that are written
	long    chan struct{} // gets something where there are longCalls
}

// batch is the oldest calls that wait.
type batch struct {
	*callBuffer
	no    int64 // of its file
	file  bool  // it has one, which is there until all are written
	doubt bool  // the first ones may be written already
}

// open takes over the files of a folder.
func (q *queue) open(dir string) error {
	err := q.spool.open(dir)
	q.doubt = q.spooled()
	return err
}

// add puts a call behind all others; false: there is no room.
func (q *queue) add(c *intake.Call) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.came++
	if q.calls.len()+q.held >= mostCalls {
		return false
	}
	q.calls.add(c)
	if q.calls.len() >= longCalls {
		select {
		case q.long <- struct{}{}:
		default:
		}
	}
	return true
}

// count is how many calls have come.
func (q *queue) count() int64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.came
}

// waits is how many calls wait.
func (q *queue) waits() int {
	spooled, _ := q.spool.holds()
	q.mu.Lock()
	defer q.mu.Unlock()
	return max(0, spooled-q.written) + q.calls.len() + q.held
}

// spooled reports whether calls wait in the spool.
func (q *queue) spooled() bool {
	_, any := q.spool.first()
	return any
}

// shift takes the calls out of memory; moving is held. They count until held is lowered.
func (q *queue) shift() *callBuffer {
	q.mu.Lock()
	defer q.mu.Unlock()
	b := q.calls
	q.calls, q.held = q.spare, q.held+b.len()
	q.spare = callBuffer{}
	return &b
}

// errFull: the spool has reached its bound.
var errFull = errors.New("the spool is full")

// spill moves the calls in memory to the spool. After an error they are where they were.
func (q *queue) spill() error {
	q.moving.Lock()
	defer q.moving.Unlock()
	if !q.spool.room() {
		return fmt.Errorf("%w: %d bytes", errFull, q.spool.most)
	}
	b := q.shift()
	n := b.len()
	if n == 0 {
		return nil
	}
	err := q.spool.put(q.spool.number(), b)
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.held -= n; err != nil {
		b.join(q.calls)
		q.calls = *b
		return err
	}
	q.spare = callBuffer{rows: b.rows[:0], texts: b.texts[:0]}
	return nil
}

// take takes the oldest calls, for drop and done; nil: none wait. After an error so many were lost with their file.
func (q *queue) take() (b *batch, lost int, err error) {
	q.moving.Lock()
	defer q.moving.Unlock()
	f, spooled := q.spool.first()
	if !spooled {
		if b := q.shift(); b.len() > 0 {
			return &batch{callBuffer: b, no: q.spool.number()}, 0, nil
		}
		return nil, 0, nil
	}
	calls, err := q.spool.read(f)
	if err != nil {
		return nil, f.calls, errors.Join(err, q.spool.remove())
	}
	b = &batch{callBuffer: calls, no: f.no, file: true, doubt: q.doubt}
	q.doubt = false
	return b, 0, nil
}

// drop takes the first n calls out of the batch.
func (q *queue) drop(b *batch, n int) {
	b.callBuffer.drop(n)
	q.mu.Lock()
	defer q.mu.Unlock()
	if b.file {
		q.written += n
	} else {
		q.held -= n
	}
}

// done ends a batch all of which is written.
func (q *queue) done(b *batch) error {
	if !b.file {
		return nil
	}
	q.moving.Lock()
	defer q.moving.Unlock()
	q.mu.Lock()
	q.written = 0
	q.mu.Unlock()
	return q.spool.remove()
}

// errNotKept: the folder of the spool is a temporary one.
var errNotKept = errors.New("no folder keeps them")

// keep puts the rest of the batch, which may be nil, and of memory into the spool, for the next run, and returns how
// many calls wait there. After an error so many of them are lost.
func (q *queue) keep(b *batch) (n int, err error) {
	n = q.waits()
	if n == 0 {
		return 0, nil
	}
	if q.spool.dir == "" || q.spool.temp {
		return n, errors.Join(errNotKept, q.clear())
	}
	if b != nil {
		q.doubt = b.file || b.doubt
	}
	if b != nil && !b.file {
		if err := q.spool.put(b.no, b.callBuffer); err != nil {
			return b.len() + q.calls.len(), err
		}
	}
	if err := q.spill(); err != nil {
		return q.calls.len(), err
	}
	q.written, q.held = 0, 0
	return n, nil
}

// clear forgets all calls.
func (q *queue) clear() (err error) {
	for err == nil && q.spooled() {
		err = q.spool.remove()
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.calls, q.held, q.written = callBuffer{}, 0, 0
	return err
}
