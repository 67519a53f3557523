package outbox

import (
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Errors of a disk. Anything that was recorded before stays.
var (
	// ErrFull: there is no space left where the outbox is.
	ErrFull = errors.New("发件箱所在的磁盘已满")
	// ErrReadOnly: the outbox cannot be written to.
	ErrReadOnly = errors.New("发件箱只读，不能写入")
)

// onDisk says which outbox it was where a disk is the cause.
func (b *Outbox) onDisk(err error) error {
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return err
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("%w：%s", ErrFull, b.dir)
	case sqlite3.SQLITE_READONLY:
		return fmt.Errorf("%w：%s", ErrReadOnly, b.dir)
	}
	return err
}
