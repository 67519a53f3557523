package register_test

import (
	"fmt"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/rules"
)

// A finding says what was sent and what the register has, and marks where the two differ.
func TestDetails(t *testing.T) {
	ok := api.Entity{PripID: id1, UniscID: code1, Legal: "乌云其木格", EntType: "1130"}
	for _, test := range []struct {
		change func(e *api.Entity)
		want   string
	}{
		{func(e *api.Entity) { e.UniscID = code2 }, "身份代码“150203000022016020258191”是“内蒙古甲商贸有限责任公司”" +
			"（“91150203MA0N00024Y”[2 5 7 9 11 12 15 17]），报送的“91350100M000100Y43”[2 5 7 9 11 12 15 17]是" +
			"“内蒙古乙商贸有限责任公司”"},
		{func(e *api.Entity) { e.PripID, e.UniscID = code2, id1 }, "身份代码“150203000022016020258191”是" +
			"“内蒙古甲商贸有限责任公司”（“91150203MA0N00024Y”[2 5 7 9 11 12 15 17]），报送的" +
			"“91350100M000100Y43”[2 5 7 9 11 12 15 17]是“内蒙古乙商贸有限责任公司”"},
		{func(e *api.Entity) { e.PripID, e.UniscID = code1, id1 },
			"信用代码栏“150203000022016020258191”是“内蒙古甲商贸有限责任公司”的身份代码，身份代码栏“91150203MA0N00024Y”"},
		{func(e *api.Entity) { e.PripID, e.UniscID = "Q1", no2 }, "身份代码“Q1”、注册号“" + no2 + "”在主体库中都没有"},
		{func(e *api.Entity) { e.PripID, e.UniscID = "无", "91150203MA0N00042Y" }, "信用代码“91150203MA0N00042Y”在主体库中没有"},
		{func(e *api.Entity) { e.UniscID = "91150203MA0N00042Y" },
			"报送“91150203MA0N00042Y”[15 16]，主体库为“91150203MA0N00024Y”[15 16]，第16、17位不同"},
		{func(e *api.Entity) { e.UniscID = "150000000005677" },
			"报送“150000000005677”[12 13 14]，主体库为“150000000005766”[12 13 14]，第13、14、15位不同"},
		{func(e *api.Entity) { e.UniscID = "无" }, "没有报送，主体库为“91150203MA0N00024Y”"},
		{func(e *api.Entity) { e.PripID = "150203000022016020258119" },
			"报送“150203000022016020258119”[22 23]，主体库为“150203000022016020258191”[22 23]，第23、24位不同"},
		{func(e *api.Entity) { e.Legal = "乌云其其格" }, "报送“乌云其其格”[3]，主体库为“乌云其木格”[3]"},
		{func(e *api.Entity) { e.Legal = "乌云" }, "报送“乌云”，主体库为“乌云其木格”[2 3 4]"},
		{func(e *api.Entity) { e.EntType = "9500" },
			"报送“9500”（个体工商户），主体库为“1130”（有限责任公司(自然人投资或控股)）"},
		{func(e *api.Entity) { e.PripID, e.UniscID = "无", "1.5E+17" }, "身份代码栏“无”，信用代码栏“1.5E+17”"},
		{func(e *api.Entity) {
			*e = api.Entity{PripID: "A3", UniscID: firms[2].UniscID, Legal: "李四", EntType: "9500"}
		},
			"代码“91110108585817834H”有2户未注销的主体：“丙一”、“丙二”；身份代码是其中的“丙一”"},
		{func(e *api.Entity) {
			*e = api.Entity{PripID: "B5", UniscID: firms[4].UniscID, Legal: "李四", EntType: "9500"}
		},
			"“丁一”的登记状态为已注销，核准日期2019-01-01，决定日期2026-03-16"},
	} {
		e, said := ok, ""
		test.change(&e)
		register.Match(e, "2026-03-16", lookUp(firms, register.KeysOf(e)), func(_ string, _ int, d rules.Detail) {
			for _, p := range d.Parts {
				said += p.Shown()
				if len(p.At) > 0 {
					said += fmt.Sprint(p.At)
				}
			}
		})
		if said != test.want {
			t.Errorf("%+v:\n%s\nwant\n%s", e, said, test.want)
		}
	}
}

const no2 = "150104000000017"
