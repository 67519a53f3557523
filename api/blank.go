package api

import (
	"unicode"
	"unicode/utf8"
)

// Blank reports whether s is empty in the sense of codes 14000–14008: nothing but Unicode white space and
// default-ignorable characters (S9). s must be valid UTF-8.
func Blank[S string | []byte](s S) bool {
	if len(s) > 0 && s[0] > ' ' && s[0] < utf8.RuneSelf && s[0] != 0x7f {
		return false
	}
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRune([]byte(s[i:min(i+utf8.UTFMax, len(s))]))
		if !unicode.IsSpace(r) && !ignorable(r) {
			return false
		}
		i += n
	}
	return true
}

// ignorable follows the derivation of Default_Ignorable_Code_Point in Unicode's DerivedCoreProperties.txt.
func ignorable(r rune) bool {
	if r < 0xAD {
		return false
	}
	if unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) {
		return true
	}
	visible := r >= 0xFFF9 && r <= 0xFFFB || r >= 0x13430 && r <= 0x13440 ||
		unicode.Is(unicode.Prepended_Concatenation_Mark, r)
	return unicode.Is(unicode.Cf, r) && !visible
}
