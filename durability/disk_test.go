//go:build linux

package durability

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// disk is a file system of its own. Its mount is seen by this process and its children only.
type disk struct {
	t     *testing.T
	dir   string // where it is mounted
	image string // the file behind the loop device
}

// diskSize is the least that mkfs.xfs takes, and enough for one scenario.
const diskSize = 400 << 20

// newDisk makes and mounts a file system of kind xfs or ext4 on a loop device.
func newDisk(t *testing.T, kind string) *disk {
	t.Helper()
	d := &disk{t: t, dir: t.TempDir(), image: filepath.Join(t.TempDir(), kind+".img")}
	f, err := os.Create(d.image)
	must(t, err)
	must(t, f.Truncate(diskSize))
	must(t, f.Close())
	must(t, tool("mkfs."+kind, "-q", d.image))
	must(t, d.mount())
	t.Cleanup(d.remove)
	return d
}

// newMemory mounts a tmpfs of so many bytes.
func newMemory(t *testing.T, size int) *disk {
	t.Helper()
	d := &disk{t: t, dir: t.TempDir()}
	must(t, tool("mount", "-t", "tmpfs", "-o", fmt.Sprintf("size=%d", size), "tmpfs", d.dir))
	t.Cleanup(d.remove)
	return d
}

// leave makes so many bytes of a tmpfs free.
func (d *disk) leave(room int) error {
	var have syscall.Statfs_t
	if err := syscall.Statfs(d.dir, &have); err != nil {
		return err
	}
	used := (have.Blocks - have.Bfree) * uint64(have.Bsize)
	return tool("mount", "-o", fmt.Sprintf("remount,size=%d", used+uint64(room)), d.dir)
}

// data is where the product's folder goes: not the root of the file system, so that the folder itself has to survive
// too.
func (d *disk) data() string { return filepath.Join(d.dir, "data") }

func (d *disk) mount() error { return tool("mount", "-o", "loop", d.image, d.dir) }

// The call of `xfs_io -x -c shutdown`, which XFS and ext4 share. It is made here so that its moment is known.
const (
	fsShutdown = 0x8004587d // _IOR('X', 125, __u32)
	noLogFlush = 2
)

// cut is the power cut: the file system stops at once and forgets what was not synced, its log included.
//
// A sync that runs meanwhile may still return 0, though what it synced is gone: seen on both file systems with Linux
// 6.18, in one cut of fifteen. No computer answers anybody after its power is cut, so nobody may count answers read
// after this began.
func (d *disk) cut() error {
	f, err := os.Open(d.dir)
	if err != nil {
		return err
	}
	defer f.Close()
	flags := uint32(noLogFlush)
	if _, _, e := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), fsShutdown, uintptr(unsafe.Pointer(&flags))); e != 0 {
		return fmt.Errorf("shut down the file system: %w", e)
	}
	return nil
}

// revive mounts the file system as it is found after the cut. No process may be left on it.
func (d *disk) revive() error {
	err := tool("umount", d.dir)
	for end := time.Now().Add(10 * time.Second); err != nil && time.Now().Before(end); err = tool("umount", d.dir) {
		time.Sleep(50 * time.Millisecond)
	}
	if err != nil {
		return err
	}
	return d.mount()
}

// remove gives everything back. It may be called twice, and with processes left.
func (d *disk) remove() {
	tool("umount", "--lazy", d.dir) // and the loop device with it
	if d.image != "" {
		os.Remove(d.image)
	}
}

func tool(args ...string) error {
	out, err := exec.Command(args[0], args[1:]...).CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%s: %w: %s", strings.Join(args, " "), err, out)
	}
	return err
}
