package rules

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// Mojibake returns, in Chinese, how a text shows that it was read in another charset than it was written in, or that it
// still has the escapes of another format; "" where it does not. Names of rare characters, of foreigners and of other
// scripts of the country are none. For text of common ideographs it does not allocate.
func Mojibake(s string) string {
	if s == "" || isHanText(s) && !isSuspect(s) {
		return ""
	}
	return mojibake(s)
}

// isSuspect looks at ideographs alone, and only at the first where it can.
func isSuspect(s string) bool {
	for i, r := range s {
		if i == 0 && isGBKLead(r) {
			return true
		}
		switch r {
		case '烫', '屯', '葺', '斤':
			return true
		}
	}
	return false
}

func mojibake(s string) string {
	switch {
	case isStock(s):
		return "是读错编码留下的字"
	case isUTF8AsGBK(s, 2):
		return "是UTF-8文字按GBK读出的乱码"
	case isUTF8AsLatin(s, 2):
		return "是UTF-8文字按西文读出的乱码"
	case isGBKAsLatin(s):
		return "是GBK文字按西文读出的乱码"
	}
	return escapes(s)
}

// isHanText: nothing but common ideographs, and dots between them.
func isHanText(s string) bool {
	for _, r := range s {
		if !isCommonHan(r) && r != '·' {
			return false
		}
	}
	return true
}

// isStock: what decoders put in place of what they cannot read, read once more as GBK, and what fresh memory is as GBK.
func isStock(s string) bool {
	first, size := utf8.DecodeRuneInString(s)
	if first == '烫' || first == '屯' || first == '葺' {
		return len(s) > size && strings.Trim(s, s[:size]) == "" || strings.Contains(s, "烫烫烫") ||
			strings.Contains(s, "屯屯屯")
	}
	return strings.Contains(s, "锟斤拷") || strings.Contains(s, "斤拷") || strings.Contains(s, "烫烫烫") ||
		strings.Contains(s, "屯屯屯") ||
		strings.Contains(s, "ï¿½")
}

// gbkLeads are the characters that the first two bytes of an ideograph, or of a sign beside them, in UTF-8 are in GBK:
// most names begin with none of them.
var gbkLeads = func() (set [(0x9fff - 0x4e00 + 1) / 64]uint64) {
	for _, lead := range []byte("\xe2\xe3\xe4\xe5\xe6\xe7\xe8\xe9\xef") {
		for trail := byte(0x80); trail <= 0xbf; trail++ {
			text, err := simplifiedchinese.GBK.NewDecoder().Bytes([]byte{lead, trail})
			if r, _ := utf8.DecodeRune(text); err == nil && 0x4e00 <= r && r <= 0x9fff {
				set[(r-0x4e00)/64] |= 1 << (uint(r-0x4e00) % 64)
			}
		}
	}
	return set
}()

func isGBKLead(r rune) bool {
	return 0x4e00 <= r && r <= 0x9fff && gbkLeads[(r-0x4e00)/64]&(1<<(uint(r-0x4e00)%64)) != 0
}

// mayBeUTF8AsGBK looks at the first ideograph alone.
func mayBeUTF8AsGBK(s string) bool {
	for _, r := range s {
		if r >= 0x80 {
			return isGBKLead(r) || r > 0x9fff && unicode.Is(unicode.Co, r)
		}
	}
	return false
}

// isUTF8AsGBK: the bytes of s in GBK are UTF-8 of two ideographs and more. depth is how often over.
func isUTF8AsGBK(s string, depth int) bool {
	if !mayBeUTF8AsGBK(s) {
		return false
	}
	parts := strings.FieldsFunc(s, isHole)
	found, holes := hanCount{}, len(parts) > 1 || isHole(lastRune(s))
	for i, part := range parts {
		n, ok := hanInUTF8(gbkBytes(part), i > 0)
		if !ok {
			return depth > 1 && len(parts) == 1 && isUTF8AsGBK(wholeUTF8(gbkBytes(part)), depth-1)
		}
		found.common, found.rare = found.common+n.common, found.rare+n.rare
	}
	return found.isChinese(!isGB2312(s)) && (found.all() >= 2 || holes)
}

// hanCount counts ideographs: those that GB 2312 has, and the others.
type hanCount struct{ common, rare int }

func (n hanCount) all() int { return n.common + n.rare }

// isChinese: text of these ideographs may be meant. Rare ones are in many names, 喆 and 珺 among them, but they count
// only beside a common one, and where what they were read as is odd itself.
func (n hanCount) isChinese(odd bool) bool {
	return n.common > 0 && (n.rare == 0 || odd && n.rare <= 2*n.common)
}

// isGB2312 reports whether GB 2312 has all ideographs of s.
func isGB2312(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return r >= 0x80 && unicode.Is(unicode.Han, r) && !inGB2312(r) || unicode.Is(unicode.Co, r)
	})
}

