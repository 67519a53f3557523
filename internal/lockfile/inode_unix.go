//go:build unix

package lockfile

import (
	"io/fs"
	"syscall"
)

// Inode is the number of a file within its file system, 0 where there is none.
func Inode(f fs.FileInfo) uint64 {
	if s, ok := f.Sys().(*syscall.Stat_t); ok {
		return uint64(s.Ino)
	}
	return 0
}
