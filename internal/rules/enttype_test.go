package rules_test

import (
	"testing"

	"diaoxiao/internal/rules"
)

func TestEntTypeVectors(t *testing.T) {
	for _, row := range vectors(t, "enttype.tsv") {
		want := rules.EntType{Code: row[0], Name: row[1], Parent: row[2]}
		got, ok := rules.EntTypeByCode(row[0])
		if !ok || got != want {
			t.Errorf("EntTypeByCode(%s) = %v, %t, want %v", row[0], got, ok, want)
		}
		if !holds(rules.EntTypesByName(row[1]), want) {
			t.Errorf("EntTypesByName(%s) does not hold %s", row[1], row[0])
		}
		if _, ok := rules.EntTypeByCode(want.Parent); want.Parent != "" && !ok {
			t.Errorf("%s has the unknown parent %s", row[0], want.Parent)
		}
	}
}

func holds(types []rules.EntType, want rules.EntType) bool {
	for _, t := range types {
		if t == want {
			return true
		}
	}
	return false
}

func TestEntTypesByName(t *testing.T) {
	for name, want := range map[string]string{
		"有限责任公司(自然人独资)":     "1151",
		"有限责任公司（自然人独资）":     "1151",
		"有限责任公司 （自然人独资） ":   "1151",
		"有限责任公司【自然人独资】":     "1151",
		"有限责任公司(台港澳法人独资)":   "6150",
		"有限责任公司（港、澳、台法人独资）": "6150",
		"台、港、澳投资企业":         "6000",
		"港澳台投资企业":           "6000",
		"股份有限公司(上市，国有控股)":   "1213",
		"个体工商户":             "9500",
		"个体":                "9999",
		"农民专业合作社":           "9100",
		"有限责任公司":            "1100 5100 6100",
		"有限责任公司(外商投资、非独资)":  "",
		"张三": "",
		"":   "",
	} {
		got := ""
		for i, typ := range rules.EntTypesByName(name) {
			if i > 0 {
				got += " "
			}
			got += typ.Code
		}
		if got != want {
			t.Errorf("EntTypesByName(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestEntTypeByCodeIsLiteral(t *testing.T) {
	for _, code := range []string{"", "#", "1131", "１１３０", " 1130", "有限责任公司"} {
		if typ, ok := rules.EntTypeByCode(code); ok {
			t.Errorf("EntTypeByCode(%q) = %v", code, typ)
		}
	}
}