// isHole: what stands for bytes that could not be read.
func isHole(r rune) bool { return r == '?' || r == '\ufffd' || r == '□' }

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// gbkBytes are the bytes that Windows reads as s, where the euro sign is 0x80; nil if there are none.
func gbkBytes(s string) (b []byte) {
	for i, part := range strings.Split(s, "€") {
		text, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(part))
		if err != nil {
			return nil
		}
		if i > 0 {
			b = append(b, 0x80)
		}
		b = append(b, text...)
	}
	return b
}

// hanInUTF8 counts the ideographs of UTF-8 whose last character may be cut, and, behind a hole, the first; ok is false
// for what is no Chinese in UTF-8.
func hanInUTF8(b []byte, behindHole bool) (han hanCount, ok bool) {
	for skip := 0; behindHole && skip < 2 && len(b) > 0 && !utf8.RuneStart(b[0]); skip++ {
		b = b[1:]
	}
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && size == 1:
			return han, !utf8.FullRune(b) && utf8.RuneStart(b[0])
		case unicode.Is(unicode.Han, r) && inGB2312(r):
			han.common++
		case unicode.Is(unicode.Han, r):
			han.rare++
		case !isChinesePunctuation(r):
			return han, false
		}
		b = b[size:]
	}
	return han, true
}

func isChinesePunctuation(r rune) bool {
	return r < 0x80 || r == '·' || 0x3000 <= r && r <= 0x303f || 0xff00 <= r && r <= 0xff5e ||
		0x2010 <= r && r <= 0x203b
}

// wholeUTF8 is b without a last character that was cut, "" if it is no UTF-8.
func wholeUTF8(b []byte) string {
	for n := len(b); n > 0 && n > len(b)-utf8.UTFMax; n-- {
		if utf8.Valid(b[:n]) {
			return string(b[:n])
		}
	}
	return ""
}

// isPlainChinese: two ideographs and more, each of the characters that GB 2312 has, and no letters but ASCII.
func isPlainChinese(s string) bool {
	han, ok := hanInUTF8([]byte(s), false)
	return ok && han.rare == 0 && han.common >= 2
}

// PlainChinese counts the ideographs of a text in UTF-8 that is nothing but Chinese; 0 is any other text. Ideographs
// that GB 2312 does not have count only where the same bytes are as odd in GBK.
func PlainChinese(b []byte) int {
	han, ok := hanInUTF8(b, false)
	if !ok || !han.isChinese(true) {
		return 0
	}
	if han.rare > 0 {
		if asGBK, err := simplifiedchinese.GBK.NewDecoder().Bytes(b); err == nil && isGB2312(string(asGBK)) {
			return 0
		}
	}
	return han.all()
}

func inGB2312(r rune) bool {
	b, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(string(r)))
	return err == nil && len(b) == 2 && b[0] >= 0xb0 && b[1] >= 0xa1
}

// isUTF8AsLatin: read as ISO 8859-1 or Windows-1252, the bytes of one ideograph are å, ä, ç and their like with two
// signs behind.
func isUTF8AsLatin(s string, depth int) bool {
	b, ok := latinBytes(s)
	if !ok {
		return false
	}
	text := wholeUTF8(b)
	if text == "" { // a no-break space, byte 0xA0, often became a plain one
		text = wholeUTF8(bytes.ReplaceAll(b, []byte(" "), []byte{0xa0}))
	}
	for _, r := range text {
		if isCommonHan(r) || unicode.Is(unicode.Han, r) {
			return true
		}
	}
	return depth > 1 && text != "" && len(text) < len(s) && isUTF8AsLatin(text, depth-1)
}

// latinBytes are the bytes that Windows-1252, or ISO 8859-1 where that has none, read as s. Five bytes Windows has no
// sign for; all five are of those that go on a character.
func latinBytes(s string) (b []byte, ok bool) {
	for _, r := range s {
		c, known := charmap.Windows1252.EncodeRune(r)
		switch {
		case isHole(r):
			b = append(b, 0x81)
		case r < 0x100:
			b = append(b, byte(r))
		case known:
			b = append(b, c)
		default:
			return nil, false
		}
		ok = ok || r >= 0x80
	}
	return b, ok
}

// isGBKAsLatin: nothing but letters and signs of ISO 8859-1 beyond ASCII, in pairs that are ideographs.
func isGBKAsLatin(s string) bool {
	signs := 0
	for _, r := range s {
		if r >= 0x80 {
			signs++
		}
	}
	b, ok := latinBytes(s)
	if !ok || signs < 2 || len(b) < 4 {
		return false
	}
	text, err := simplifiedchinese.GBK.NewDecoder().Bytes(b)
	han := hanCount{}
	for _, r := range string(text) {
		switch {
		case r >= 0x80 && isChinesePunctuation(r):
		case !unicode.Is(unicode.Han, r):
			return false
		case inGB2312(r):
			han.common++
		default:
			han.rare++
		}
	}
	return err == nil && han.isChinese(true) && han.all() >= 2
}
