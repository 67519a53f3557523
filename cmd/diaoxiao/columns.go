package main

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// screenWidth is what text for people is kept within.
const screenWidth = 80

// columns is how many columns of a terminal s takes: a Chinese character takes two, a combining mark none.
func columns(s string) (n int) {
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

// pad fills s with blanks up to n columns.
func pad(s string, n int) string { return s + strings.Repeat(" ", max(0, n-columns(s))) }

// printable is s as it may be shown on a terminal: what a sender put into a value must not be able to steer it, nor to hide
// characters in it.
func printable(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if !strings.ContainsFunc(s, isHidden) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if isHidden(r) {
			fmt.Fprintf(&b, `\u%04x`, r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// isHidden: characters of private use stay, rare names are written with them.
func isHidden(r rune) bool { return !unicode.IsGraphic(r) && !unicode.Is(unicode.Co, r) }

// shorten leaves out the middle of a line that is longer than n columns and says how much.
func shorten(s string, n int) string {
	if columns(s) <= n {
		return s
	}
	rs := []rune(s)
	left, right := 0, len(rs)
	room := n - columns("……〔略00000字〕……")
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

// wrap breaks s into lines of at most n columns: after any Chinese character, but not within a word or number and not
// before closing punctuation.
func wrap(s string, n int) (lines []string) {
	for paragraph := range strings.SplitSeq(s, "\n") {
		line, used := "", 0
		for _, p := range pieces(paragraph) {
			if w := columns(p); used > 0 && used+columns(strings.TrimRight(p, " ")) > n {
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

// thousands writes a number with commas: 1,254.
func thousands[T int | int64](n T) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
