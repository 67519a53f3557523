package rules

import (
	"encoding/base64"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// escapeForms are spellings of a character by its number that a format should have turned back into it.
var escapeForms = []struct {
	mark string // one of its bytes must be there
	form *regexp.Regexp
	name string
}{
	{"&", regexp.MustCompile(`&(#[0-9]{2,7}|#[xX][0-9A-Fa-f]{2,6}|[A-Za-z][A-Za-z0-9]{1,9});`), "含网页字符转义"},
	{`\`, regexp.MustCompile(`\\(u\{?[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|x[0-9A-Fa-f]{2}|[rnt0]$|[rn])`), "含程序字符转义"},
	{"%", regexp.MustCompile(`(%[0-9A-Fa-f]{2}){2}|%u[0-9A-Fa-f]{4}|%20`), "含网址转义"},
	{"=", regexp.MustCompile(`(=[0-9A-F]{2}){2}|=\?[A-Za-z0-9-]+\?[BQbq]\?`), "含邮件转义"},
	{"_", regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`), "含工作簿字符转义"},
	{"U", regexp.MustCompile(`U\+[0-9A-F]{4,6}`), "含字符编号"},
	{"<", regexp.MustCompile(`</?[A-Za-z][^>]*>|<!\[CDATA\[|<!--`), "含网页标记"},
	{"x", regexp.MustCompile(`\bxn--[a-z0-9]`), "是域名转义"},
}

// escapes names what a text has of other formats, "" where it has nothing.
func escapes(s string) string {
	for _, e := range escapeForms {
		if strings.Contains(s, e.mark) && e.form.MatchString(s) {
			return e.name
		}
	}
	if isBase64(s) {
		return "是Base64编码"
	}
	return ""
}

// isBase64: letters and digits that decode to Chinese, as no word does.
func isBase64(s string) bool {
	if len(s) < 8 || strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") != "" {
		return false
	}
	b, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(s, "="))
	return err == nil && utf8.Valid(b) && isPlainChinese(string(b)) &&
		!strings.ContainsFunc(string(b), func(r rune) bool { return r < ' ' })
}

// strangeScripts are those that no name in the register is written in, with their names. Of the country's own,
// Mongolian, Tibetan, Arabic, Yi, Tai, Lisu, Miao and Hangul of Yanbian's people, the register takes names in Chinese;
// but their letters are letters of people here.
var strangeScripts = []struct {
	table *unicode.RangeTable
	name  string
}{
	{unicode.Hangul, "谚文（韩文）"}, {unicode.Hiragana, "假名（日文）"}, {unicode.Katakana, "假名（日文）"}, {unicode.Bopomofo, "注音符号"},
	{unicode.Cyrillic, "西里尔字母"}, {unicode.Greek, "希腊字母"}, {unicode.Thai, "泰文"}, {unicode.Hebrew, "希伯来字母"},
	{unicode.Armenian, "亚美尼亚字母"}, {unicode.Georgian, "格鲁吉亚字母"}, {unicode.Devanagari, "天城文"}, {unicode.Bengali, "孟加拉文"},
	{unicode.Tamil, "泰米尔文"}, {unicode.Khmer, "高棉文"}, {unicode.Lao, "老挝文"}, {unicode.Ethiopic, "吉兹字母"},
	{unicode.So, "符号"}, {unicode.Sm, "符号"}, {unicode.Radical, "部首字符，不是汉字"}, {unicode.Sc, "货币符号"}, {unicode.Sk, "符号"},
}

// strangeScript names the first letter of s that no name here has, with its position. Not ok: there is none.
func strangeScript(s string) (d Detail, ok bool) {
	pos := 0
	for _, r := range s {
		pos++
		if r < 0x80 || isCommonHan(r) || isNameDot(r) || isGarbled(r) || r == '々' || r == '〆' {
			continue
		}
		if strings.ContainsRune("¡¿§¶†‡‰ªº", r) {
			var at charList
			at.add(pos, r, "")
			return at.detail("", "是符号"), true
		}
		for _, t := range strangeScripts {
			if unicode.Is(t.table, r) || t.table == unicode.So && 0x2460 <= r && r <= 0x24ff {
				var at charList
				at.add(pos, r, "")
				return at.detail("", "是"+t.name), true
			}
		}
	}
	return d, false
}
