package rules

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// FoldCode returns the form in which codes (credit code, registration number, pripid) are searched and compared:
// full-width characters as ASCII, a-z as A-Z, white space, hyphens, control and invisible characters dropped. Nothing
// else changes; invalid UTF-8 becomes U+FFFD. Folding twice gives the same. A value that needs no change is returned as
// it is, without allocation. It is never stored in place of what was sent (S15).
func FoldCode(s string) string {
	if foldedCode(s) {
		return s
	}
	return strings.Map(foldCodeRune, s)
}

// foldedCode reports cheaply that FoldCode has nothing to change; false means "perhaps".
func foldedCode(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c <= ' ' || c >= 0x7f || c == '-' || 'a' <= c && c <= 'z' {
			return false
		}
	}
	return true
}

func foldCodeRune(r rune) rune {
	r = HalfWidth(r)
	switch {
	case 'a' <= r && r <= 'z':
		return r - 'a' + 'A'
	case isHyphen(r) || isBlank(r):
		return -1
	}
	return r
}

// FoldName returns the form in which names of people are searched and compared: Unicode compatibility form (NFKC: full
// width, radicals and compatibility ideographs that come out of PDF files), white space and invisible characters
// dropped, rare ideographs that GBK had no number of Unicode for as the ideographs that they are, and every dot that
// stands between the parts of a Mongolian or Uygur name as U+00B7. Letter case stays.
// Folding twice gives the same. A value that needs no change is returned as it is, without allocation.
func FoldName(s string) string {
	if foldedName(s) {
		return s
	}
	// Dropping a character can bring two others together that NFKC composes, so fold until it stays. Each round after
	// the first makes the text shorter; the bound only guards against a surprise in the tables.
	for range 8 {
		t := strings.Map(foldNameRune, norm.NFKC.String(strings.Map(foldNameRune, s)))
		if t == s {
			break
		}
		s = t
	}
	return s
}

// foldedName reports cheaply that FoldName has nothing to change; false means "perhaps".
func foldedName(s string) bool {
	for _, r := range s {
		if !isCommonHan(r) && r != '·' && (r <= ' ' || r >= 0x7f || r == '.') {
			return false
		}
	}
	return true
}

func foldNameRune(r rune) rune {
	switch r = HalfWidth(r); {
	case isNameDot(r):
		return '·'
	case isBlank(r):
		return -1
	case firstRare <= r && r < firstRare+rune(len(rareIdeographs)):
		return rareIdeographs[r-firstRare]
	}
	return r
}

// isNameDot: the dots seen between the parts of one name, from keyboards, Japanese fonts and plain ASCII.
func isNameDot(r rune) bool {
	switch r {
	case '·', '\u2022', '\u30fb', '\uff65', '\u2027', '\u2219', '\u22c5', '.', '\u02d9', '\u16eb', '\u2e31', '\u2e33',
		'\ua78f':
		return true
	}
	return false
}

// HalfWidth maps U+FF01-U+FF5E, the full-width copies of ASCII, to ASCII, and leaves every other character as it is.
func HalfWidth(r rune) rune {
	if 0xff01 <= r && r <= 0xff5e {
		return r - 0xff01 + '!'
	}
	return r
}

func isHyphen(r rune) bool {
	switch r {
	case '-', '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2015', '\u2212', '\ufe58', '\ufe63':
		return true
	}
	return false
}

// isBlank: white space, control and default-ignorable characters, all that a reader cannot see.
func isBlank(r rune) bool {
	if '!' <= r && r <= '~' || isCommonHan(r) {
		return false
	}
	return unicode.In(r, unicode.White_Space, unicode.Z, unicode.Cc, unicode.Cf,
		unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// isCommonHan: ideographs that no normalisation touches: the main block, extension A and the supplementary planes
// without the compatibility ideographs.
func isCommonHan(r rune) bool {
	return 0x4e00 <= r && r <= 0x9fff || 0x3400 <= r && r <= 0x4dbf || 0x20000 <= r && r < 0x2f800 ||
		0x30000 <= r && r <= 0x323af
}
