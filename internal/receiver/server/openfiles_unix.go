//go:build unix

package server

import "syscall"

// openFiles is how many files the process may open; 0: not known. The Go runtime has raised it as far as it may.
func openFiles() uint64 {
	var l syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l) != nil || l.Cur <= 0 {
		return 0
	}
	return uint64(l.Cur)
}
