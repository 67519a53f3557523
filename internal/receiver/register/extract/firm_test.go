package extract_test

import (
	"fmt"

	"diaoxiao/internal/iso7064"
	"diaoxiao/internal/rules"
)

// codeOf is a true credit code, another one for each i.
func codeOf(i int) string {
	org := fmt.Sprintf("MA%06d", i)[:8]
	if i >= 1_000_000 {
		org = fmt.Sprintf("N%07d", i)
	}
	first := "91150100" + org + string(rules.OrgCodeCheck(org))
	return first + string(rules.CreditCodeCheck(first))
}

// regNoOf is a true registration number, another one for each i.
func regNoOf(i int) string {
	first := fmt.Sprintf("150100%08d", i)
	return first + string(iso7064.Mod11_10(first))
}

// pripIDOf is a pripid in the usual form of 24 digits, another one for each i.
func pripIDOf(i int) string {
	return fmt.Sprintf("15010400%03d%04d%02d%02d%05d", i/100_000%1000, 2000+i%25, i%12+1, i%28+1, i%100_000)
}
