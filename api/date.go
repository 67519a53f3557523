package api

import "time"

// isDate reports whether text is a real calendar day written yyyy-MM-dd in ASCII digits (S14).
func isDate(text []byte) bool {
	if len(text) != len(time.DateOnly) {
		return false
	}
	for i, c := range text {
		if dash := i == 4 || i == 7; dash != (c == '-') || !dash && (c < '0' || c > '9') {
			return false
		}
	}
	_, err := time.Parse(time.DateOnly, string(text))
	return err == nil
}
