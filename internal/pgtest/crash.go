package pgtest

import (
	"os"
	"testing"
	"time"
)

// Kill ends the server and all its children at once, without a word to anybody, as when a machine dies; what the
// operating system has taken is still written. It returns when they are gone. It does nothing while the server is down.
func (s *Server) Kill() {
	s.folder.kill()
	if s.main != nil {
		<-s.main.ended
		s.main = nil
	}
}

// Pause halts the server and all its children where they are, as when a machine hangs: connections stay open, nothing
// is answered. It returns when they have halted.
func (s *Server) Pause() { s.folder.halt() }

// Resume lets a paused server go on.
func (s *Server) Resume() { s.folder.resume() }

// Stop shuts the server down in good order, without waiting for clients; a primary sends its standbys what they lack
// first. It fails the test when that takes more than a minute, which it does while one of them is paused.
func (s *Server) Stop(t testing.TB) {
	t.Helper()
	if s.main == nil {
		return
	}
	if err := s.main.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatalf("stopping PostgreSQL on port %d: %v", s.port, err)
	}
	select {
	case <-s.main.ended:
		s.main = nil
	case <-time.After(patience):
		t.Fatalf("PostgreSQL on port %d did not stop; is it or a standby of it paused?", s.port)
	}
}

// Restart starts the server on its data again, after Stop if it is up. It returns when the server has recovered and
// takes connections.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	s.Stop(t)
	if err := s.launch(); err != nil {
		t.Fatalf("restarting PostgreSQL on port %d: %v", s.port, err)
	}
}
