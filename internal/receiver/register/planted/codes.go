package planted

import (
	"strconv"

	"diaoxiao/internal/iso7064"
	"diaoxiao/internal/rules"
)

// codeAlphabet is that of GB 32100.
const codeAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// mixed spreads numbers over a range without a collision: factor has no divisor in common with size.
func mixed(i, size, factor int, seed uint64) int {
	return (i*factor + int(seed%uint64(size))) % size
}

// padded is n in so many digits of codeAlphabet with that base.
func padded(n, digits, base int) string {
	b := make([]byte, digits)
	for i := digits - 1; i >= 0; i-- {
		b[i] = codeAlphabet[n%base]
		n /= base
	}
	return string(b)
}

// orgCode is the first eight characters of the i-th organisation code: digits before 2015, L for households of that
// time, MA since.
func (m *maker) orgCode(old, household bool) string {
	switch {
	case old && household:
		return "L" + padded(mixed(m.i, 10_000_000, 3_141_593, m.seed), 7, 10)
	case old:
		return padded(mixed(m.i, 100_000_000, 31_415_927, m.seed), 8, 10)
	}
	return "MA0" + padded(mixed(m.i, 31*31*31*31*31, 9_876_543, m.seed), 5, 31)
}

// creditCode puts the check characters to a category, a region and the eight characters of an organisation.
func creditCode(category, region, org string) string {
	code := category + region + org + string(rules.OrgCodeCheck(org))
	return code + string(rules.CreditCodeCheck(code))
}

// regNo is the i-th registration number of a class: its first digit is 0 of enterprises, 6 of households.
func (m *maker) regNo(region string, class byte) string {
	no := region + string(class) + padded(mixed(m.i, 10_000_000, 2_718_281, m.seed), 7, 10)
	return no + string(iso7064.Mod11_10(no))
}

// pripID is 24 digits: region, node, day of formation, number.
func (m *maker) pripID(region, founded string) string {
	return region + padded(m.i/100_000+1, 5, 10) + founded[:4] + founded[5:7] + founded[8:] +
		padded(mixed(m.i, 100_000, 31_373, m.seed), 5, 10)
}

// day is a day of the years from to before until.
func (m *maker) day(from, until int) string { return m.dayIn(from+m.IntN(until-from), 1, 12) }

func (m *maker) dayIn(year, month, lastMonth int) string {
	return strconv.Itoa(year) + "-" + padded(month+m.IntN(lastMonth-month+1), 2, 10) + "-" +
		padded(1+m.IntN(28), 2, 10)
}
