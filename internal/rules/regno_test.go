package rules_test

import (
	"testing"

	"pgregory.net/rapid"

	"diaoxiao/internal/rules"
)

// regNos are numbers that are right. The first is the example of GS 15-2006, the others were found in public use.
var regNos = []string{
	"110108000000016", "310230001716146", "310230001716154", "350181100003305", "320281400006822", "120118000032322",
	"440000400007004", "350627100080137", "150000000005766", "152700000010020", "152201000002988",
}

func TestValidRegNo(t *testing.T) {
	for _, no := range regNos {
		if !rules.ValidRegNo(no) {
			t.Errorf("%s does not pass", no)
		}
	}
	for _, no := range []string{
		"110105012345678", "123456123456781", "", "11010800000001", "1101080000000160", "11010800000001X",
	} {
		if rules.ValidRegNo(no) {
			t.Errorf("%s passes", no)
		}
	}
}

func TestRegNoNoticesOneDigit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		no := []byte(rapid.SampledFrom(regNos).Draw(t, "number"))
		i := rapid.IntRange(0, 14).Draw(t, "position")
		c := byte('0' + rapid.IntRange(0, 9).Draw(t, "digit"))
		if no[i] == c {
			t.Skip("no change")
		}
		no[i] = c
		if rules.ValidRegNo(string(no)) {
			t.Fatalf("%s passes", no)
		}
	})
}
