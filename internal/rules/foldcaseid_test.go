package rules_test

import (
	"testing"

	"pgregory.net/rapid"

	"diaoxiao/internal/rules"
)

const plainCaseID = "呼市监处罚(2026)3号"

func TestFoldCaseIDTakesOneDecisionForOne(t *testing.T) {
	for _, id := range []string{
		"呼市监处罚(2026)3号", "呼市监处罚〔2026〕3号", "呼市监处罚[2026]3号", "呼市监处罚（2026）3号", "呼市监处罚［2026］3号",
		"呼市监处罚【2026】3号", "呼市监处罚﹝2026﹞3号", "呼市监处罚〖2026〗3号", "呼市监处罚「2026」3号", "呼市监处罚『2026』3号",
		"呼市监处罚〈2026〉3号", "呼市监处罚《2026》3号", "呼市监处罚{2026}3号", "呼市监处罚<2026>3号", "呼市监处罚＜2026＞3号",
		"呼市监处罚⟨2026⟩3号", "呼市监处罚〘2026〙3号", "呼市监处罚〚2026〛3号", "呼市监处罚︹2026︺3号", "呼市监处罚｛2026｝3号",
		"呼市监处罚〔2026]3号", "呼市监处罚〔２０２６〕３号", " 呼市监处罚〔2026〕3号", "呼市监处罚〔2026〕3号 ", "呼市监处罚〔2026〕 3 号",
		"呼市监处罚〔2026〕3号\u00a0", "呼市监处罚〔2026〕\u20033号", "呼市监处罚\u3000〔2026〕3号", "呼市监处罚〔2026〕3号\u200b",
		"\ufeff呼市监处罚〔2026〕3号", "呼市监处罚\u2060〔2026〕3号", "呼市监处罚\u00ad〔2026〕3号", "\u202a呼市监处罚〔2026〕3号\u202c",
		"呼市监处罚〔2026〕3号\n", "呼市监处罚\r\n〔2026〕3号", "呼市监处罚\v〔2026〕\u0085\u2028\u20293号\t", "呼市监处罚〔2026〕3号\x00",
		"呼市監處罰〔2026〕3號", "“呼市监处罚〔2026〕3号”", "'呼市监处罚〔2026〕3号", "呼市监处罚«2026»3号", "呼市监处罚〔2026〕3号。", "呼市监处罚〔2026〕\u28003号",
		"呼市监处罚〔2026〕3号\ufe00", "呼市监处罚〔2026〕3号\U000e0100",
	} {
		if got := rules.FoldCaseID(id); got != plainCaseID {
			t.Errorf("FoldCaseID(%q) = %q", id, got)
		}
	}
}

func TestFoldCaseIDOfOtherForms(t *testing.T) {
	for in, want := range map[string]string{
		"nm-2026-1a":      "NM-2026-1A",
		"ＮＭ－２０２６—1A":      "NM-2026-1A",
		"NM\u20132026−1A": "NM-2026-1A",
		"⾦市监〔2026〕1号":     "金市监(2026)1号",
		"НSJ～1ー2":         "HSJ-1-2",
		"e\u0301":         "É",
		"E\u200b\u0301":   "É",
		"é":               "É",
		"案":               "案",
		"":                "",
		" \u200b":         " \u200b",
		"\u0600":          "\u0600",
	} {
		if got := rules.FoldCaseID(in); got != want {
			t.Errorf("FoldCaseID(%q) = %q, want %q", in, got, want)
		}
	}
}

// Numbers of different decisions are never taken for one.
func TestFoldCaseIDKeepsDecisionsApart(t *testing.T) {
	ids := []string{
		"呼市监处罚〔2026〕3号", "呼市监处罚〔2026〕30号", "呼市监处罚〔2026〕03号", "呼市监处罚〔2025〕3号", "呼市监罚〔2026〕3号", "呼市监处罚〔2026〕3-1号",
		"呼市监处罚〔2026〕31号", "呼市监处罚2026〕3号", "呼市监处罚20263号", "包市监处罚〔2026〕3号", "呼市监处罚〔2026〕3号之一", "1-12", "11-2", "112",
		"1.12", "1_12", "1/12", "1·12", "２", "二", "案件号", "案号",
	}
	seen := make(map[string]string)
	for _, id := range ids {
		folded := rules.FoldCaseID(id)
		if other, ok := seen[folded]; ok {
			t.Errorf("%q and %q are both %q", id, other, folded)
		}
		seen[folded] = id
	}
}

func TestFoldCaseIDTwice(t *testing.T) {
	text := rapid.OneOf(
		rapid.String(),
		rapid.StringOf(rapid.SampledFrom([]rune("aÄ＜９ｚ-—\u0301\u0308¨\u034f\u200d\u3000〔﹝︹｢⑴〕)号⾦\uf90a\x00\u00ad"))),
	)
	rapid.Check(t, func(t *rapid.T) {
		s := text.Draw(t, "text")
		if once := rules.FoldCaseID(s); rules.FoldCaseID(once) != once {
			t.Fatalf("FoldCaseID(%q) = %q, then %q", s, once, rules.FoldCaseID(once))
		}
	})
}

func TestFoldCaseIDOfACleanValueIsFree(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() { rules.FoldCaseID("内市监处罚2026-3号") }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzFoldCaseID(f *testing.F) {
	for _, s := range []string{plainCaseID, "呼市监处罚〔2026〕3号\u200b", "⑴", "a\u200b\u0301", "\xff["} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if once := rules.FoldCaseID(s); rules.FoldCaseID(once) != once {
			t.Fatalf("FoldCaseID(%q) = %q, then %q", s, once, rules.FoldCaseID(once))
		}
	})
}
