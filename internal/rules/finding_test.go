package rules_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"diaoxiao/internal/rules"
)

func TestRules(t *testing.T) {
	last := 0
	titles := map[string]bool{}
	for _, r := range rules.All() {
		if r.No <= last || r.No < 100 || r.No > 899 {
			t.Errorf("rule %d follows rule %d", r.No, last)
		}
		last = r.No
		if titles[r.Title] {
			t.Errorf("rule %d: title %s is taken", r.No, r.Title)
		}
		titles[r.Title] = true
		if n := utf8.RuneCountInString(r.Title); !startsHan(r.Title) || n > 16 {
			t.Errorf("rule %d: title %q", r.No, r.Title)
		}
		if n := utf8.RuneCountInString(r.Hint); n < 20 || !strings.HasSuffix(r.Hint, "。") {
			t.Errorf("rule %d: hint %q", r.No, r.Hint)
		}
		if s := r.Severity.String(); s != "提示" && s != "警示" && s != "严重" {
			t.Errorf("rule %d: severity %d is %s", r.No, r.Severity, s)
		}
		if got, ok := rules.ByNo(r.No); !ok || got != r {
			t.Errorf("ByNo(%d) = %v, %t", r.No, got, ok)
		}
	}
	for _, no := range []int{-1, 0, 100, 199, 999} {
		if r, ok := rules.ByNo(no); ok {
			t.Errorf("ByNo(%d) = %v", no, r)
		}
	}
}

func startsHan(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.Is(unicode.Han, r) || unicode.IsDigit(r)
}

// Operators sort by severity, and the hint of a wrong check character must keep them from rejecting real codes.
func TestRulesSayWhatMatters(t *testing.T) {
	if !(rules.Notice < rules.Warning && rules.Warning < rules.Severe) {
		t.Error("severities do not ascend")
	}
	for _, no := range []int{rules.PripIDOtherCreditCode, rules.CreditCodePersonID, rules.PersonIDMisplaced,
		rules.RegisterTwoFirms, rules.RegisterShared, rules.RegisterUniscID, rules.RegisterState,
		rules.RegisterSwapped} {
		if r, _ := rules.ByNo(no); r.Severity != rules.Severe {
			t.Errorf("rule %d is %v", no, r.Severity)
		}
	}
	if r, _ := rules.ByNo(rules.CreditCodeOuterCheck); !strings.Contains(r.Hint, "厦门") ||
		!strings.Contains(r.Hint, "登记系统") {
		t.Errorf("hint %q", r.Hint)
	}
	if got := rules.Severity(0).String(); got != "未知" {
		t.Errorf("severity 0 is %s", got)
	}
}

func TestRulesAreACopy(t *testing.T) {
	rules.All()[0].Title = "changed"
	if rules.All()[0].Title == "changed" {
		t.Error("a caller can change the table")
	}
}
