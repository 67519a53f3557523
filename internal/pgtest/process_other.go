//go:build !linux

package pgtest

import (
	"errors"
	"os/exec"
)

// own fails: everything starts with it.
func own(string) error { return errors.New("tests with PostgreSQL run on Linux only") }

func lowerRights(*exec.Cmd) {}
func detach(*exec.Cmd)      {}
func (f *folder) halt()     {}
func (f *folder) resume()   {}
func (f *folder) kill()     {}
