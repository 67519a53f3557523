package server

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// logDelay is how long a log line may wait for others, so that a busy server writes many at once. A crash loses at
	// most the log lines of this time. It loses no cases: those are in the database.
	logDelay = 100 * time.Millisecond
	// maxLogWaiting is the most bytes of lines that wait while the log takes none.
	maxLogWaiting = 4 << 20
	// logPatience is how long the end of the program waits for a log that takes no lines.
	logPatience = 2 * time.Second
)

// logQueue writes log lines from a goroutine of its own, so that a log that blocks or fails delays no request. Lines
// beyond maxLogWaiting, and lines whose write failed, are lost and counted; the lines after them are written as usual.
// It is safe for concurrent use.
type logQueue struct {
	w    io.Writer
	lost atomic.Int64
	wake chan struct{}
	end  chan struct{}
	done chan struct{}

	mu      sync.Mutex // never held while w is written
	waiting []byte
}

func newLogQueue(w io.Writer) *logQueue {
	q := &logQueue{w: w, wake: make(chan struct{}, 1), end: make(chan struct{}), done: make(chan struct{})}
	go q.run()
	return q
}

// Write takes one line or several whole ones. It never fails and never waits.
func (q *logQueue) Write(p []byte) (int, error) {
	q.mu.Lock()
	full := len(q.waiting)+len(p) > maxLogWaiting
	if !full {
		q.waiting = append(q.waiting, p...)
	}
	q.mu.Unlock()
	if full {
		q.lost.Add(countLines(p))
	}
	select {
	case q.wake <- struct{}{}:
	default:
	}
	return len(p), nil
}

// run writes the waiting lines until the queue is closed.
func (q *logQueue) run() {
	defer close(q.done)
	for {
		select {
		case <-q.end:
			q.flush()
			return
		case <-q.wake:
		}
		select {
		case <-q.end:
		case <-time.After(logDelay):
		}
		q.flush()
	}
}

// flush writes the waiting lines. It counts as lost the lines that could not be written, and does not try them again.
func (q *logQueue) flush() {
	q.mu.Lock()
	lines := q.waiting
	q.waiting = nil
	q.mu.Unlock()
	if len(lines) == 0 {
		return
	}
	if n, err := q.w.Write(lines); err != nil {
		q.lost.Add(countLines(lines[min(n, len(lines)):]))
	}
}

// countLines counts the line ends of p.
func countLines(p []byte) int64 { return int64(bytes.Count(p, []byte("\n"))) }

// Close writes the waiting lines and ends the queue. It returns after logPatience at the latest, whatever the log does.
func (q *logQueue) Close() error {
	close(q.end)
	select {
	case <-q.done:
	case <-time.After(logPatience):
	}
	return nil
}

// reportMissing writes into the log how many lines are missing from it: the lost lines, once the log takes lines again,
// and the requests of strangers, which are not logged one by one. It returns when ctx ends.
func reportMissing(ctx context.Context, log *slog.Logger, every time.Duration, lost, skipped func() int64) {
	t := time.NewTicker(every)
	defer t.Stop()
	for before := [2]int64{}; ; {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		now := [2]int64{lost(), skipped()}
		if n := now[0] - before[0]; n > 0 {
			log.Warn("log lines were lost", "lines", n)
		}
		if n := now[1] - before[1]; n > 0 {
			log.Warn("requests of strangers not logged one by one", "requests", n)
		}
		before = now
	}
}
