//go:build unix

package diskroom

import "golang.org/x/sys/unix"

// Free is how many bytes an ordinary user may still write to the disk on which the folder dir is.
func Free(dir string) (uint64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, err
	}
	return s.Bavail * uint64(s.Bsize), nil
}
