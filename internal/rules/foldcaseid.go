package rules

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// FoldCaseID returns the form in which caseids are compared where the question is whether two of them are one decision:
// Unicode compatibility form (NFKC: full width, radicals and compatibility ideographs), white space, line breaks and
// invisible characters dropped, every shape of bracket as ( or ), every hyphen and dash as -, quotes and full stops
// dropped, the traditional characters of such numbers as simplified, letters of other scripts as the Latin ones they
// look like, small letters as capitals, since systems that do and that do not mind letter case write the same number. A
// hyphen stays, unlike in FoldCode: 1-12 is not 11-2. A text of nothing but what is dropped is returned as it is.
// Folding twice gives the same. A value that needs no change is returned without allocation. It is never stored in
// place of what was sent (S15), and (app, caseid) as sent stays the key of a case (S17).
func FoldCaseID(s string) string {
	if foldedCaseID(s) {
		return s
	}
	folded := s
	// As in FoldName: dropping a character can bring two others together that NFKC composes.
	for range 8 {
		t := strings.Map(foldCaseIDRune, norm.NFKC.String(strings.Map(foldCaseIDRune, folded)))
		if t == folded {
			break
		}
		folded = t
	}
	if folded == "" {
		return s
	}
	return folded
}

// foldedCaseID reports cheaply that FoldCaseID has nothing to change; false means "perhaps".
func foldedCaseID(s string) bool {
	for _, r := range s {
		if !isCommonHan(r) &&
			(r <= ' ' || r >= 0x7f || 'a' <= r && r <= 'z' || strings.ContainsRune("[]{}<>\"'~`", r)) {
			return false
		}
		if isCommonHan(r) && simplified(r) != r {
			return false
		}
	}
	return true
}

func foldCaseIDRune(r rune) rune {
	r = simplified(HalfWidth(r))
	switch {
	case isQuote(r), r == '。', r == '\u2800':
		return -1
	case r == '«' || r == '‹':
		return '('
	case r == '»' || r == '›':
		return ')'
	case r == '<' || unicode.Is(unicode.Ps, r):
		return '('
	case r == '>' || unicode.Is(unicode.Pe, r):
		return ')'
	case isHyphen(r), r == '~', r == 'ー', r == '〜':
		return '-'
	case isBlank(r):
		return -1
	}
	return latinLookAlike(unicode.ToUpper(r))
}

func isQuote(r rune) bool { return strings.ContainsRune("\"'`´‘’“”‚„′″＂", r) }

// simplified is the simplified form of the traditional characters that numbers of decisions are written with.
func simplified(r rune) rune {
	const traditional, plain = "號罰處監決書場關質檢", "号罚处监决书场关质检"
	if i := strings.IndexRune(traditional, r); i >= 0 {
		r, _ = utf8.DecodeRuneInString(plain[i:])
	}
	return r
}

// latinLookAlike is the Latin letter that a Cyrillic or Greek capital looks like.
func latinLookAlike(r rune) rune {
	if r < 0x370 || r > 0x42f {
		return r
	}
	const other, latin = "АВЕКМНОРСТХІЅЈΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEKMHOPCTXISJABEZHIKMNOPTYX"
	for i, c := range []rune(other) {
		if c == r {
			return rune(latin[i])
		}
	}
	return r
}
