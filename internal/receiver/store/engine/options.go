package engine

import (
	"fmt"
	"io/fs"
)

// Options say how a database is opened; see the store's.
type Options struct {
	Server, Alone, MustExist bool
	Readers                  int
	Durability               Durability
	Password                 string
	// Migrations replaces those of this program, in tests of upgrades: a folder for each engine.
	Migrations fs.FS
}

// Durability says what a commit on PostgreSQL must survive before it is acknowledged.
type Durability string

const (
	// Replicated: the loss of the primary. Nothing is acknowledged unless synchronous standbys are named.
	Replicated Durability = "replicated"
	// Local: a crash of the primary, or of the one machine there is, but not the loss of its disk.
	Local Durability = "local"
	// Auto is Replicated from the moment on when synchronous standbys were seen to be named, until the restart of the
	// node.
	Auto Durability = "auto"
)

// ParseDurability returns the durability of that name; "" is Auto.
func ParseDurability(s string) (Durability, error) {
	switch d := Durability(s); d {
	case "":
		return Auto, nil
	case Replicated, Local, Auto:
		return d, nil
	}
	return "", fmt.Errorf("%q不是已知的持久性要求；可用：auto、replicated、local", s)
}
