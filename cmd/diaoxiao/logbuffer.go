package main

import (
	"bufio"
	"io"
	"sync"
	"time"
)

// logDelay is how long a log line may wait for others, so that a busy server writes many at once. What a crash takes with it
// is at most this much of the log; what was received is recorded in the database, not here.
const logDelay = 100 * time.Millisecond

// logBuffer gathers log lines for logDelay. It is safe for concurrent use.
type logBuffer struct {
	mu    sync.Mutex
	w     *bufio.Writer
	timed bool // a flush is due
}

func newLogBuffer(w io.Writer) *logBuffer { return &logBuffer{w: bufio.NewWriterSize(w, 64<<10)} }

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.timed {
		b.timed = true
		time.AfterFunc(logDelay, func() { b.Flush() })
	}
	return b.w.Write(p)
}

// Flush writes what has gathered.
func (b *logBuffer) Flush() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.timed = false
	return b.w.Flush()
}
