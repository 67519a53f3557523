// Package iso7064 computes check characters of ISO 7064 (GB/T 17710).
package iso7064

// Mod11_10 returns the check digit that MOD 11,10 gives to a string of digits: p starts at 10; for each digit
// p = (p + d) mod 10, where 0 counts as 10, then p = 2p mod 11; the check digit is (11 - p) mod 10. It notices every
// change of a single digit. It returns 0 (no character) for an empty string or one with anything but 0-9.
func Mod11_10(digits string) byte {
	p := 10
	for i := 0; i < len(digits); i++ {
		if digits[i] < '0' || digits[i] > '9' {
			return 0
		}
		if p = (p + int(digits[i]-'0')) % 10; p == 0 {
			p = 10
		}
		p = 2 * p % 11
	}
	if digits == "" {
		return 0
	}
	return byte('0' + (11-p)%10)
}
