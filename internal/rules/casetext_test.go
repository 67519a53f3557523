package rules_test

import (
	"strings"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/rules"
)

// texts are those of an honest case.
var texts = api.Case{CaseID: "呼市监处罚〔2026〕3号", CaseName: "长期停业吊销案", CaseIntroduction: "开业后自行停业连续六个月以上",
	Illegality: "在登记的住所无法取得联系", Penalty: "吊销营业执照", PenaltyDate: "2026-03-16", PenaltyOrg: "呼和浩特市市场监督管理局"}

// missing are the members of which rule 619 says that they are no text of a case.
func missing(c api.Case) (fields []string) {
	rules.CheckTexts(c, func(field string, rule int, _ rules.Detail) {
		if rule == rules.CaseTextMissing {
			fields = append(fields, field)
		}
	})
	return fields
}

// A caseid that is a placeholder, a heading, a date or has lost its number is found; one that a system may give is not.
func TestCaseIDsThatAreNone(t *testing.T) {
	for id, none := range map[string]bool{
		"NULL":            true,
		`\N`:              true,
		"None":            true,
		"无":               true,
		"同上":              true,
		"〃":               true,
		"-":               true,
		"0":               true,
		"合计":              true,
		"案件编号":            true,
		"TRUE":            true,
		"[object Object]": true,
		"????":            true,
		"呼市监处罚?2026?3号":   true,
		"呼市监处罚¿2026¿3号":   true,
		"(Null)":          true,
		"待定":              true,
		"undefined":       true,
		"Mar-26":          true,
		"3月26日":           true,
		"2026-03-16":      true,
		"呼市监处罚〔2026〕号":    true,
		"呼市监处罚〔2026〕 号":   true,
		"呼市监处罚(2026)":     true,
		"见附件":             true,
		"#N/A":            true,
		"=A1":             true,
		"如：呼市监处罚〔2026〕1号": true,

		"呼市监处罚〔2026〕3号":      false,
		"1":                  false,
		"46097":              false,
		"20260316001":        false,
		"J1":                 false,
		"AJ-2026-0031":       false,
		"呼市监处罚[2026]第3号":     false,
		"150104202603160001": false,
		"包市监罚字（2026）12-3号":   false,
		"案":                  false,
		"2.03":               false,
		"A1":                 false,
		"如意市监〔2026〕1号":       false,
		"呼市监2026号":           false,
	} {
		c := texts
		c.CaseID = id
		if got := missing(c); (len(got) > 0) != none {
			t.Errorf("%q: %v, want %t", id, got, none)
		}
	}
}

// The other texts of a case likewise; what they may be is more.
func TestTextsThatAreNone(t *testing.T) {
	for text, none := range map[string]bool{
		"NULL":               true,
		`\N`:                 true,
		"-":                  true,
		"无":                  true,
		"同上":                 true,
		"〃":                  true,
		"待定":                 true,
		"????":               true,
		"吊销????照":            true,
		"nan":                true,
		"46097":              true,
		"2026-03-16":         true,
		"1.50104E+17":        true,
		"=A1":                true,
		"TRUE":               true,
		"91150104MA0N967166": true,
		"案件名称":               true,
		"处罚内容":               true,
		"测试":                 true,
		"如：某某公司等若干户长期停业未经营案": true,
		"见附件":    true,
		"(Null)": true,

		"长期停业吊销案": false,
		"n":       false,
		"2":       false,
		"吊销营业执照":  false,
		"无正当理由超过六个月未开业": false,
		"有限公司吊销案":       false,
		"如下：吊销营业执照":     false,
		"A&B 公司":        false,
		"是否开业不明的企业":     false,
		"同上一案合并":        false,
		"呼和浩特市市场监督管理局":  false,
		"罚款100元":        false,
		"=停业案":          false,
		"否":             true,
	} {
		for _, set := range []func(*api.Case){
			func(c *api.Case) { c.CaseName = text },
			func(c *api.Case) { c.CaseIntroduction = text },
			func(c *api.Case) { c.Illegality = text },
			func(c *api.Case) { c.Penalty = text },
			func(c *api.Case) { c.PenaltyOrg = text },
		} {
			c := texts
			set(&c)
			if got := missing(c); (len(got) > 0) != none {
				t.Errorf("%q: %v, want %t", text, got, none)
			}
		}
	}
	if got := missing(texts); len(got) > 0 {
		t.Errorf("an honest case: %s", strings.Join(got, " "))
	}
}
