package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestColumns(t *testing.T) {
	for s, want := range map[string]int{"": 0, "abc": 3, "吊销": 4, "ａ": 2, "\u00e9": 1, "e\u0301": 1, "😀": 2, "·": 1, "〔2026〕": 8} {
		if got := columns(s); got != want {
			t.Errorf("%q: %d, want %d", s, got, want)
		}
	}
}

// What a sender puts into a value cannot steer the terminal or hide in it.
func TestPrintable(t *testing.T) {
	for s, want := range map[string]string{
		"案件A 1": "案件A 1", "\x1b[2J": `\u001b[2J`, "a\nb": `a\u000ab`, "x\u202ey": `x\u202ey`, "\u200b": `\u200b`, "\ue000": "\ue000",
		"\xff": "�", "\u2028": `\u2028`, "\u0085": `\u0085`,
	} {
		if got := printable(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

func TestTableLinesUp(t *testing.T) {
	var b bytes.Buffer
	table := newTable(&b)
	table.add("名称", "x")
	table.add("呼和浩特", "1\x1b[2J")
	table.add("abc", "2", "备注")
	if err := table.flush(); err != nil {
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
	table := newTable(&b)
	table.add("宽宽宽", "x")
	for range 2 * tableRows {
		table.add("y", "x")
	}
	table.flush()
	for line := range strings.Lines(b.String()) {
		if i := strings.Index(line, "x"); columns(line[:i]) != 8 {
			t.Fatalf("%q", line)
		}
	}
	if n := strings.Count(b.String(), "\n"); n != 2*tableRows+1 {
		t.Errorf("%d lines", n)
	}
}

func TestWrap(t *testing.T) {
	for _, test := range []struct {
		text string
		n    int
		want []string
	}{
		{"", 10, []string{""}},
		{"一二三四五六", 8, []string{"一二三四", "五六"}},
		{"一二三四，五六", 8, []string{"一二三", "四，五六"}},
		{"一二（三四）五", 6, []string{"一二", "（三", "四）五"}},
		{"ab cdef 15位", 7, []string{"ab cdef", "15位"}},
		{"abcdefghijk 一", 5, []string{"abcdefghijk", "一"}},
		{"一\n二", 5, []string{"一", "二"}},
	} {
		if diff := cmp.Diff(test.want, wrap(test.text, test.n)); diff != "" {
			t.Errorf("%q: %s", test.text, diff)
		}
	}
}

// A shortened line fits and tells how much is missing.
func TestShorten(t *testing.T) {
	if got := shorten("短", 10); got != "短" {
		t.Error(got)
	}
	long := strings.Repeat("一", 100) + strings.Repeat("z", 100)
	got := shorten(long, 60)
	if columns(got) > 60 || !strings.HasPrefix(got, "一一一") || !strings.HasSuffix(got, "zzz") || !strings.Contains(got, "……〔略1") {
		t.Errorf("%d %s", columns(got), got)
	}
}

func TestThousands(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 12: "12", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1000: "-1,000", -100: "-100"} {
		if got := thousands(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}
