package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// wrongFile is a file of testdata/sheets that once went out silently wrong, and what a dry run must say of it. The
// files were made after public reports of other readers and writers; their codes and names are made up.
type wrongFile struct {
	file string
	bare bool     // the list alone: the texts of the case come from the command line
	args []string // besides
	exit int      // of submit --dry-run
	says []string // each is in the output
	not  []string // none is
}

// caseFlags give the seven texts of a case whose file has only the list.
var caseFlags = []string{
	"--caseid", "呼市监处罚〔2026〕3号", "--casename", "长期停业吊销案", "--caseintroduction", "开业后自行停业连续六个月以上", "--illegality",
	"在登记的住所无法取得联系", "--penalty", "吊销营业执照", "--penaltydate", "2026-03-16", "--penaltyorg", "呼和浩特市市场监督管理局",
}

// check runs submit --dry-run on the file.
func (w wrongFile) check(t *testing.T) {
	args := []string{"submit", filepath.Join("testdata", "sheets", w.file), "--dry-run"}
	if w.bare {
		args = append(args, caseFlags...)
	}
	args = append(args, w.args...)
	r := runHere(t, nil, args...)
	text := r.out + r.err
	if r.code != w.exit {
		t.Errorf("exit code %d, want %d\n%s", r.code, w.exit, text)
	}
	for _, s := range w.says {
		if !strings.Contains(text, s) {
			t.Errorf("does not say %q\n%s", s, text)
		}
	}
	for _, s := range w.not {
		if strings.Contains(text, s) {
			t.Errorf("says %q\n%s", s, text)
		}
	}
}

// checkWrongFiles checks each file in a test of its name.
func checkWrongFiles(t *testing.T, all []wrongFile) {
	for _, w := range all {
		t.Run(w.file, w.check)
	}
}
