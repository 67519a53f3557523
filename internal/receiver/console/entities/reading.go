package entities

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// reading is one way to take what was typed.
type reading struct {
	as     string // as queries name it
	prefix bool   // what was typed is the beginning
}

// The readings, as queries name them.
const (
	asUniscID = "uniscid"
	asPripID  = "pripid"
	asLegal   = "legal"
	asFirm    = "firm"
	asCase    = "case"
)

// kinds are the keys that the readings look in.
var kinds = map[string]intake.KeyKind{asUniscID: intake.ByUniscID, asPripID: intake.ByPripID, asLegal: intake.ByLegal}

// titles are the readings in words, of the whole and of a beginning.
var titles = map[string][2]string{
	asUniscID: {"统一社会信用代码", "统一社会信用代码的前几位"},
	asPripID:  {"身份代码", "身份代码的前几位"},
	asLegal:   {"法定代表人姓名", "法定代表人姓名的前几个字"},
	asFirm:    {"企业名称（在主体库快照中查找）"},
	asCase:    {"案件编号、案件名称的一部分"},
}

// Title is the reading in words.
func (r reading) Title() string {
	if r.prefix {
		return titles[r.as][1]
	}
	return titles[r.as][0]
}

// The lengths of codes.
const (
	creditCode = 18
	wholePrip  = 24 // a pripid that has as many characters is whole
)

// readings are the ways to take a text, the likeliest by its form first.
func readings(text string) []reading {
	if code := rules.FoldCode(text); isCode(code) {
		return readingsOfCode(code)
	}
	legal := []reading{{as: asLegal}, {as: asLegal, prefix: true}}
	rest := append([]reading{{as: asFirm}}, legal...)
	if isCaseID(text) {
		return append([]reading{{as: asCase}}, rest...)
	}
	return append(rest, reading{as: asCase})
}

// readingsOfCode are those of a folded code.
func readingsOfCode(code string) (rs []reading) {
	n := utf8.RuneCountInString(code)
	credit, prip := []reading{{asUniscID, n < creditCode}}, []reading{{asPripID, n < wholePrip}}
	if n < wholePrip && n >= creditCode {
		prip = append(prip, reading{as: asPripID})
	}
	if n == 13 || n == 15 { // a registration number, which senders put where the credit code belongs
		credit = []reading{{as: asUniscID}, {asUniscID, true}}
	}
	switch {
	case n > creditCode:
		rs = append(prip, reading{as: asUniscID})
	case rules.ValidCreditCode(code), n == creditCode && !rules.AllDigits(code), code[0] == '9', n < creditCode &&
		!rules.AllDigits(code), rules.ValidRegNo(code):
		rs = append(credit, prip...)
	default:
		rs = append(prip, credit...)
	}
	if n <= 8 {
		rs = append(rs, reading{as: asCase})
	}
	return rs
}

// isCode reports whether a folded text has what codes are written with, and a digit.
func isCode(folded string) bool {
	digit := false
	for _, r := range folded {
		if (r < '0' || r > '9') && (r < 'A' || r > 'Z') && r != '_' {
			return false
		}
		digit = digit || unicode.IsDigit(r)
	}
	return digit
}

// isCaseID reports whether a text has the form of a part of a caseid: a year in brackets, or a number with 号 at the
// end.
func isCaseID(text string) bool {
	folded := rules.FoldCaseID(text)
	if n := strings.TrimSuffix(folded, "号"); n != folded && n != "" && unicode.IsDigit(rune(n[len(n)-1])) {
		return true
	}
	_, year, ok := strings.Cut(folded, "(")
	return ok && len(year) >= 4 && rules.AllDigits(year[:4])
}
