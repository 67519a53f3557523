package sqlite

import (
	"errors"
	"os"
)

// syncing writes a file that is being built to the disk bit by bit. Else all of it would go there at its end, and cases
// that are accepted meanwhile would wait behind it.
type syncing struct {
	file    *os.File
	running chan error // of the sync that is under way; nil: there is none
	err     error      // of those before
}

// syncEvery is after how many flushes of rows a file is synced.
const syncEvery = 10

// start begins with a file.
func (s *syncing) start(path string) (err error) {
	s.file, err = os.OpenFile(path, os.O_RDWR, 0)
	return err
}

// now begins a sync, after the one before.
func (s *syncing) now() {
	s.await()
	done := make(chan error, 1)
	s.running = done
	go func() { done <- s.file.Sync() }()
}

func (s *syncing) await() {
	if s.running != nil {
		s.err = errors.Join(s.err, <-s.running)
		s.running = nil
	}
}

// end makes all of it durable. A sync that failed before may have lost something that a later one does not know of.
func (s *syncing) end() error {
	s.now()
	s.await()
	return errors.Join(s.err, s.file.Close())
}

// buildConn is the connection of a build, whose file is synced now and then.
type buildConn struct {
	*conn
	syncing *syncing
	flushes int
}

// Flush implements engine.Conn.
func (c *buildConn) Flush() error {
	if c.flushes++; c.flushes%syncEvery == 0 {
		c.syncing.now()
	}
	return nil
}
