package pgtest

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// folder holds what belongs to a server: its data and its log. It is owned by the user that servers run as.
type folder struct {
	path  string
	guard *exec.Cmd
	pipe  io.Closer // the guard acts when it is closed
}

// guard kills what works in the folder and removes it, as soon as nobody holds the other end of its standard input. A
// server that is killed leaves its piece of shared memory behind, whose number is in its lock file.
const guard = `
cat >/dev/null
while
	killed=
	for p in /proc/[0-9]*; do
		if [ "$p/cwd" -ef "$1/data" ]; then kill -KILL "${p#/proc/}" && killed=yes; fi
	done
	[ -n "$killed" ]
do sleep 0.01; done
ipcrm -m "$(awk 'NR == 7 { print $2 }' "$1/data/postmaster.pid")"
rm -rf "$1"
`

// newFolder makes an empty folder and its guard.
func newFolder() (*folder, error) {
	parent, err := filepath.EvalSymlinks(os.TempDir()) // processes are found by the true path of their folder
	if err != nil {
		return nil, err
	}
	path, err := os.MkdirTemp(parent, "diaoxiao-postgres-")
	if err != nil {
		return nil, err
	}
	f := &folder{path: path}
	if err = own(path); err == nil {
		err = f.enter()
	}
	if err == nil {
		err = f.watch()
	}
	if err != nil {
		os.RemoveAll(path)
		return nil, err
	}
	return f, nil
}

// enter fails where the owner cannot reach the folder.
func (f *folder) enter() error {
	if err := f.command("/bin/true").Run(); err != nil {
		return fmt.Errorf(
			"the user that servers run as must be able to enter %s; set TMPDIR to a folder such as /tmp: %w",
			filepath.Dir(f.path),
			err,
		)
	}
	return nil
}

// watch starts the guard, as the user that made the folder and can remove it.
func (f *folder) watch() (err error) {
	f.guard = exec.Command("/bin/sh", "-c", guard, "guard", f.path)
	detach(f.guard) // Ctrl-C must not reach it
	if f.pipe, err = f.guard.StdinPipe(); err != nil {
		return err
	}
	return f.guard.Start()
}

// remove kills the server and removes its files. It is safe to repeat.
func (f *folder) remove() {
	f.pipe.Close()
	f.guard.Wait()
}

func (f *folder) data() string { return filepath.Join(f.path, "data") }
func (f *folder) log() string  { return filepath.Join(f.path, "log") }

// command is a command in this folder, as the user that owns it.
func (f *folder) command(program string, args ...string) *exec.Cmd {
	c := exec.Command(program, args...)
	c.Dir = f.path
	lowerRights(c)
	return c
}

// run runs a command to its end. Anything that it wrote is part of the error.
func (f *folder) run(program string, args ...string) error {
	c := f.command(program, args...)
	c.WaitDelay = time.Second
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("%s as the owner of %s: %w\n%s", program, f.path, err, out)
	}
	return nil
}
