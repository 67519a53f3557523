package display

import "testing"

// Anything that a sender puts into a value cannot steer the terminal or hide in it.
func TestPlain(t *testing.T) {
	for s, want := range map[string]string{
		"案件A 1":    "案件A 1",
		"\x1b[2J":  `\u001b[2J`,
		"a\nb":     `a\u000ab`,
		"x\u202ey": `x\u202ey`,
		"\u200b":   `\u200b`,
		"\ue000":   "\ue000",
		"\xff":     "�",
		"\u2028":   `\u2028`,
		"\u0085":   `\u0085`,
	} {
		if got := Plain(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

func TestMarked(t *testing.T) {
	for text, want := range map[string]string{
		"甲〔2026〕1号": "甲〔2026〕1号",
		"甲 1号":      "甲 1号",
		"甲1号 ":      `甲1号\u0020`,
		" 甲":        `\u0020甲`,
		"甲  乙":      `甲\u0020\u0020乙`,
		"甲\u00a01号": `甲\u00a01号`,
		"甲\u30001号": `甲\u30001号`,
		"甲\u200b":   `甲\u200b`,
		"甲\r\n":     `甲\u000d\u000a`,
		"":          "",
	} {
		if got := Marked(text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
