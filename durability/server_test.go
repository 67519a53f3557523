//go:build linux

package durability

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// server is one `diaoxiao serve` process.
type server struct {
	cmd    *exec.Cmd
	addr   string // of the interface
	ops    string // of /readyz
	listen chan struct{}
	exited chan struct{}
	mu     sync.Mutex
	tail   []string // last lines of its log, for messages
}

// Limits of waiting. They only bound what hangs.
const (
	startTimeout = 60 * time.Second
	stopTimeout  = 90 * time.Second
)

// launch starts a server on data without waiting for it. wrap stands before its command line: strace, or nothing.
func launch(t *testing.T, binary, data string, wrap ...string) *server {
	t.Helper()
	args := append(
		wrap, binary, "serve", placeFlag(data), data, "--listen", "127.0.0.1:0", "--ops-listen", "127.0.0.1:0",
	)
	return follow(t, args...)
}

// placeFlag is the flag that takes a folder or the URL of a database.
func placeFlag(place string) string {
	if strings.HasPrefix(place, "postgres://") {
		return "--database"
	}
	return "--data"
}

// follow starts the server of a command line.
func follow(t *testing.T, args ...string) *server {
	t.Helper()
	s := &server{cmd: command(args...), listen: make(chan struct{}), exited: make(chan struct{})}
	log, err := s.cmd.StderrPipe()
	must(t, err)
	must(t, s.cmd.Start())
	t.Cleanup(s.kill)
	go s.read(log)
	return s
}

// command is a child that dies with us and does not see the settings of whoever runs the tests.
func command(args ...string) *exec.Cmd {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "DIAOXIAO_") })
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return cmd
}

// read reads the log to its end, which is the process's.
func (s *server) read(log io.Reader) {
	lines := bufio.NewScanner(log)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		s.line(lines.Bytes())
	}
	s.cmd.Wait()
	close(s.exited)
}

func (s *server) line(b []byte) {
	var v struct{ Msg, Addr, Ops string }
	if json.Unmarshal(b, &v) == nil && v.Msg == "listening" {
		s.addr, s.ops = v.Addr, v.Ops
		close(s.listen)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tail = append(s.tail, string(b)); len(s.tail) > 8 {
		s.tail = s.tail[1:]
	}
}

// ready waits until the server listens. The error says how it ended instead.
func (s *server) ready() error {
	select {
	case <-s.listen:
		return nil
	case <-s.exited:
		return fmt.Errorf("serve exited with %d: %s", s.code(), s.last())
	case <-time.After(startTimeout):
		s.kill()
		return errors.New("serve neither listens nor exits: " + s.last())
	}
}

func (s *server) last() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.tail, "\n")
}

// kill is kill -9, and waits for the end.
func (s *server) kill() {
	s.cmd.Process.Kill()
	<-s.exited
}

// terminate is SIGTERM, and waits for the end. It returns the exit code.
func (s *server) terminate() int {
	s.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.exited:
	case <-time.After(stopTimeout):
		s.kill()
	}
	return s.code()
}

func (s *server) code() int { return s.cmd.ProcessState.ExitCode() }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// readiness is the status of /readyz.
func (s *server) readiness() (int, error) {
	code, _, err := s.operations("/readyz")
	return code, err
}

// operations is what the operators' address answers.
func (s *server) operations(path string) (int, string, error) {
	res, err := http.Get("http://" + s.ops + path)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return res.StatusCode, string(b), err
}
