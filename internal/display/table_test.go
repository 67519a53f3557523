package display

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTableLinesUp(t *testing.T) {
	var b bytes.Buffer
	table := NewTable(&b)
	table.Add("名称", "x")
	table.Add("呼和浩特", "1\x1b[2J")
	table.Add("abc", "2", "备注")
	if err := table.Flush(); err != nil {
		t.Fatal(err)
	}
	want := "名称      x\n呼和浩特  1\\u001b[2J\nabc       2           备注\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}

// A long table comes out in pages that stay lined up.
func TestTablePages(t *testing.T) {
	var b bytes.Buffer
	table := NewTable(&b)
	table.Add("宽宽宽", "x")
	for range 2 * tableRows {
		table.Add("y", "x")
	}
	table.Flush()
	for line := range strings.Lines(b.String()) {
		if i := strings.Index(line, "x"); Columns(line[:i]) != 8 {
			t.Fatalf("%q", line)
		}
	}
	if n := strings.Count(b.String(), "\n"); n != 2*tableRows+1 {
		t.Errorf("%d lines", n)
	}
}
