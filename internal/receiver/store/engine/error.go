package engine

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"diaoxiao/internal/lockfile"
)

// Errors of an engine that a caller can act on.
var (
	ErrLocked = errors.New("正被另一个服务进程使用")
	ErrNoData = errors.New("没有数据库")
	ErrSchema = errors.New("数据库结构版本不符")
	ErrWeak   = errors.New("数据库的设置不能保证已受理的案件不丢失")
	// ErrNotEmpty: nothing is put over data.
	ErrNotEmpty = errors.New("目标处已有数据，不覆盖")
	// ErrUnfinished: the place holds a restore or a copy that was not done to its end.
	ErrUnfinished = errors.New("恢复或搬迁没有做完")
	// ErrNoRoom: the disk is full. All that was acknowledged is safe.
	ErrNoRoom = errors.New("磁盘空间不足")
	// ErrTool: a program of the database system that is needed is missing or too old.
	ErrTool = errors.New("缺少数据库工具")
	// ErrBackup: what is to be restored is no whole backup of this program.
	ErrBackup = errors.New("备份文件不能用")
	// ErrStale: the database is not the one that the last server in this folder left, or not as new.
	ErrStale = errors.New("数据库不是上次运行所留下的那一个，直接启动会把已发出的受理号再次发给别的案件")
	// ErrWaiting: a commit takes too long, most likely for a standby.
	ErrWaiting = errors.New("提交超时")
	// ErrSilent: the database has not answered for a while.
	ErrSilent = errors.New("数据库没有应答")
	// ErrConflict: a row that was put with Report is there already.
	ErrConflict = errors.New("a case is there already")
)

// fault marks an error of a driver.
type fault struct{ error }

func (f fault) Unwrap() error { return f.error }

// Fault marks an error as one of a driver; its text stays. Nil stays nil.
func Fault(err error) error {
	if err == nil {
		return nil
	}
	return fault{err}
}

// IsFault reports whether an error is marked.
func IsFault(err error) bool {
	_, marked := errors.AsType[fault](err)
	return marked
}

// Trouble is what a database system, or the disk under it, had to say.
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

// NewFile has a file filled that must not be there, durably; where that fails none is left.
func NewFile(path string, fill func(*os.File) error) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	err = fill(f)
	if err == nil {
		err = errors.Join(f.Sync(), lockfile.SyncDir(filepath.Dir(path)))
	}
	if err != nil {
		os.Remove(path)
		return fmt.Errorf("backup to %s: %w", path, err)
	}
	return nil
}
