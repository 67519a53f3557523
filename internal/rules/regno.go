package rules

import (
	"diaoxiao/internal/iso7064"
)

// ValidRegNo reports whether no is a registration number (注册号) of GS 15-2006: 6 digits for the office of first
// registration, 8 in sequence, 1 check digit by MOD 11,10. The office is not compared with any list: numbers outlive
// the regions that they were issued in.
func ValidRegNo(no string) bool {
	return len(no) == 15 && AllDigits(no) && iso7064.Mod11_10(no[:14]) == no[14]
}

// isRegNo: the outline of a registration number, of 15 digits since 2007-07-01 or of the 13 before.
func isRegNo(s string) bool { return (len(s) == 15 || len(s) == 13) && AllDigits(s) }

// checkRegNo takes a folded value of the outline isRegNo that stands in place of a credit code.
func checkRegNo(no string, add adder) {
	switch {
	case len(no) == 13:
		add(fieldUniscID, RegNo13, words("注册号").value(no))
	case ValidRegNo(no):
		add(fieldUniscID, RegNo15, words("注册号").value(no))
	default:
		add(fieldUniscID, RegNoCheck, wrongRegNo(no))
	}
}

// wrongRegNo does not quote the number: a personal ID number of the first generation also has 15 digits.
func wrongRegNo(no string) Detail {
	detail := wrongCheck(no, 14, iso7064.Mod11_10(no[:14]))
	if isOldPersonID(no) {
		detail = detail.words("；也可能是15位旧身份证号")
	}
	return detail
}

// AllDigits reports whether a text is decimal digits of ASCII, at least one.
func AllDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
