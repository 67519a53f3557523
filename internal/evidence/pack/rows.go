package pack

import (
	"strconv"
	"strings"
)

// Concerns says whether a step on rows of the list, such as 19,22,700-716, concerns one firm. Every step concerns all
// of them, 0, and a step on the whole case, "", concerns each.
func Concerns(firm int, rows string) bool {
	if firm == 0 || rows == "" {
		return true
	}
	for span := range strings.SplitSeq(rows, ",") {
		first, last, isSpan := strings.Cut(span, "-")
		from, err := strconv.Atoi(first)
		to := from
		if isSpan && err == nil {
			to, err = strconv.Atoi(last)
		}
		if err == nil && from <= firm && firm <= to {
			return true
		}
	}
	return false
}

// RowsOf is the rows of a step that concerns a firm as the package of that firm has them: its own number.
func RowsOf(firm int, rows string) string {
	if firm > 0 && rows != "" {
		return strconv.Itoa(firm)
	}
	return rows
}

// OnlyOf says whether a step is of one firm alone, so that what was written at it names no other one.
func OnlyOf(firm int, rows string) bool { return rows == strconv.Itoa(firm) }
