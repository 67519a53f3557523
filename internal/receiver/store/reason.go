package store

import (
	"errors"

	"diaoxiao/internal/receiver/store/engine"
	"diaoxiao/internal/receiver/store/sqlite"
)

// Reason is why a store acknowledges nothing.
type Reason int

// The reasons. After Latched it takes a restart; all others end by themselves when their cause has gone.
const (
	Unreachable Reason = iota // the database gives an error or cannot be reached
	Latched                   // a commit, a sync or a checkpoint failed
	NoRoom                    // the disk is full; what was acknowledged is safe
	Upgraded                  // a newer program has upgraded the database so that this one must keep away
	Unfinished                // the database comes from a restore that was not done to its end
	Weak                      // its settings are not safe, or the standbys that they ask for are not named
	Waiting                   // a commit takes too long, most likely for a standby
	Silent                    // the database has not answered for a while
)

// errLatched is behind Latched.
var errLatched = errors.New("重新启动以前不再受理")

// ReasonOf is the reason of an error of Ready.
func ReasonOf(err error) Reason {
	for _, known := range []struct {
		err    error
		reason Reason
	}{{errLatched, Latched}, {ErrNoRoom, NoRoom}, {ErrSchema, Upgraded}, {ErrUnfinished, Unfinished}, {ErrWeak, Weak},
		{engine.ErrWaiting, Waiting}, {engine.ErrSilent, Silent}} {
		if errors.Is(err, known.err) {
			return known.reason
		}
	}
	return Unreachable
}

// Trouble is what a database system, or the disk under it, had to say.
type Trouble = engine.Trouble

// The troubles.
const (
	NoTrouble    = engine.NoTrouble
	OtherTrouble = engine.OtherTrouble
	FullDisk     = engine.FullDisk
	BadDisk      = engine.BadDisk
	Damaged      = engine.Damaged
	NoDatabase   = engine.NoDatabase
	ReadOnly     = engine.ReadOnly
	CannotOpen   = engine.CannotOpen
	NoMemory     = engine.NoMemory
	InUse        = engine.InUse
	Interrupted  = engine.Interrupted
)

// TroubleOf is the trouble that an embedded database had, and what it said in its own words; NoTrouble where it was not
// its.
func TroubleOf(err error) (Trouble, string) {
	for _, system := range systems {
		if trouble, said := system.Trouble(err); trouble != NoTrouble {
			return trouble, said
		}
	}
	return NoTrouble, ""
}

// SQLiteVersion is the version of the SQLite compiled in.
func SQLiteVersion() string { return sqlite.Version }
