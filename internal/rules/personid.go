package rules

import (
	"strings"
	"time"
	"unicode/utf8"
)

const personIDLength = 18

// personIDProvinces are the first two digits that GB/T 2260 gives to provinces, and 81-83 of the residence permits for people
// from Hong Kong, Macao and Taiwan. 91-93 are left out on purpose: they begin credit codes.
const personIDProvinces = " 11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 "

// ValidPersonID reports whether s is written like a citizen identification number (公民身份号码, GB 11643-1999): 6 digits that
// begin with a province, a real date of birth from 1800 to 2099, 3 digits in sequence, and the check character of ISO 7064
// MOD 11-2, 0-9 or X. It cannot know whether the number was issued.
func ValidPersonID(s string) bool {
	return personIDOutline(s) && personIDCheck(s) == s[17]
}

// personIDOutline: all of ValidPersonID but the check character.
func personIDOutline(s string) bool {
	return len(s) == personIDLength && allDigits(s[:17]) && (s[17] == 'X' || '0' <= s[17] && s[17] <= '9') &&
		strings.Contains(personIDProvinces, s[:2]) && ("18" <= s[6:8] && s[6:8] <= "20") && isDay(s[6:14])
}

// personIDCheck: GB 11643-1999, weights 2^(18-i) mod 11, remainders 0-10 written 1 0 X 9 8 7 6 5 4 3 2.
func personIDCheck(s string) byte {
	sum := 0
	for i, w := range [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(s[i]-'0') * w
	}
	return "10X98765432"[sum%11]
}

// isOldPersonID: the outline of a number of the first generation (GB 11643-1989): 6 digits, a date yyMMdd, 3 digits. It has
// no check digit.
func isOldPersonID(s string) bool {
	return len(s) == 15 && allDigits(s) && strings.Contains(personIDProvinces, s[:2]) && isDay("19"+s[6:12])
}

// isDay reports whether s is a day of the calendar, as yyyyMMdd.
func isDay(s string) bool {
	_, err := time.Parse("20060102", s)
	return err == nil
}

// MaskPersonID returns s with all but its first 3 and last 2 characters as asterisks; one of 5 characters or fewer becomes
// all asterisks. It masks whatever it is given, valid or not.
func MaskPersonID(s string) string {
	n := utf8.RuneCountInString(s)
	if n <= 5 {
		return strings.Repeat("*", n)
	}
	r := []rune(s)
	return string(r[:3]) + strings.Repeat("*", n-5) + string(r[n-2:])
}

// MaskPersonIDs returns s with every personal ID number in it masked, and folded if there was one, for none may stand whole
// in a finding or a list however it was written. A run of 18 digits by itself is masked for its outline, even when its check character
// is wrong: a misprint is still somebody's number.
func MaskPersonIDs(s string) string {
	folded := FoldCode(s)
	if personIDOutline(folded) {
		return MaskPersonID(folded)
	}
	found := false
	for i := 0; i+personIDLength <= len(folded); i++ {
		if w := folded[i : i+personIDLength]; ValidPersonID(w) {
			folded, found = folded[:i]+MaskPersonID(w)+folded[i+personIDLength:], true
		}
	}
	if !found {
		return s
	}
	return folded
}

// MaskPersonal returns a value of a field that is not for names as it may stand in a list: in rows that were shifted it is the name of
// a person, of which the first character stays, or has a personal ID number in it.
func MaskPersonal(s string) string {
	if looksLikePersonName(s) && !IsPlaceholder(FoldCode(s)) && len(EntTypesByName(s)) == 0 {
		return maskName(s)
	}
	return MaskPersonIDs(s)
}

func hasPersonID(folded string) bool {
	for i := 0; i+personIDLength <= len(folded); i++ {
		if ValidPersonID(folded[i : i+personIDLength]) {
			return true
		}
	}
	return false
}
