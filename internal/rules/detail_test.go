package rules_test

import (
	"testing"

	"diaoxiao/internal/rules"
)

func TestDetails(t *testing.T) {
	for _, c := range []struct {
		got  rules.Detail
		want string
	}{
		{rules.DetailSame("91110108551385082Q", rules.PlaceInList(0)), "“91110108551385082Q”，与清单第1条相同"},
		{
			rules.DetailSame("3302063000622782", rules.PlaceInCase("呼市监处罚〔2026〕7号", "202611230000000018", 11)),
			"“3302063000622782”，与" +
				"案件“呼市监处罚〔2026〕7号”（受理号202611230000000018）清单第12条相同",
		},
		{
			rules.DetailOtherCreditCode("91110108551385082Q", "91110100551385002Q", rules.PlaceInList(2)),
			"本条“91110108551385082Q”，" +
				"清单第3条为“91110100551385002Q”，第8、16位不同",
		},
		{
			rules.DetailOtherCreditCode("91110108551385082Q", "150000000005766", "清单第3条"),
			"本条“91110108551385082Q”，清单第3条为“150000000005766”",
		},
		{rules.DetailSame(personIDX, rules.PlaceInList(0)), "“110*************2X”，与清单第1条相同"},
	} {
		if got, want := c.got.Text(), c.want; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
