package rules

import (
	"strings"
	"time"
	"unicode/utf8"
)

const personIDLength = 18

// personIDProvinces are the first two digits that GB/T 2260 gives to provinces, and 81-83 of the residence permits for
// people from Hong Kong, Macao and Taiwan. 91-93 are left out on purpose: they begin credit codes.
const personIDProvinces = " 11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 " +
	"64 65 71 81 82 83 "

// ValidPersonID reports whether s is written like a citizen identification number (公民身份号码, GB 11643-1999): 6 digits
// that begin with a province, a real date of birth from 1800 to 2099, 3 digits in sequence, and the check character of
// ISO 7064 MOD 11-2, 0-9 or X. It cannot know whether the number was issued.
func ValidPersonID(s string) bool {
	return personIDOutline(s) && PersonIDCheck(s) == s[17]
}

// personIDOutline: all of ValidPersonID but the check character.
func personIDOutline(s string) bool {
	return len(s) == personIDLength && AllDigits(s[:17]) && (s[17] == 'X' || '0' <= s[17] && s[17] <= '9') &&
		strings.Contains(personIDProvinces, s[:2]) && ("18" <= s[6:8] && s[6:8] <= "20") && isDay(s[6:14])
}

// PersonIDCheck is the check character of a citizen identification number that begins with 17 digits, which s has at
// least: GB 11643-1999, weights 2^(18-i) mod 11, remainders 0-10 written 1 0 X 9 8 7 6 5 4 3 2.
func PersonIDCheck(s string) byte {
	sum := 0
	for i, w := range [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(s[i]-'0') * w
	}
	return "10X98765432"[sum%11]
}

// isOldPersonID: the outline of a number of the first generation (GB 11643-1989): 6 digits, a date yyMMdd, 3 digits. It
// has no check digit.
func isOldPersonID(s string) bool {
	return len(s) == 15 && AllDigits(s) && strings.Contains(personIDProvinces, s[:2]) && isDay("19"+s[6:12])
}

// isDay reports whether s is a day of the calendar, as yyyyMMdd.
func isDay(s string) bool {
	_, err := time.Parse("20060102", s)
	return err == nil
}

// MaskPersonID returns s with all but its first 3 and last 2 characters as asterisks; one of 5 characters or fewer
// becomes all asterisks. It masks whatever it is given, valid or not.
func MaskPersonID(s string) string {
	n := utf8.RuneCountInString(s)
	if n <= 5 {
		return strings.Repeat("*", n)
	}
	r := []rune(s)
	return string(r[:3]) + strings.Repeat("*", n-5) + string(r[n-2:])
}

// MaskPersonIDs returns s with every personal ID number in it masked, and folded if there was one, for none may stand
// whole in a finding or a list however it was written. 18 digits in a row are masked for their outline, even when the
// check character is wrong: a misprint is still somebody's number. More digits in a row are none: of the 18 digits
// within a pripid of 24 every eleventh has the right check character by chance.
func MaskPersonIDs(s string) string {
	folded := FoldCode(s)
	if personIDOutline(folded) {
		return MaskPersonID(folded)
	}
	found := personIDsIn(s, folded, personIDOutline)
	if len(found) == 0 {
		return s
	}
	for _, i := range found {
		folded = folded[:i] + MaskPersonID(folded[i:i+personIDLength]) + folded[i+personIDLength:]
	}
	return folded
}

// MaskPersonal returns a value of a field that is not for names as it may stand in a list: in rows that were shifted it
// is the name of a person, of which the first character stays, or has a personal ID number in it.
func MaskPersonal(s string) string {
	if looksLikePersonName(s) && !IsPlaceholder(FoldCode(s)) && len(EntTypesByName(s)) == 0 {
		return MaskName(s)
	}
	return MaskPersonIDs(s)
}

// hasPersonID reports whether raw, whose folded form is code, has a personal ID number in it.
func hasPersonID(raw, code string) bool { return len(personIDsIn(raw, code, ValidPersonID)) > 0 }

// personIDsIn are the places in folded, the folded form of raw, at which personal ID numbers begin. Anything that raw
// has in one piece needs to be a number by is, what it has in several must have the right check character.
func personIDsIn(raw, folded string, is func(string) bool) (at []int) {
	var parted map[int]bool
	for i := 0; i+personIDLength <= len(folded); i++ {
		w := folded[i : i+personIDLength]
		if !is(w) {
			continue
		}
		if parted == nil {
			parted = partings(raw)
		}
		if delimited(folded, i, parted) && (ValidPersonID(w) || onePiece(folded, i, parted)) {
			at = append(at, i)
			i += personIDLength - 1
		}
	}
	return at
}

// delimited reports whether the 18 characters of folded from i on stand by themselves: no digit is next to them, but
// for blanks and hyphens that raw has between, or what is next to them is a whole number of a person as well, or of a
// mobile telephone. A check character X ends a number whatever comes before, for no code of digits has it.
func delimited(folded string, i int, parted map[int]bool) bool {
	end := i + personIDLength
	before, after := digitsBefore(folded[:i], parted, i), digitsAfter(folded[end:], parted, end)
	known := func(n string) bool { return n == "" || isMobile(n) || ValidPersonID(n) }
	return folded[end-1] == 'X' && ValidPersonID(folded[i:end]) || known(before) && known(after)
}

// onePiece reports whether the 18 characters from i on, with no digit next to them, are together in raw.
func onePiece(folded string, i int, parted map[int]bool) bool {
	for at := i + 1; at < i+personIDLength; at++ {
		if parted[at] {
			return false
		}
	}
	return digitsBefore(folded[:i], parted, i) == "" &&
		digitsAfter(folded[i+personIDLength:], parted, i+personIDLength) == ""
}

// digitsBefore and digitsAfter are the digits that touch a number which begins, or ends, at a place of the folded form.
func digitsBefore(s string, parted map[int]bool, at int) string {
	if parted[at] {
		return ""
	}
	i := len(s)
	for i > 0 && '0' <= s[i-1] && s[i-1] <= '9' && !parted[i] {
		i--
	}
	return s[i:]
}

func digitsAfter(s string, parted map[int]bool, at int) string {
	i := 0
	for i < len(s) && '0' <= s[i] && s[i] <= '9' && !parted[at+i] {
		i++
	}
	return s[:i]
}

func isMobile(s string) bool { return len(s) == 11 && s[0] == '1' && s[1] >= '3' }

// partings are the places of the folded form at which raw has something that folding drops, such as a blank.
func partings(raw string) map[int]bool {
	at, n := make(map[int]bool), 0
	for _, r := range raw {
		if f := foldCodeRune(r); f >= 0 {
			n += utf8.RuneLen(f)
		} else {
			at[n] = true
		}
	}
	return at
}
