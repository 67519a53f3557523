package interop

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Without a locale Java cannot read a Chinese name on the command line; the sample says so in words, and what to do
// instead.
func TestJavaSaysWhatItCannotRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	secret := write(t, filepath.Join(dir, "secret"), "x\n")
	o := start(t, dir, append(java(t), "https://127.0.0.1:1", "dx", "经办人", secret, secret), []string{
		"PATH=" + os.Getenv("PATH"),
		"LC_ALL=C",
	})
	if want := "用法或文件有误：命令行上的 account 读不出，把它写进 UTF-8 的文件，再给出 @文件"; o.code != 2 || strings.TrimSpace(o.err) != want {
		t.Errorf("%d: %s", o.code, o.err)
	}
}
