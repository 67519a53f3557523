package credential

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// notorious is what the passwords begin with that are tried first wherever somebody guesses, in lower case and without
// the digits and symbols at their end: Admin@123 is admin, woaini1314 is woaini.
var notorious = []string{
	"1q2w3e", "1q2w3e4r", "1qaz", "1qaz2wsx", "1qaz@wsx", "!qaz2wsx", "!qaz@wsx", "a1b2c3d", "aa", "abc", "abcd",
	"admin", "administrator", "asdf", "changeme", "china", "diaoxiao", "guest", "huawei", "iloveyou", "manager",
	"neimenggu", "p@ssw0rd", "p@ssword", "passw0rd", "password", "q1w2e3r", "qaz", "qazwsx", "qwe", "qwer", "qwerty",
	"root", "scjg", "system", "test", "user", "welcome", "woaini", "zaq12wsx",
}

// Weak returns why a password will not do for a login name, as a sentence in Chinese that does not repeat the password,
// or "". minLength is in characters (code points). Three of the four kinds 大写字母、小写字母、数字、符号 are asked for (GB/T
// 22239-2019, 8.1.4.1 demands complexity); whatever is not ASCII counts as 符号, so 汉字 do. Letters are compared without
// regard to case.
func Weak(password, name string, minLength int) string {
	folded, name := strings.ToLower(password), strings.ToLower(name)
	length := utf8.RuneCountInString(password)
	switch {
	case length < minLength:
		return fmt.Sprintf("密码至少 %d 个字符，现为 %d 个", minLength, length)
	case len(password) > MaxPassword:
		return fmt.Sprintf("密码太长，最多 %d 个字符（一个汉字按三个计）", MaxPassword)
	case kinds(password) < 3:
		return "密码要有大写字母、小写字母、数字、符号四类中的至少三类"
	case name != "" && (strings.Contains(folded, name) || strings.Contains(folded, reverse(name))):
		return "密码不能含有登录名，倒写也不行"
	case sameInRow(folded) >= 4:
		return "密码不能有 4 个以上相同的字符连在一起"
	case longestRun(folded) >= 5:
		return "密码不能有 5 个以上连续的数字或字母，如 12345、edcba"
	case isNotorious(folded):
		return "这个密码太常见，容易被猜中，请换一个"
	}
	return ""
}

// kinds counts which of the four classes of characters occur.
func kinds(s string) int {
	var seen [4]bool
	for _, r := range s {
		switch {
		case 'A' <= r && r <= 'Z':
			seen[0] = true
		case 'a' <= r && r <= 'z':
			seen[1] = true
		case '0' <= r && r <= '9':
			seen[2] = true
		default:
			seen[3] = true
		}
	}
	n := 0
	for _, s := range seen {
		if s {
			n++
		}
	}
	return n
}

func reverse(s string) string {
	runes := []rune(s)
	slices.Reverse(runes)
	return string(runes)
}

// sameInRow is the length of the longest stretch of one character.
func sameInRow(s string) int { return longest(s, func(a, b rune) bool { return a == b }) }

// longestRun is the length of the longest stretch of digits or of letters that ascends or descends by one each.
func longestRun(s string) int {
	up := longest(s, func(a, b rune) bool { return b == a+1 && isPlain(a) && isPlain(b) })
	down := longest(s, func(a, b rune) bool { return b == a-1 && isPlain(a) && isPlain(b) })
	return max(up, down)
}

// longest is the length of the longest stretch in which each character follows on the one before.
func longest(s string, follows func(a, b rune) bool) int {
	best, n, last := 0, 0, rune(-1)
	for _, r := range s {
		if n > 0 && follows(last, r) {
			n++
		} else {
			n = 1
		}
		best, last = max(best, n), r
	}
	return best
}

func isLetter(r rune) bool { return 'a' <= r && r <= 'z' }
func isPlain(r rune) bool  { return isLetter(r) || '0' <= r && r <= '9' }

// isNotorious looks up what is left of a password without the digits and symbols at its end.
func isNotorious(folded string) bool {
	return slices.Contains(notorious, strings.TrimRightFunc(folded, func(r rune) bool { return !isLetter(r) }))
}
