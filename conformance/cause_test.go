package conformance_test

import (
	"regexp"
	"strings"
	"testing"

	"diaoxiao/api"
	"diaoxiao/conformance"
)

// Anything that is wrong with the form of answers is said in words, by one check.
func TestCauseIsNamedInWords(t *testing.T) {
	for name, c := range map[string][2]string{
		"acceptid is a number":     {"3.2-01", "acceptid 是数字，须为字符串"},
		"acceptId":                 {"C2-01", "成员名为 acceptId，须为 acceptid 或 accpetid"},
		"ackcode":                  {"2.4-03", "成员名为 ackcode，须为 ackCode 或 ack_code"},
		"success":                  {"2.4-03", "ackCode 为“success”，须为 SUCCESS 或 FAILURE"},
		"token is a number":        {"3.1.1-01", "access_token 是数字，须为字符串"},
		"one error without a list": {"2.3-02", "errors 是对象，须为数组"},
		"code and msg":             {"2.3-03", "错误的成员名为 code，须为 errorCode"},
		"wrapped in data":          {"2.4-08", "成员在 data 之内，须在最外层"},
		"JSON in a string":         {"2.4-02", "正文是一个 JSON 字符串"},
		"closes without a word":    {"2.2-03", "应答之后关闭连接而没有声明"},
		"no receipt":               {"3.2-01", "没有受理号 acceptid"},
	} {
		if testing.Short() && len(name) > 8 {
			continue
		}
		d := desk(t)
		target := admit(t, d, door(t, d, misshapen()[name].around).URL, api.All)
		target.Dialect = conformance.AnyDialect
		r := try(t, target, conformance.Options{Checks: []string{"2", "3", "C", "S17-01", "S9-01"}, Sleep: hurried})
		if got := failed(r); got != c[0] {
			t.Errorf("%s: %s failed", name, got)
		}
		for _, res := range r.Results {
			if res.Outcome == conformance.Failed && !strings.Contains(res.Reason, c[1]) {
				t.Errorf("%s: %s", name, res.Reason)
			}
		}
	}
}

// Where two exchanges are compared, both are shown, cut around the place where they differ, however long they are.
func TestBothExchangesAreShown(t *testing.T) {
	d := desk(t)
	target := admit(t, d, door(t, d, losing()["list cut to 1,000"].around).URL, api.All)
	r := try(t, target, conformance.Options{Checks: []string{"S16-01"}})
	s, _ := r.Results[0].Decisive()
	if s.Before == nil || !strings.Contains(s.Differs, "联调测试") || !strings.Contains(s.Differs, "改变的一户") {
		t.Fatalf("%+v", s)
	}
	if !strings.Contains(s.Before.Sent, `"legal":"联调测试3000"`) || !strings.Contains(s.Sent, "改变的一户") ||
		len(s.Sent) > 1000 {
		t.Errorf("sent %s\nthen %s", s.Before.Sent, s.Sent)
	}
	if basis := r.Basis(r.Results[0]); !strings.Contains(basis, "500,000 条") || strings.ContainsAny(basis, "`[]") {
		t.Errorf("basis %q", basis)
	}
}

// Anything that looks alike is written out where two requests differ.
func TestDifferencesCanBeSeen(t *testing.T) {
	for name, c := range map[string][2]string{
		"runs of blanks become one": {"S15-17", "␣"},
		"normalised to NFC":         {"S15-22", "U+0065 U+0301"},
		"zero width dropped":        {"S15-26", "<U+200B>"},
		"tabs become blanks":        {"S15-19", `\t乙\t`},
	} {
		d := desk(t)
		target := admit(t, d, door(t, d, losing()[name].around).URL, api.All)
		r := try(t, target, conformance.Options{Checks: []string{c[0]}})
		if s, _ := r.Results[0].Decisive(); failed(r) != c[0] || !strings.Contains(s.Differs, c[1]) {
			t.Errorf("%s: %q fails, differs %s", name, failed(r), s.Differs)
		}
	}
}

// Each decision has its sentence, without the marks of the document.
func TestDecisionsHaveASentence(t *testing.T) {
	for _, c := range conformance.Clauses() {
		decision := regexp.MustCompile(`^[CS]\d`).MatchString(c.No)
		if decision != strings.Contains(c.Text, "读法：") || strings.ContainsAny(c.Text, "`|") || c.Title == "" {
			t.Errorf("%s %s: %q", c.No, c.Title, c.Text)
		}
	}
}

// Every case that was acknowledged is asked for again, and the report counts them.
func TestAcknowledgedCasesAreCounted(t *testing.T) {
	d := desk(t)
	target := admit(t, d, door(t, d, nil).URL, api.All)
	r := try(t, target, conformance.Options{Checks: []string{"3.2", "S17", "S22", "S24", "S18"}})
	c := r.Cases
	if !r.OK() || c.Acknowledged < 60 || c.Repeated != c.Acknowledged || c.Same != c.Acknowledged ||
		c.Found != c.Acknowledged || c.InList != c.Listed || c.Listed < 50 {
		t.Errorf("%s: %+v", failed(r), c)
	}
	d = desk(t)
	target = admit(t, d, door(t, d, losing()["forgotten after 60 others"].around).URL, api.All)
	r = try(t, target, conformance.Options{Checks: []string{"S14", "S17", "S20"}})
	if failed(r) != "S17-19" || r.Cases.Same >= r.Cases.Repeated || !strings.Contains(r.CasesText(), "得原受理号") {
		t.Errorf("%s: %+v", failed(r), r.Cases)
	}
}
