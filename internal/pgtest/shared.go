package pgtest

import (
	"sync"
	"testing"
)

// only is the shared server of a test process. That a process has one of it is its whole purpose, so it is the
// package's.
type only struct {
	mu     sync.Mutex
	server *Server
	err    error
}

var shared only

// Shared is the one server that all tests of a process may use at once, each with a [Server.Database] of its own, and
// none may harm. The first call starts it. It ends with the process, or before that with [Main].
func Shared(t testing.TB) *Server {
	t.Helper()
	s, err := shared.get()
	if err != nil {
		t.Fatalf("starting PostgreSQL: %v", err)
	}
	s.tellLog(t)
	return s
}

// Main runs tests and removes the shared server; it returns the code to exit with. With it in TestMain nothing is left
// when go test returns; without it the server is gone a moment later.
func Main(m *testing.M) int {
	defer shared.remove()
	return m.Run()
}

func (o *only) get() (*Server, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.server == nil && o.err == nil {
		if o.server, o.err = start(nil); o.err == nil {
			o.server.shared = true
		}
	}
	return o.server, o.err
}

func (o *only) remove() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.server != nil {
		o.server.folder.remove()
		o.server = nil
	}
}
