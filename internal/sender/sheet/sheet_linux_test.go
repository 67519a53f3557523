package sheet

import (
	"path/filepath"
	"syscall"
	"testing"
)

// To open a pipe would wait for whoever writes to it, and no interrupt would end that.
func TestFilesThatAreNoFile(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "a.csv")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	readAll(t, pipe, Options{}).refused(t, "a.csv", "是管道或设备", "先存为文件")
	readAll(t, "/dev/null", Options{}).refused(t, "null", "是管道或设备")
	readAll(t, dir, Options{}).refused(t, "是文件夹")
}
