package display

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// Width is what text for people is kept within.
const Width = 80

// Columns is how many columns of a terminal s takes: a Chinese character takes two, a combining mark none.
func Columns(s string) (n int) {
	for _, r := range s {
		n += runeColumns(r)
	}
	return n
}

func runeColumns(r rune) int {
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// Pad fills s with blanks up to n columns.
func Pad(s string, n int) string { return s + strings.Repeat(" ", max(0, n-Columns(s))) }

// Shorten leaves out the middle of a line that is longer than n columns and says how much.
func Shorten(s string, n int) string {
	if Columns(s) <= n {
		return s
	}
	rs := []rune(s)
	left, right := 0, len(rs)
	room := n - Columns("……〔略00000字〕……")
	for used := 0; left < right && used < room*2/3; left++ {
		used += runeColumns(rs[left])
	}
	for used := 0; right > left && used < room/3-1; right-- {
		used += runeColumns(rs[right-1])
	}
	return fmt.Sprintf("%s……〔略%d字〕……%s", string(rs[:left]), right-left, string(rs[right:]))
}

// Characters that a line of Chinese text does not begin or end with.
const (
	notFirst = "，。、；：？！）〕》」』】”’…,.;:?!)]}%"
	notLast  = "（〔《「『【“‘([{"
)

// Wrap breaks s into lines of at most n columns: after any Chinese character, but not within a word or number and not
// before closing punctuation.
func Wrap(s string, n int) (lines []string) {
	for paragraph := range strings.SplitSeq(s, "\n") {
		line, used := "", 0
		for _, p := range pieces(paragraph) {
			if w := Columns(p); used > 0 && used+Columns(strings.TrimRight(p, " ")) > n {
				lines = append(lines, strings.TrimRight(line, " "))
				line, used = p, w
			} else {
				line, used = line+p, used+w
			}
		}
		lines = append(lines, strings.TrimRight(line, " "))
	}
	return lines
}

// pieces cuts a paragraph where a line may end.
func pieces(s string) (ps []string) {
	rs := []rune(s)
	from := 0
	for i := 1; i <= len(rs); i++ {
		if i == len(rs) || mayBreak(rs[i-1], rs[i]) {
			ps = append(ps, string(rs[from:i]))
			from = i
		}
	}
	return ps
}

// mayBreak reports whether a line may end between a and b.
func mayBreak(a, b rune) bool {
	switch {
	case b == ' ' || strings.ContainsRune(notFirst, b) || strings.ContainsRune(notLast, a):
		return false
	case a == ' ':
		return true
	}
	return runeColumns(a) == 2 || runeColumns(b) == 2
}
