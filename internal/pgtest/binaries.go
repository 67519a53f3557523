package pgtest

import (
	"cmp"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
)

// oldest is the oldest version that the store is made for.
const oldest = 15

// binaries is the folder of PostgreSQL's programs.
type binaries string

func (b binaries) path(program string) string { return filepath.Join(string(b), program) }

// findBinaries finds the programs in PATH, or else where Debian puts them, the newest version first.
func findBinaries() (binaries, error) {
	folders, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	slices.SortFunc(folders, func(a, b string) int { return cmp.Compare(number(b), number(a)) })
	if postgres, err := exec.LookPath("postgres"); err == nil {
		folders = slices.Insert(folders, 0, filepath.Dir(postgres))
	}
	for _, f := range folders {
		if b := binaries(f); b.version() >= oldest {
			return b, nil
		}
	}
	return "", fmt.Errorf("no PostgreSQL %d or newer in PATH or in /usr/lib/postgresql (found: %q); "+
		"run scripts/needs.sh postgres, or install Debian's package postgresql", oldest, folders)
}

// version is the major version, or 0 where programs are missing.
func (b binaries) version() int {
	for _, program := range []string{"initdb", "pg_basebackup"} {
		if _, err := exec.LookPath(b.path(program)); err != nil {
			return 0
		}
	}
	text, err := exec.Command(b.path("postgres"), "--version").Output()
	if err != nil {
		return 0
	}
	return number(string(text))
}

// number is the first number in a text, or 0.
func number(text string) int {
	n, _ := strconv.Atoi(regexp.MustCompile(`\d+`).FindString(text))
	return n
}
