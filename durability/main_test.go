//go:build linux

package durability

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// Names in the environment. They must not begin with DIAOXIAO_, which the product keeps to itself.
const (
	modeVar = "DURABILITY"
	workVar = "DURABILITY_WORK" // set for the process that runs the tests: where it may leave files
)

// TestMain runs the tests in a second process with a mount namespace and a temporary folder of its own, so that
// whatever way it ends, also by a panic or a time limit, no mount, loop device, server or file is left behind.
func TestMain(m *testing.M) {
	if os.Getenv(modeVar) == "" || os.Getenv(workVar) != "" {
		os.Exit(m.Run())
	}
	code, err := runApart()
	if err != nil {
		fmt.Fprintln(os.Stderr, "durability:", err)
		code = 1
	}
	os.Exit(code)
}

func runApart() (int, error) {
	work, err := os.MkdirTemp("", "durability-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(work)
	if err := os.Chmod(work, 0o711); err != nil { // PostgreSQL runs as another user
		return 0, err
	}
	// Without its log of what it read the result is not cached: go test does not see that the binary has changed.
	args := slices.DeleteFunc(os.Args[1:], func(a string) bool { return strings.HasPrefix(a, "-test.testlogfile=") })
	cmd := exec.Command("/proc/self/exe", args...)
	cmd.Env = append(os.Environ(), workVar+"="+work, "TMPDIR="+work)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	runtime.LockOSThread() // Pdeathsig is about this thread
	cmd.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return 0, fmt.Errorf("a mount namespace needs root: %w", err)
	}
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, os.Interrupt, syscall.SIGTERM)
	go func() { <-asked; cmd.Process.Kill() }() // and this process tidies up after it
	if err := cmd.Wait(); cmd.ProcessState.ExitCode() < 0 {
		return 0, err // by a signal
	}
	return cmd.ProcessState.ExitCode(), nil
}

// scale says how much of everything one run does.
type scale struct {
	kills     int // kill -9
	cuts      int // power cuts for each file system
	sweep     int // times that disk errors strike at random calls besides the fixed ones
	traps     int // for each file system
	fulls     int
	histories int
	parallels int
	stops     int
	backups   int
	imports   int // of the register, killed
	failovers int // of a PostgreSQL cluster
	absences  int // of both its standbys
	breaks    int // rounds of commits broken off while they wait for a standby
	takebacks int // of synchronous_standby_names
	slows     int // rounds of overload of a slow store
}

var scales = map[string]scale{
	"short": {kills: 10, cuts: 2, sweep: 0, traps: 1, fulls: 1, histories: 6, parallels: 10, stops: 2, backups: 2,
		imports: 4, failovers: 3, absences: 1, breaks: 1, takebacks: 1, slows: 1},
	"long": {
		kills:     500,
		cuts:      75,
		sweep:     12,
		traps:     10,
		fulls:     10,
		histories: 200,
		parallels: 200,
		stops:     40,
		backups:   20,
		imports:   20,
		failovers: 10,
		absences:  6,
		breaks:    6,
		takebacks: 6,
		slows:     3,
	},
}

// begin skips the test unless it is asked for; then everything it needs must be there. The test runs beside others:
// most of what it does is to wait.
func begin(t *testing.T) scale {
	t.Helper()
	s := beginAlone(t)
	t.Parallel()
	return s
}

// beginAlone is begin for a test that measures.
func beginAlone(t *testing.T) scale {
	t.Helper()
	mode := os.Getenv(modeVar)
	if mode == "" || mode == patroniMode {
		t.Skip(
			"takes minutes and root: run DURABILITY=short (or long) go test ./durability -v -parallel 3 -timeout 20m",
		)
	}
	s, ok := scales[mode]
	if !ok {
		t.Fatalf("%s=%q: want short or long", modeVar, mode)
	}
	for _, tool := range []string{"strace", "mkfs.xfs", "mkfs.ext4", "mount", "umount", "haproxy", "ip", "iptables"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("%v: apt-get install strace xfsprogs e2fsprogs haproxy iproute2 iptables", err)
		}
	}
	return s
}
