package rules

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	creditCodeLength   = 18
	creditCodeAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY" // GB 32100-2015: no I, O, S, V, Z
)

// creditCodeWeights are 3^i mod 31 (GB 32100-2015), orgCodeWeights those of GB 11714-1997.
var (
	creditCodeWeights = [17]int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}
	orgCodeWeights    = [8]int{3, 7, 9, 10, 5, 8, 4, 2}
	creditCodeValues  = valuesOf(creditCodeAlphabet)
)

func valuesOf(alphabet string) (values [256]int8) {
	for i := range values {
		values[i] = int8(strings.IndexByte(alphabet, byte(i)))
	}
	return values
}

// CreditCodeCheck returns the check character (position 18) of a unified social credit code (统一社会信用代码) from its first
// 17 characters: GB 32100-2015, C18 = 31 - Σ Ci·3^(i-1) mod 31, where 31 is written 0. It returns 0 (no character)
// unless there are exactly 17 characters of the standard's alphabet.
func CreditCodeCheck(first17 string) byte {
	if len(first17) != len(creditCodeWeights) {
		return 0
	}
	sum := 0
	for i, w := range creditCodeWeights {
		v := int(creditCodeValues[first17[i]])
		if v < 0 {
			return 0
		}
		sum += v * w
	}
	return creditCodeAlphabet[(31-sum%31)%31]
}

// OrgCodeCheck returns the check character of an organisation code (组织机构代码) from its first 8: GB 11714-1997, C9 = 11 -
// Σ Ci·Wi mod 11, where 10 is written X and 11 is written 0. Letters count A = 10 … Z = 35, all 26 of them, also inside
// a credit code, where the code stands at positions 9-17. It returns 0 (no character) for anything but 8 characters of
// 0-9 and A-Z.
func OrgCodeCheck(first8 string) byte {
	if len(first8) != len(orgCodeWeights) {
		return 0
	}
	sum := 0
	for i, w := range orgCodeWeights {
		v := orgCodeValue(first8[i])
		if v < 0 {
			return 0
		}
		sum += v * w
	}
	return "0X987654321"[sum%11]
}

func orgCodeValue(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'A' <= c && c <= 'Z':
		return int(c-'A') + 10
	}
	return -1
}

// ValidCreditCode reports whether code has the form of GB 32100-2015 and both its check characters are right. The code
// is taken literally: fold it first where that is wanted. A false answer does not mean that the code was never issued.
func ValidCreditCode(code string) bool {
	return len(code) == creditCodeLength && AllDigits(code[2:8]) &&
		CreditCodeCheck(code[:17]) == code[17] && OrgCodeCheck(code[8:16]) == code[16]
}

// creditCategory returns "91", "92" or "93" when folded has the outline of a market entity's credit code, whatever its
// check characters, else "".
func creditCategory(folded string) string {
	if len(folded) != creditCodeLength || !AllDigits(folded[2:8]) {
		return ""
	}
	switch folded[:2] {
	case "91", "92", "93":
		return folded[:2]
	}
	return ""
}

func categoryName(category string) string {
	switch category {
	case "91":
		return "企业"
	case "92":
		return "个体工商户"
	case "93":
		return "农民专业合作社"
	}
	return "其他"
}

// checkUniscID applies the rules of the 1xx and 2xx groups, and those of 6xx that concern the credit code, to one
// value.
func checkUniscID(raw string, add adder) {
	if ValidCreditCode(raw) && creditCategory(raw) != "" {
		return // nothing else to be said of it, and most are such
	}
	code := FoldCode(raw)
	switch {
	case IsPlaceholder(code):
		add(fieldUniscID, Placeholder, value(raw))
		return
	case hasHan(code):
		add(fieldUniscID, HanInCode, value(raw))
		return
	case isHarmedCreditCode(raw, code):
		add(fieldUniscID, SpreadsheetNumber, numberDetail(raw))
		return
	}
	if code != raw {
		add(fieldUniscID, CreditCodeForm, words("含"+strangeForms(raw)))
	}
	switch {
	case ValidPersonID(code):
		add(fieldUniscID, CreditCodePersonID, words("形如居民身份证号："+MaskPersonID(code)))
	case isRegNo(code):
		checkRegNo(code, add)
	default:
		checkCreditCode(code, add)
	}
}

// isHarmedCreditCode: check characters that are right show that nothing was lost.
func isHarmedCreditCode(raw, code string) bool {
	if isSpreadsheetNumber(code) {
		return true
	}
	harm, _ := NumberHarm(raw)
	return harm == Certain && !isCheckedCode(code) && !ValidPersonID(code)
}

// checkCreditCode takes a folded value that is meant to be a credit code.
func checkCreditCode(code string, add adder) {
	n := utf8.RuneCountInString(code)
	if n != creditCodeLength {
		add(fieldUniscID, CreditCodeLength, words(fmt.Sprintf("%d位，应为%d位", n, creditCodeLength)))
	}
	if checkAlphabet(code, add) && n == creditCodeLength {
		checkCategory(code, add)
		checkOuter(code, add)
		checkInner(code, add)
	}
}

// checkAlphabet reports whether all characters may stand where they stand, and adds what may not.
func checkAlphabet(code string, add adder) bool {
	if len(code) == creditCodeLength && AllDigits(code[2:8]) && inCreditCodeAlphabet(code) {
		return true
	}
	var letters, others charList
	pos := 0
	for _, r := range code {
		pos++
		switch {
		case strings.ContainsRune("IOSVZ", r):
			letters.add(pos, r, "")
		case !strings.ContainsRune(creditCodeAlphabet, r):
			others.add(pos, r, "")
		case 3 <= pos && pos <= 8 && !unicode.IsDigit(r):
			others.add(pos, r, "应为数字")
		}
	}
	if letters.n > 0 {
		add(fieldUniscID, CreditCodeLetter, letters.detail("", lookAlike(code)))
	}
	if others.n > 0 {
		add(fieldUniscID, CreditCodeAlphabet, others.detail("", ""))
	}
	return letters.n+others.n == 0
}

func inCreditCodeAlphabet(s string) bool {
	for i := 0; i < len(s); i++ {
		if creditCodeValues[s[i]] < 0 {
			return false
		}
	}
	return true
}

// lookAlike says so when the usual misreadings put right make a valid code. By chance that happens once in 341 times.
func lookAlike(code string) string {
	guess := strings.NewReplacer("I", "1", "O", "0", "S", "5", "V", "U", "Z", "2").Replace(code)
	if !ValidCreditCode(guess) {
		return ""
	}
	return "；改为" + show(guess) + "后校验相符"
}

func checkCategory(code string, add adder) {
	if creditCategory(code) == "" {
		add(fieldUniscID, CreditCodeCategory, words("前两位为").value(code[:2]).words("，应为91、92或93"))
	}
}

func checkOuter(code string, add adder) {
	if want := CreditCodeCheck(code[:17]); want != code[17] {
		add(fieldUniscID, CreditCodeOuterCheck, wrongCheck(code, 17, want))
	}
}

func checkInner(code string, add adder) {
	if want := OrgCodeCheck(code[8:16]); want != code[16] {
		add(fieldUniscID, CreditCodeInnerCheck, wrongCheck(code, 16, want))
	}
}

// wrongCheck is the detail of a check character at position i, from zero, that should be another.
func wrongCheck(code string, i int, want byte) Detail {
	return words(fmt.Sprintf("第%d位为%c，按规则应为%c", i+1, code[i], want)).at([]int{i})
}
