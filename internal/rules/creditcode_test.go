package rules_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"diaoxiao/internal/rules"
)

// vectors reads a file of testdata: tab-separated columns, # for comments.
func vectors(t testing.TB, name string) (rows [][]string) {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "#") {
			rows = append(rows, strings.Split(strings.TrimRight(line, "\n"), "\t"))
		}
	}
	if len(rows) < 20 {
		t.Fatalf("%s holds only %d rows", name, len(rows))
	}
	return rows
}

func validCreditCodes(t testing.TB) (codes []string) {
	for _, row := range vectors(t, "uscc.tsv") {
		if row[1] == "valid" {
			codes = append(codes, row[0])
		}
	}
	return codes
}

func TestCreditCodeVectors(t *testing.T) {
	wrong := map[string][]int{
		"91110000600037341N": {rules.CreditCodeOuterCheck},
		"A1110000600037341L": {rules.CreditCodeOuterCheck, rules.CreditCodeCategory},
		"12345":              {rules.CreditCodeLength},
		"91310115MA1H8R7C6D": {rules.CreditCodeOuterCheck, rules.CreditCodeInnerCheck},
		"111111111111111111": {rules.CreditCodeOuterCheck, rules.CreditCodeInnerCheck, rules.CreditCodeCategory},
		"91110108551385082q": {rules.CreditCodeForm},
		"９１１１０１０８５５１３８５０８２Ｑ": {rules.CreditCodeForm},
		"91350203M0001QAY9B": {rules.CreditCodeOuterCheck},
		"91350203M0001QKT19": {rules.CreditCodeOuterCheck},
		"531000005000160090": {rules.CreditCodeCategory},
		"1111000000002888XF": {rules.CreditCodeCategory},
	}
	for _, row := range vectors(t, "uscc.tsv") {
		code, valid := row[0], row[1] == "valid"
		if got := rules.ValidCreditCode(code); got != valid {
			t.Errorf("ValidCreditCode(%s) = %t: %s", code, got, row[2])
		}
		e := clean
		e.UniscID = code
		if diff := cmp.Diff(wrong[code], rulesOf(e, "uniscid")); diff != "" {
			t.Errorf("%s (%s): %s", code, row[2], diff)
		}
	}
}

// The vectors say which check character they expect where the outer one is wrong.
func TestCreditCodeCheckVectors(t *testing.T) {
	expected, tested := regexp.MustCompile(`\((.) expected`), 0
	for _, row := range vectors(t, "uscc.tsv") {
		want := row[0][len(row[0])-1:]
		if m := expected.FindStringSubmatch(row[2]); m != nil {
			want = m[1]
		} else if row[1] == "invalid" {
			continue
		}
		tested++
		if got := string(rules.CreditCodeCheck(row[0][:17])); got != want {
			t.Errorf("check of %s = %s, want %s", row[0], got, want)
		}
		if got := rules.OrgCodeCheck(row[0][8:16]); got != row[0][16] {
			t.Errorf("inner check of %s = %c", row[0], got)
		}
	}
	if tested < 20 {
		t.Errorf("only %d vectors tested", tested)
	}
}

func TestCheckCharactersOfNonsense(t *testing.T) {
	for _, s := range []string{"", "9111000060003734", "9111000060003734O", "9111000060003734l", "911100006000373411"} {
		if c := rules.CreditCodeCheck(s); c != 0 {
			t.Errorf("CreditCodeCheck(%q) = %c", s, c)
		}
	}
	for _, s := range []string{"", "6000373", "60003734L", "6000373l", "６00037"} {
		if c := rules.OrgCodeCheck(s); c != 0 {
			t.Errorf("OrgCodeCheck(%q) = %c", s, c)
		}
	}
}

const alphabet31 = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// 31 is prime and no weight is a multiple of it, so the outer check notices every change of one character...
func TestCreditCodeNoticesOneChange(t *testing.T) {
	codes := validCreditCodes(t)
	rapid.Check(t, func(t *rapid.T) {
		code := []byte(rapid.SampledFrom(codes).Draw(t, "code"))
		i := rapid.IntRange(0, 17).Draw(t, "position")
		c := alphabet31[rapid.IntRange(0, 30).Draw(t, "character")]
		if code[i] == c {
			t.Skip("no change")
		}
		code[i] = c
		if rules.ValidCreditCode(string(code)) {
			t.Fatalf("%s passes", code)
		}
	})
}

// ... and, no two neighbouring weights being equal, every exchange of neighbours.
func TestCreditCodeNoticesExchange(t *testing.T) {
	codes := validCreditCodes(t)
	rapid.Check(t, func(t *rapid.T) {
		code := []byte(rapid.SampledFrom(codes).Draw(t, "code"))
		i := rapid.IntRange(0, 16).Draw(t, "position")
		if code[i] == code[i+1] {
			t.Skip("no change")
		}
		code[i], code[i+1] = code[i+1], code[i]
		if rules.ValidCreditCode(string(code)) {
			t.Fatalf("%s passes", code)
		}
	})
}

// The inner check notices a changed digit whatever the outer one says; between letters, whose values may differ by 11,
// it promises nothing.
func TestOrgCodeNoticesOneDigit(t *testing.T) {
	codes := validCreditCodes(t)
	rapid.Check(t, func(t *rapid.T) {
		org := []byte(rapid.SampledFrom(codes).Draw(t, "code")[8:17])
		i := rapid.IntRange(0, 7).Draw(t, "position")
		c := byte('0' + rapid.IntRange(0, 9).Draw(t, "digit"))
		if org[i] == c || org[i] > '9' {
			t.Skip("no digit changed")
		}
		org[i] = c
		if rules.OrgCodeCheck(string(org[:8])) == org[8] {
			t.Fatalf("%s passes", org)
		}
	})
}

// Positions 3-8 take digits only, even where the check characters would be right.
func TestRegionTakesDigitsOnly(t *testing.T) {
	for i := 2; i < 8; i++ {
		code := []byte("91150203MA0N00024")
		code[i] = 'A'
		if s := string(code) + string(rules.CreditCodeCheck(string(code))); rules.ValidCreditCode(s) {
			t.Errorf("%s passes", s)
		}
	}
}

// V stands for U in the rewriting that the finding proposes.
func TestLookAlikeV(t *testing.T) {
	code := "91150203MAUN0002" + string(rules.OrgCodeCheck("MAUN0002"))
	code += string(rules.CreditCodeCheck(code))
	e := clean
	e.UniscID = strings.Replace(code, "U", "V", 1)
	if f := check(e); len(f) != 1 || !strings.Contains(f[0].Detail, code) {
		t.Errorf("%v", f)
	}
}

func TestComputedChecksPass(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		head := rapid.SampledFrom([]string{"91", "92", "93"}).Draw(t, "category") +
			rapid.StringMatching(`[0-9]{6}`).Draw(t, "region")
		org := rapid.StringMatching(`[0-9A-HJ-NP-RTUWXY]{8}`).Draw(t, "organisation")
		code := head + org + string(rules.OrgCodeCheck(org))
		code += string(rules.CreditCodeCheck(code))
		e := clean
		e.UniscID = code
		if rules := rulesOf(e, "uniscid"); len(rules) > 0 {
			t.Fatalf("%s raises %v", code, rules)
		}
	})
}
