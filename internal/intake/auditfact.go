package intake

import (
	"strconv"
	"strings"
)

// fact is the value of a key in what the audit keeps as key=value, one after the other, "" where there is none.
func fact(detail, key string) string {
	for rest := detail; rest != ""; {
		name, after, found := strings.Cut(rest, "=")
		if !found {
			return ""
		}
		values, left, ok := CutFactValue(after)
		if !ok {
			word, _, _ := strings.Cut(after, " ")
			values, left = []string{word}, after[len(word):]
		}
		if strings.TrimSpace(name) == key {
			return strings.Join(values, " ")
		}
		rest = left
	}
	return ""
}

// CutFactValue reads the value that s begins with, as the audit keeps it behind key=: a word, a quoted text, or a list of quoted
// texts in brackets. Not ok: it is none of them.
func CutFactValue(s string) (values []string, rest string, ok bool) {
	if list, isList := strings.CutPrefix(s, "["); isList {
		for s = list; !strings.HasPrefix(s, "]"); s = strings.TrimPrefix(s, " ") {
			var value string
			if value, s, ok = cutQuoted(s); !ok {
				return nil, s, false
			}
			values = append(values, value)
		}
		return values, s[1:], true
	}
	if strings.HasPrefix(s, `"`) {
		value, rest, ok := cutQuoted(s)
		return []string{value}, rest, ok
	}
	word, _, _ := strings.Cut(s, " ")
	return []string{word}, s[len(word):], true
}

// cutQuoted reads the Go string that s begins with.
func cutQuoted(s string) (value, rest string, ok bool) {
	quoted, err := strconv.QuotedPrefix(s)
	if err != nil {
		return "", s, false
	}
	value, err = strconv.Unquote(quoted)
	return value, s[len(quoted):], err == nil
}
