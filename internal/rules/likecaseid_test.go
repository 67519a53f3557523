package rules_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"diaoxiao/internal/rules"
)

func TestDifferences(t *testing.T) {
	for _, tt := range []struct{ a, b, want string }{
		{"呼〔2026〕3号 ", "呼〔2026〕3号", "本案第10位多U+0020（空格）"},
		{"呼〔2026〕3号", "呼〔2026〕3号\u00a0", "另案在本案第10位处多U+00A0（不换行空格）"},
		{"呼[2026]3号", "呼〔2026〕3号", "本案第2位为“[”，另案为“〔”(U+3014)；本案第7位为“]”，另案为“〕”(U+3015)"},
		{"呼〔2026〕\r\n3号", "呼〔2026〕3号", "本案第8位多U+000D（回车）U+000A（换行）"},
		{"呼  3", "呼\u200b3", "本案第2位为U+0020（空格）×2，另案为U+200B（零宽空格）"},
		{"２０２６", "2026", "本案第1位为“２”(U+FF12)“０”(U+FF10)“２”(U+FF12)“６”(U+FF16)，另案为“2”“0”“2”“6”"},
		{
			"a b c d e f g",
			"abcdefg",
			"本案第2位多U+0020（空格）；本案第4位多U+0020（空格）；本案第6位多U+0020（空格）；本案第8位多U+0020（空格）；本案第10位多U+0020（空格）；等6处",
		},
		{"1234567890", "abc", "本案第1位为“1”“2”“3”“4”“5”“6”“7”“8”等10字，另案为“a”“b”“c”"},
		{"同", "同", ""},
	} {
		if got := rules.Differences(tt.a, tt.b, "本案", "另案"); got != tt.want {
			t.Errorf("%q and %q:\n got %s\nwant %s", tt.a, tt.b, got, tt.want)
		}
	}
}

// Of two texts that are not the same something is always said, and it can be seen.
func TestDifferencesOfAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.String().Draw(t, "a"), rapid.String().Draw(t, "b")
		got := rules.Differences(a, b, "甲", "乙")
		if (got == "") != (a == b) || strings.ContainsAny(got, "\x00\n\r\u200b\u202e\ufeff") {
			t.Fatalf("%q and %q: %q", a, b, got)
		}
	})
}

func TestDetailLikeCaseID(t *testing.T) {
	got := rules.DetailLikeCaseID("呼[2026]3号\u200b", "呼〔2026〕3号", "202603150000000014").Text()
	want := "本案“呼[2026]3号□”，案件“呼〔2026〕3号”（受理号202603150000000014）：本案第2位为“[”，另案为“〔”(U+3014)；本案第7位为“]”，另案为“〕”(U+3015)；" +
		"本案第10位多U+200B（零宽空格）"
	if got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}
