package sqlite

import (
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"diaoxiao/internal/receiver/store/engine"
)

// sqliteHead begins every SQLite file.
const sqliteHead = "SQLite format 3\x00"

// checkBackup refuses a file that is no database of ours, or not the whole of one, before anything is made of it. It
// reads a few pages: what else may be damaged is for the check after the restore.
func checkBackup(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	head := make([]byte, 100)
	if n, err := io.ReadFull(f, head); err != nil || string(head[:len(sqliteHead)]) != sqliteHead {
		if n == 0 && errors.Is(err, io.EOF) {
			return fmt.Errorf("%w：%s 是空文件", engine.ErrBackup, path)
		}
		return fmt.Errorf("%w：%s 不是数据库文件，或开头已损坏", engine.ErrBackup, path)
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if want := headSize(head); info.Size() < want {
		return fmt.Errorf("%w：%s 不完整，应有 %d 字节，只有 %d 字节", engine.ErrBackup, path, want, info.Size())
	}
	return checkOurs(path)
}

// headSize is how long a file is by its head; 0 where the head does not know.
func headSize(head []byte) int64 {
	page := int64(binary.BigEndian.Uint16(head[16:]))
	if page == 1 {
		page = 1 << 16
	}
	if binary.BigEndian.Uint32(head[24:]) != binary.BigEndian.Uint32(head[92:]) {
		return 0
	}
	return page * int64(binary.BigEndian.Uint32(head[28:]))
}

// checkOurs looks into the file without writing beside it.
func checkOurs(path string) (err error) {
	db, err := sql.Open("sqlite", fileDSN(path)+"mode=ro&immutable=1")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var tables int
	err = db.QueryRow("SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' " +
		"AND name IN ('goose_db_version', 'compatible', 'cases')").Scan(&tables)
	if err != nil {
		return fmt.Errorf("%w：%s：%w", engine.ErrBackup, path, err)
	}
	if tables != 3 {
		return fmt.Errorf("%w：%s 是别的程序的数据库", engine.ErrBackup, path)
	}
	return nil
}
