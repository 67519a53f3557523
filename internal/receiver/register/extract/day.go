package extract

// appendDay appends the day that a text says as yyyy-MM-dd; not ok: it says none without doubt, or none that there is.
// A bare number of days is none: which day it counts from is not known.
func appendDay(to, text []byte) (_ []byte, ok bool) {
	if len(text) == len("20060102150405") {
		if _, rest, n := number(text[8:]); n == 6 && len(rest) == 0 {
			text = text[:8]
		}
	}
	y, rest, n := number(text)
	var m, d, k int
	switch {
	case n == 8:
		y, m, d = y/10000, y/100%100, y%100
	case n != 4 || len(rest) == 0:
		return to, false
	default:
		sep := separator(rest)
		if sep == "" {
			return to, false
		}
		m, rest, n = number(rest[len(sep):])
		end := map[string]string{"年": "月"}[sep]
		if end == "" {
			end = sep
		}
		if n < 1 || n > 2 || len(rest) < len(end) || string(rest[:len(end)]) != end {
			return to, false
		}
		if d, rest, k = number(rest[len(end):]); k < 1 || k > 2 {
			return to, false
		}
		if sep == "年" && len(rest) >= len("日") && string(rest[:len("日")]) == "日" {
			rest = rest[len("日"):]
		}
	}
	if !isTime(rest) || y < 1800 || m < 1 || m > 12 || d < 1 || d > daysOf(y, m) {
		return to, false
	}
	return append(to, byte('0'+y/1000), byte('0'+y/100%10), byte('0'+y/10%10), byte('0'+y%10), '-',
		byte('0'+m/10), byte('0'+m%10), '-', byte('0'+d/10), byte('0'+d%10)), true
}

func separator(b []byte) string {
	switch b[0] {
	case '-':
		return "-"
	case '/':
		return "/"
	case '.':
		return "."
	}
	if len(b) >= len("年") && string(b[:len("年")]) == "年" {
		return "年"
	}
	return ""
}

// number reads the digits at the beginning; n is how many there are, at most nine.
func number(b []byte) (value int, rest []byte, n int) {
	for n < len(b) && n < 9 && '0' <= b[n] && b[n] <= '9' {
		value = value*10 + int(b[n]-'0')
		n++
	}
	return value, b[n:], n
}

// isTime reports whether the rest of a date is nothing, or a time of day.
func isTime(b []byte) bool {
	if len(b) == 0 {
		return true
	}
	if b[0] != ' ' && b[0] != 'T' || len(b) > 32 {
		return false
	}
	colon := false
	for _, c := range b[1:] {
		colon = colon || c == ':'
		if !('0' <= c && c <= '9' || c == ':' || c == '.' || c == '+' || c == '-' || c == 'Z') {
			return false
		}
	}
	return colon
}

func daysOf(y, m int) int {
	switch m {
	case 2:
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}
