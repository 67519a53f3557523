package display

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestColumns(t *testing.T) {
	for s, want := range map[string]int{
		"":        0,
		"abc":     3,
		"吊销":      4,
		"ａ":       2,
		"\u00e9":  1,
		"e\u0301": 1,
		"😀":       2,
		"·":       1,
		"〔2026〕":  8,
	} {
		if got := Columns(s); got != want {
			t.Errorf("%q: %d, want %d", s, got, want)
		}
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
		if diff := cmp.Diff(test.want, Wrap(test.text, test.n)); diff != "" {
			t.Errorf("%q: %s", test.text, diff)
		}
	}
}

// A shortened line fits and tells how much is missing.
func TestShorten(t *testing.T) {
	if got := Shorten("短", 10); got != "短" {
		t.Error(got)
	}
	long := strings.Repeat("一", 100) + strings.Repeat("z", 100)
	got := Shorten(long, 60)
	if Columns(got) > 60 || !strings.HasPrefix(got, "一一一") || !strings.HasSuffix(got, "zzz") ||
		!strings.Contains(got, "……〔略1") {
		t.Errorf("%d %s", Columns(got), got)
	}
}
