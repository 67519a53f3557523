package store

import (
	"errors"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
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

// Errors behind the reasons that have no error of Open.
var (
	errLatched = errors.New("重新启动以前不再受理")
	errWaiting = errors.New("提交超时")
	errSilent  = errors.New("数据库没有应答")
)

// ReasonOf is the reason of an error of Ready.
func ReasonOf(err error) Reason {
	for _, known := range []struct {
		err    error
		reason Reason
	}{{errLatched, Latched}, {ErrNoRoom, NoRoom}, {ErrSchema, Upgraded}, {ErrUnfinished, Unfinished}, {ErrWeak, Weak}, {errWaiting, Waiting},
		{errSilent, Silent}} {
		if errors.Is(err, known.err) {
			return known.reason
		}
	}
	return Unreachable
}

// Trouble is what SQLite or the disk under it had to say.
type Trouble int

// The troubles.
const (
	NoTrouble    Trouble = iota
	OtherTrouble         // none of the others
	FullDisk
	BadDisk     // it cannot be read or written
	Damaged     // the file is not whole
	NoDatabase  // it is no database
	ReadOnly    // it cannot be written
	CannotOpen  // it is missing, or not to be opened by this user
	NoMemory    //
	InUse       // another process has it
	Interrupted // the call was broken off
)

// TroubleOf is the trouble that SQLite had, and what it said in its own words; NoTrouble where it was not SQLite's.
func TroubleOf(err error) (Trouble, string) {
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return NoTrouble, ""
	}
	trouble, known := map[int]Trouble{sqlite3.SQLITE_FULL: FullDisk, sqlite3.SQLITE_IOERR: BadDisk, sqlite3.SQLITE_CORRUPT: Damaged,
		sqlite3.SQLITE_NOTADB: NoDatabase, sqlite3.SQLITE_READONLY: ReadOnly, sqlite3.SQLITE_CANTOPEN: CannotOpen,
		sqlite3.SQLITE_NOMEM: NoMemory, sqlite3.SQLITE_BUSY: InUse, sqlite3.SQLITE_INTERRUPT: Interrupted}[e.Code()&0xff]
	if !known {
		trouble = OtherTrouble
	}
	return trouble, e.Error()
}
