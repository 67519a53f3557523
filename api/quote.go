package api

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// maxQuoted bounds the characters of a value that a message quotes.
const maxQuoted = 40

// actual is a problem with the value of a short member, such as a day, which it quotes: what cannot be seen is written
// U+XXXX, what is long is cut, and what may be the number of a person is masked, for rows are shifted at times.
func actual(code Code, field string, text []byte) *Problem {
	return &Problem{Code: code, Field: field, Detail: "实为", Quote: quoted(text)}
}

// blankDetail says of what an empty value is made, where it is not of blanks that anybody would see.
func blankDetail(text []byte) string {
	if strings.Trim(string(text), " ") == "" {
		return ""
	}
	return "只有看不见的字符“" + quoted(text) + "”"
}

var digitRun = regexp.MustCompile(`[0-9]+[Xx]?`)

// maskPersonNumber masks a run of digits that is written like the number of a person: 18 with a day of birth in it, or
// 15 of the first generation. A longer run is a code of another kind, or cannot be told from one.
func maskPersonNumber(n string) string {
	born := ""
	switch len(n) {
	case 18:
		born = n[6:14]
	case 15:
		born = "19" + n[6:12]
	}
	if day, err := time.Parse("20060102", born); err != nil || day.Year() < 1800 || day.Year() > 2099 {
		return n
	}
	return n[:3] + strings.Repeat("*", len(n)-5) + n[len(n)-2:]
}

func quoted(text []byte) string {
	s := string(text[:min(len(text), utf8.UTFMax*(maxQuoted+1))])
	s = digitRun.ReplaceAllStringFunc(s, maskPersonNumber)
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n++; n > maxQuoted {
			return b.String() + "…"
		}
		if r != '\ufffd' && unicode.IsPrint(r) && !ignorable(r) && (r == ' ' && n > 1 || !unicode.IsSpace(r)) {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "U+%04X", r)
		}
	}
	if out, ok := strings.CutSuffix(b.String(), " "); ok {
		return out + "U+0020"
	}
	return b.String()
}
