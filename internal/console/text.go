package console

import (
	"encoding/hex"
	"html/template"
	"strings"
	"time"

	"diaoxiao/internal/intake"
)

// functions are what templates may call.
func (s *console) functions() template.FuncMap {
	return template.FuncMap{
		"link":    func(path string) string { return s.Prefix + path },
		"time":    clock,
		"day":     func(t time.Time) string { return t.In(intake.Beijing).Format(time.DateOnly) },
		"plain":   plain,
		"prose":   prose,
		"mask":    mask,
		"outcome": outcome,
		"count":   count[int],
		"count64": count[int64],
		"hash":    func(t intake.TokenHash) string { return hex.EncodeToString(t[:]) },
		"hex":     func(b []byte) string { return hex.EncodeToString(b) },
	}
}

// clock is a time in Beijing, "" for none.
func clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(intake.Beijing).Format(time.DateTime)
}

// count writes a number in groups of three.
func count[T int | int64](n T) string {
	s := []byte{}
	for i, neg := 0, n < 0; ; i++ {
		d := n % 10
		if neg {
			d = -d
		}
		if i > 0 && i%3 == 0 {
			s = append(s, ',')
		}
		s = append(s, '0'+byte(d))
		if n /= 10; n == 0 {
			if neg {
				s = append(s, '-')
			}
			break
		}
	}
	for i, j := 0, len(s)-1; i < j; i, j = i+1, j-1 {
		s[i], s[j] = s[j], s[i]
	}
	return string(s)
}

// mask keeps the first code point of a name and puts a star for each further one, as names are shown in lists: 张* for 张三. A
// Mongolian name has no family name and is masked alike.
func mask(name string) string {
	rs := []rune(strings.TrimSpace(name))
	if len(rs) == 0 {
		return ""
	}
	return string(rs[0]) + strings.Repeat("*", len(rs)-1)
}

// outcome is how a receive call ended, in words.
func outcome(o intake.Outcome) string {
	switch o {
	case intake.Accepted:
		return "受理"
	case intake.Repeated:
		return "重复报送，答复原受理号"
	case intake.Refused:
		return "拒绝"
	}
	return string(o)
}
