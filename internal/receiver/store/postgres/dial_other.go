//go:build !linux

package postgres

import "syscall"

// boundSilence leaves it to the system how often it sends again what is not acknowledged: on Windows for some twenty
// seconds.
func boundSilence(string, string, syscall.RawConn) error { return nil }
