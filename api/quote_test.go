package api_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"diaoxiao/api"
)

// A message about a day quotes it, so that what nobody sees is seen; a personal ID number in a shifted row is not told
// on.
func TestDayIsQuoted(t *testing.T) {
	for day, want := range map[string]string{
		"2026-3-16":                "2026-3-16",
		"2026-03-16 ":              "2026-03-16U+0020",
		"2026-03-16\u00a0":         "2026-03-16U+00A0",
		"\u200b2026-03-16":         "U+200B2026-03-16",
		"2026-03-16\t":             "2026-03-16U+0009",
		" 2026 年":                  "U+00202026 年",
		"２０２６-０３-１６":               "２０２６-０３-１６",
		"11010519491231002X":       "110*************2X",
		"110105491231002":          "110**********02",
		"生于110105194912310021":     "生于110*************21",
		"150000000005766":          "150000000005766",
		"150105000022016071732290": "150105000022016071732290",
		"1501050000220160":         "1501050000220160",
		"20260316000000":           "20260316000000",
		strings.Repeat("日", 60):    strings.Repeat("日", 40) + "…",
	} {
		day := strings.ReplaceAll(day, "\t", `\t`)
		body := fmt.Sprintf(`{"caseid":"A","casename":"n","caseintroduction":"i","illegality":"v","penalty":"p",`+
			`"penaltydate":"%s","penaltyorg":"o","penaltylist":[{"pripid":"1","uniscid":"2","legal":"3",`+
			`"enttype":"4"}]}`, day)
		got, err := api.ReadCase(strings.NewReader(body), 0, nil)
		if err != nil || len(got.Problems) != 1 {
			t.Fatalf("%q: %+v %v", day, got.Problems, err)
		}
		p := got.Problems[0]
		if m := p.Message(); p.Code != api.InvalidDate || m != p.Code.Info().Message+"：实为“"+want+"”" ||
			utf8.RuneCountInString(m) > 100 {
			t.Errorf("%q: %s", day, m)
		}
	}
	got, _ := api.ReadCase(strings.NewReader("{\"caseid\":\"\u200b\u3000\",\"casename\":\"  \"}"), 0, nil)
	if d := got.Problems[0].Detail; !strings.Contains(d, "U+200BU+3000") || got.Problems[1].Detail != "" {
		t.Errorf("%+v", got.Problems)
	}
}
