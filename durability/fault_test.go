//go:build linux

package durability

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// disorder is what strace makes system calls of the server do.
type disorder struct {
	calls  string // "fsync,fdatasync"
	effect string // "error=EIO", "delay_enter=1s"
	when   string // "3": the third call only; "3+": from the third on; "": every one
	file   string // in the data folder; "": any
}

// syncs are the calls that make something durable.
const syncs = "fsync,fdatasync"

// Files in the data folder, whose system calls tell what SQLite is about: a commit writes and syncs the log, a
// checkpoint and a start the database too.
const (
	theLog      = "diaoxiao.db-wal"
	theDatabase = "diaoxiao.db"
	theFolder   = "."
)

func (d disorder) String() string {
	return strings.Join([]string{d.calls, d.effect, d.when, d.file}, " ")
}

// args is strace's command line up to the program or process that it is for.
func (d disorder) args(data, out string) []string {
	inject := "inject=" + d.calls + ":" + d.effect
	if d.when != "" {
		inject += ":when=" + d.when
	}
	args := []string{"strace", "-f", "-o", out, "-e", "trace=" + d.calls, "-e", inject}
	if d.file != "" {
		args = append(args, "-P", filepath.Join(data, d.file))
	}
	return args
}

// wrap makes a server start under the disorder. It stays our child: strace runs beside it.
func (d disorder) wrap(data, out string) []string {
	return append(d.args(data, out), "-D", "--seccomp-bpf")
}

// afflict puts a running server under the disorder for the rest of its life, and returns once that has begun.
func (d disorder) afflict(t *testing.T, s *server, data, out string) {
	t.Helper()
	cmd := command(append(d.args(data, out), "-p", fmt.Sprint(s.cmd.Process.Pid))...)
	log, err := cmd.StderrPipe()
	must(t, err)
	must(t, cmd.Start())
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "attached") {
			go io.Copy(io.Discard, log)
			return
		}
	}
	t.Fatal("strace has not attached to the server")
}

// struck is how many system calls have been made to fail.
func struck(out string) int {
	b, _ := os.ReadFile(out) // none: strace met none of its calls
	return bytes.Count(b, []byte("(INJECTED)"))
}
