package sheet

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"time"

	"diaoxiao/internal/rules"
)

// date writes a day as the document asks for where it is said without doubt. Anything else stays and is refused later.
func (v *values) date(b []byte, at Place) []byte {
	if _, err := time.Parse(time.DateOnly, string(b)); err == nil {
		return b
	}
	bare := strings.TrimFunc(string(b), isOutOfSight)
	day, ok := dayOfText(bare)
	if !ok {
		return b
	}
	out := day.AppendFormat(nil, time.DateOnly)
	switch {
	case string(out) != bare:
		v.remark(penaltyDate, at, fmt.Sprintf("日期“%s”已写成 %s%s", bare, out, sameBelow), "")
	case !bytes.Equal(out, b):
		v.remark(penaltyDate, at, "日期前后的空白或不可见字符（"+outOfSight(string(b))+"）已去掉"+sameBelow, "")
	}
	return out
}

// dayForms are how a day is written; midnight is what may stand behind it: of no zone, or of Beijing.
var (
	dayForms = []string{"2006/1/2", "2006-1-2", "2006.1.2", "2006年1月2日", "20060102"}
	midnight = regexp.MustCompile(`^(.*\d日?)(?:\s+|T)0?0:00(?::00(?:\.0+)?(?:\+08:?00)?)?$`)
	afterDay = regexp.MustCompile(`^(.*日)0?0:00(?::00)?$`)
	inDay    = regexp.MustCompile(`\s*([-/.年月日])\s*`)
)

// maxDay bounds what is looked at as a day, in bytes.
const maxDay = 120

// dayOfText is the day that a text says, false where that is in doubt.
func dayOfText(text string) (time.Time, bool) {
	if len(text) > maxDay {
		return time.Time{}, false
	}
	text = strings.Map(halfWidth, text)
	if m := midnight.FindStringSubmatch(text); m != nil {
		text = m[1]
	} else if m := afterDay.FindStringSubmatch(text); m != nil {
		text = m[1]
	}
	text = inDay.ReplaceAllString(text, "$1")
	for _, form := range dayForms {
		if day, err := time.Parse(form, text); err == nil {
			return day, true
		}
	}
	return time.Time{}, false
}

// halfWidth is the character that a date has in place of one that looks alike: full-width forms, blanks and dashes.
func halfWidth(r rune) rune {
	switch {
	case r == '\u3000' || r == '\u00a0':
		return ' '
	case r >= '\u2010' && r <= '\u2015' || r == '\u2212':
		return '-'
	}
	return rules.HalfWidth(r)
}
