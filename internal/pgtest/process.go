package pgtest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// patience is how long a server may take for what takes it a moment.
const patience = time.Minute

// process is a running postmaster.
type process struct {
	cmd   *exec.Cmd
	ended chan struct{} // closed after it ended
}

// launch starts the server on its data and waits until it takes connections. On an error parts of it may still run.
func (s *Server) launch() error {
	log, err := os.OpenFile(s.folder.log(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	c := s.folder.command(
		s.bin.path("postgres"), "-D", s.folder.data(), "-p", strconv.Itoa(s.port), "-c", "cluster_name="+s.name,
	)
	c.Stdout, c.Stderr = log, log
	detach(c)
	if err := c.Start(); err != nil {
		return err
	}
	s.main = &process{c, make(chan struct{})}
	go s.main.wait()
	return s.awaitReady()
}

func (p *process) wait() {
	p.cmd.Wait()
	close(p.ended)
}

// awaitReady returns as soon as the server takes connections, which it tells in its lock file.
func (s *Server) awaitReady() error {
	err := eventually(func(context.Context) error {
		select {
		case <-s.main.ended:
			return final{fmt.Errorf("the server ended: %v", s.main.cmd.ProcessState)}
		default:
			return s.ready()
		}
	})
	if err != nil {
		return fmt.Errorf("%w; its log ends with:\n%s", err, s.logSince(0))
	}
	return nil
}

// ready reads the lock file: the first line is the process that wrote it, the eighth its state.
func (s *Server) ready() error {
	text, err := os.ReadFile(filepath.Join(s.folder.data(), "postmaster.pid"))
	if err != nil {
		return err
	}
	lines := strings.Split(string(text), "\n")
	if len(lines) < 8 || lines[0] != strconv.Itoa(s.main.cmd.Process.Pid) || strings.TrimSpace(lines[7]) != "ready" {
		return fmt.Errorf("the server did not become ready; its lock file says %q", lines)
	}
	return nil
}

// final is an error after which trying again is of no use.
type final struct{ error }

// eventually tries something again until it succeeds, or patience ends with the last error.
func eventually(try func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		err := try(ctx)
		if err == nil || errors.As(err, new(final)) || ctx.Err() != nil {
			return err
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// freePort is a port that nobody listens on. It lies below those that Linux gives to clients, so that no client of
// anything takes it while its server is down.
func freePort() (port int, err error) {
	for range 100 {
		port = 20000 + rand.IntN(12000)
		var l net.Listener
		if l, err = net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port))); err == nil {
			return port, l.Close()
		}
	}
	return 0, fmt.Errorf("no free port on 127.0.0.1 from 20000 to 31999: %w", err)
}
