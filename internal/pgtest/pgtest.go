// Package pgtest starts real PostgreSQL servers for tests, as many as a test needs: to use, to kill, to stop for a
// while, and to replicate to one another.
//
// It is imported by tests only. Servers are as durable as those of a good site: fsync and synchronous_commit are on, so
// what a test has seen committed must be there after [Server.Kill].
//
// The decision you could not guess: no server outlives its test process, however that ends, kill -9 and panic included.
// Each folder has a guard, a shell that waits for the end of a pipe which the test process holds; then it kills
// whatever works in the folder and removes it. Cleaning up at the end of a test is nothing else but closing that pipe,
// so it is tried all the time.
//
// It needs Linux and PostgreSQL 15 or newer; where they are missing tests fail, they are not skipped. As root it runs
// the servers as the user postgres, or else nobody, because PostgreSQL refuses to run as root.
package pgtest

import (
	"fmt"
	"testing"
)

// superuser is the role that tests work as. It needs no password.
const superuser = "diaoxiao"

// Server is one PostgreSQL server on a port of 127.0.0.1 of its own. Its methods are not for concurrent use, but for
// Name, URL, Port, Database and SQL.
type Server struct {
	name   string // its cluster_name, and its application_name where it is a standby
	port   int
	bin    binaries
	folder *folder
	main   *process // nil while it is down
	shared bool     // outlives the tests that use it
}

// Start starts a new, empty server. The settings are lines for its postgresql.conf, such as "max_connections = 50",
// which win over what this package sets. At the end of the test it is gone with its files; when the test failed, the
// end of its log is shown.
func Start(t testing.TB, settings ...string) *Server {
	t.Helper()
	s, err := start(settings)
	if err != nil {
		t.Fatalf("starting PostgreSQL: %v", err)
	}
	s.belongsTo(t)
	return s
}

// Name is the name by which a primary knows this server when it is a standby, the one to use in [Server.Synchronous].
// It is "origin" for those of [Start].
func (s *Server) Name() string { return s.name }

// Port is the port on 127.0.0.1. It stays the same over restarts.
func (s *Server) Port() int { return s.port }

// URL is the address of a database of this server, which need not exist.
func (s *Server) URL(db string) string {
	return fmt.Sprintf("postgres://%s@127.0.0.1:%d/%s?sslmode=disable", superuser, s.port, db)
}

// start makes a server that is up. Anything that it leaves behind on an error is removed.
func start(settings []string) (*Server, error) {
	s, err := create("origin")
	if err != nil {
		return nil, err
	}
	if err = s.initialise(settings); err == nil {
		err = s.launch()
	}
	if err != nil {
		s.folder.remove()
		return nil, err
	}
	return s, nil
}

// create makes a server without data.
func create(name string) (*Server, error) {
	bin, err := findBinaries()
	if err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	folder, err := newFolder()
	if err != nil {
		return nil, err
	}
	return &Server{name: name, port: port, bin: bin, folder: folder}, nil
}

// belongsTo removes the server at the end of a test.
func (s *Server) belongsTo(t testing.TB) {
	t.Cleanup(func() { s.folder.remove() })
	s.tellLog(t)
}
