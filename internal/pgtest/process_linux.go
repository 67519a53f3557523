package pgtest

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// credential is the user that servers run as, nil for the present one, which is right unless it is root.
func credential() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		u, err = user.Lookup("nobody")
	}
	if err != nil {
		return nil, fmt.Errorf(
			"PostgreSQL does not run as root, and there is neither a user postgres nor nobody: %w",
			err,
		)
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	gid, gidErr := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(err, gidErr)
}

// own gives a file to the user that servers run as.
func own(path string) error {
	c, err := credential()
	if err != nil || c == nil {
		return err
	}
	return os.Chown(path, int(c.Uid), int(c.Gid))
}

// lowerRights makes a command run as that user.
func lowerRights(cmd *exec.Cmd) {
	c, err := credential()
	cmd.Err = errors.Join(cmd.Err, err)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c}
}

// detach makes a command independent of the terminal: signals sent to the tests do not reach it.
func detach(cmd *exec.Cmd) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setsid = true
}

// processes finds the server and all its children, by the folder they work in. Children have sessions of their own, and
// those of a dead server are nobody's.
func (f *folder) processes() map[int]bool {
	found := make(map[int]bool)
	links, _ := filepath.Glob("/proc/[0-9]*/cwd")
	for _, link := range links {
		if at, err := os.Readlink(link); err == nil && at == f.data() {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(link)))
			found[pid] = true
		}
	}
	return found
}

// halt stops all processes of the folder where they are. It looks again until it finds no new ones, for those that were
// being born.
func (f *folder) halt() {
	for stopped := map[int]bool{}; ; {
		found := f.processes()
		if maps.Equal(found, stopped) {
			return
		}
		signal(found, syscall.SIGSTOP)
		stopped = found
	}
}

func (f *folder) resume() { signal(f.processes(), syscall.SIGCONT) }

// kill ends all processes of the folder as one and waits until they are gone.
func (f *folder) kill() {
	f.halt()
	for found := f.processes(); len(found) > 0; found = f.processes() {
		signal(found, syscall.SIGKILL)
		time.Sleep(time.Millisecond)
	}
}

func signal(pids map[int]bool, s syscall.Signal) {
	for pid := range pids {
		syscall.Kill(pid, s) // it may have ended by itself
	}
}
