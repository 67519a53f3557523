package rules_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"diaoxiao/internal/rules"
)

func TestFoldCode(t *testing.T) {
	for in, want := range map[string]string{
		"91110108551385082Q": "91110108551385082Q",
		"91110108551385082q": "91110108551385082Q",
		"９１１１０１０８５５１３８５０８２ｑ":                   "91110108551385082Q",
		" 9111 0108-5513—8508\u20102Q\t":       "91110108551385082Q",
		"\ufeff9111\u200b0108\u00ad551385082Q": "91110108551385082Q",
		"9111０\u3000108551385082－Q\u00a0":      "91110108551385082Q",
		"630000_630121000052006110715045":      "630000_630121000052006110715045",
		"451477f9-010d-1000-e000-03c00a010119": "451477F9010D1000E00003C00A010119",
		"有限责任公司（国有独资）":                         "有限责任公司(国有独资)",
		"ÄßЯя":                                 "ÄßЯя",
		"！～":                                   "!~",
		"a\xffb":                               "A\ufffdB",
		"":                                     "",
		"\u202e12":                             "12",
	} {
		if got := rules.FoldCode(in); got != want {
			t.Errorf("FoldCode(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFoldName(t *testing.T) {
	for in, want := range map[string]string{
		"张三":           "张三",
		"张　三 ":         "张三",
		"阿拉坦·仓":        "阿拉坦·仓",
		"阿拉坦•仓":        "阿拉坦·仓",
		"阿拉坦・仓":        "阿拉坦·仓",
		"阿拉坦･仓":        "阿拉坦·仓",
		"阿拉坦‧仓":        "阿拉坦·仓",
		"阿拉坦．仓":        "阿拉坦·仓",
		"阿拉坦.仓":        "阿拉坦·仓",
		"乌云\u200b其木格":  "乌云其木格",
		"ＪＯＨＮ　Smith":   "JOHNSmith",
		"⾦\uf90a":      "金金", // a radical and a compatibility ideograph, as PDF files give them
		"𠮷野":           "𠮷野",
		"辻\U000e0100":  "辻",
		"ᠠᠯᠲᠠᠨ\u180bᠠ": "ᠠᠯᠲᠠᠨᠠ",
		"":             "",
	} {
		if got := rules.FoldName(in); got != want {
			t.Errorf("FoldName(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFoldingTwice(t *testing.T) {
	text := rapid.OneOf(
		rapid.String(),
		rapid.StringOf(rapid.SampledFrom([]rune("aÄ＜９ｚ-—\u0301\u0308¨\u034f\u200d\u3000･.…金⾦\uf90a·ㅤﾡ"))),
	)
	rapid.Check(t, func(t *rapid.T) {
		s := text.Draw(t, "text")
		if once := rules.FoldCode(s); rules.FoldCode(once) != once {
			t.Fatalf("FoldCode(%q) = %q, then %q", s, once, rules.FoldCode(once))
		}
		if once := rules.FoldName(s); rules.FoldName(once) != once {
			t.Fatalf("FoldName(%q) = %q, then %q", s, once, rules.FoldName(once))
		}
	})
}

// A value in its proper form is handed back as it is: both run for each row of a batch.
func TestFoldingOfCleanValuesIsFree(t *testing.T) {
	var folded [3]string
	if n := testing.AllocsPerRun(100, func() {
		folded = [3]string{rules.FoldCode("91110108551385082Q"), rules.FoldName("乌云其木格"), rules.FoldName("阿拉坦·仓")}
	}); n != 0 || folded != [3]string{"91110108551385082Q", "乌云其木格", "阿拉坦·仓"} {
		t.Errorf("%v allocations", n)
	}
}

func FuzzFoldCode(f *testing.F) {
	for _, s := range []string{"91110108551385082Q", "９１ｑ", "\xff-\u200b", "İı", "－-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := rules.FoldCode(s)
		if again := rules.FoldCode(got); again != got {
			t.Fatalf("FoldCode(%q) = %q, then %q", s, got, again)
		}
		if strings.ContainsAny(got, " \t\n\u3000-\u200b\ufeffabcxyz") {
			t.Fatalf("FoldCode(%q) = %q", s, got)
		}
		if utf8.RuneCountInString(got) > utf8.RuneCountInString(s) {
			t.Fatalf("FoldCode(%q) = %q is longer", s, got)
		}
	})
}

func FuzzFoldName(f *testing.F) {
	for _, s := range []string{"张三", "阿拉坦•仓", "a\u200b\u0301", "a¨", "ﷺ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := rules.FoldName(s)
		if again := rules.FoldName(got); again != got {
			t.Fatalf("FoldName(%q) = %q, then %q", s, got, again)
		}
	})
}
