package charset

import (
	"unicode"
	"unicode/utf8"
)

// UTF8Evidence looks at a body that is declared in GBK or GB18030, piece by piece, for whether it is UTF-8 all the same
// (S11). Nearly every UTF-8 text with an even run of Chinese is valid GBK as well, and would be kept as other
// characters. The zero value is ready.
//
// GBK text of a few characters can be valid UTF-8 by chance, as 毛伟 is, so two-byte characters prove nothing but within
// a Latin word: nobody writes a single Chinese character between two letters, as A路B, for which UTF-8 has the name dot,
// A·B. In characters of three or four bytes, with nothing else in the whole body that is not UTF-8, Chinese is never by
// chance.
type UTF8Evidence struct {
	cut    [utf8.UTFMax]byte // the beginning of a character that goes on in the next piece
	cutLen int
	broken bool // no UTF-8
	wide   bool // a character of three or four bytes was seen
	pairs  int  // characters of two bytes
	inWord int  // those of them within a Latin word
	last   rune // the character before, 0 at the beginning
	half   bool // last is of two bytes, in a Latin word if a letter follows
}

// Write looks at the next piece. It never fails.
func (e *UTF8Evidence) Write(p []byte) (int, error) {
	n := len(p)
	for e.cutLen > 0 && len(p) > 0 && !e.broken {
		e.cut[e.cutLen] = p[0]
		e.cutLen++
		p = p[1:]
		if whole := e.cut[:e.cutLen]; utf8.FullRune(whole) {
			e.cutLen = 0
			e.look(whole)
		}
	}
	for len(p) > 0 && !e.broken {
		if !utf8.FullRune(p) {
			e.cutLen = copy(e.cut[:], p)
			break
		}
		p = p[e.look(p):]
	}
	return n, nil
}

// look takes the first character of p and returns its length.
func (e *UTF8Evidence) look(p []byte) int {
	if p[0] < utf8.RuneSelf && !e.half {
		e.last = rune(p[0])
		return 1
	}
	r, n := utf8.DecodeRune(p)
	if r == utf8.RuneError && n == 1 {
		e.broken = true
		return n
	}
	if e.half && isASCIILetter(r) {
		e.inWord++
	}
	e.half = n == 2 && isASCIILetter(e.last) && (r == '·' || unicode.Is(unicode.Latin, r))
	if n == 2 {
		e.pairs++
	}
	e.wide = e.wide || n > 2
	e.last = r
	return n
}

// Found reports whether the body that was seen, to its end, is UTF-8.
func (e *UTF8Evidence) Found() bool {
	return !e.broken && e.cutLen == 0 && (e.wide || e.pairs > 0 && e.pairs == e.inWord)
}

func isASCIILetter(r rune) bool { return 'a' <= r|0x20 && r|0x20 <= 'z' }
