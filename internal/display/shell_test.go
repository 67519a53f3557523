package display

import (
	"testing"
)

func TestShellQuote(t *testing.T) {
	for _, c := range []struct{ goos, text, want string }{
		{"linux", "模板.xlsx", "模板.xlsx"},
		{"linux", "甲〔2026〕1号", "'甲〔2026〕1号'"},
		{"linux", "it's", `'it'\''s'`},
		{"linux", `a\b`, `'a\b'`},
		{"linux", "", "''"},
		{"linux", "-x", "'-x'"},
		{"linux", "a b", "'a b'"},
		{"linux", "$HOME", "'$HOME'"},
		{"linux", "https://10.1.2.3:8443/api", "https://10.1.2.3:8443/api"},
		{"windows", "模板.xlsx", "模板.xlsx"},
		{"windows", "生产", "生产"},
		{"windows", `C:\Users\张三\报送结果.csv`, `C:\Users\张三\报送结果.csv`},
		{"windows", `C:\Program Files\吊销\`, `"C:\Program Files\吊销\\"`},
		{"windows", "甲〔2026〕1号", `"甲〔2026〕1号"`},
		{"windows", "it's", `"it's"`},
		{"windows", `a "b"`, `"a \"b\""`},
		{"windows", "", `""`},
		{"windows", "a&b", `"a&b"`},
	} {
		if got := ShellQuoteFor(c.goos, c.text); got != c.want {
			t.Errorf("%s %q: %s, want %s", c.goos, c.text, got, c.want)
		}
	}
}
