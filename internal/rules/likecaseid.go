package rules

import (
	"fmt"
	"strings"
)

// DetailLikeCaseID is the detail of a finding of LikeCaseID: mine is this case's caseid, its that of the case accepted
// as acceptID. It names the characters in which the two differ, also those that cannot be seen.
func DetailLikeCaseID(mine, its, acceptID string) Detail {
	return words("本案").value(mine).words("，案件").value(its).words("（").place("受理号" + acceptID).words("）：").
		words(Differences(mine, its, "本案", "另案"))
}

// Differences names, in Chinese, the characters in which two short texts differ, the invisible ones by number and name.
// left and right are what people call the two. Positions count from one, in a.
func Differences(a, b, left, right string) string {
	hunks := differ([]rune(a), []rune(b))
	var said []string
	for _, h := range hunks[:min(len(hunks), hunksShown)] {
		said = append(said, h.text(left, right))
	}
	text := strings.Join(said, "；")
	if len(hunks) > hunksShown {
		text += fmt.Sprintf("；等%d处", len(hunks))
	}
	return text
}

// Limits of the differences that are shown: so many places, of each so many characters.
const (
	hunksShown = 5
	runesShown = 8
)

// hunk is a place where two texts differ: a has some characters, from position at on, where b has others.
type hunk struct {
	at   int
	a, b []rune
}

func (h hunk) text(left, right string) string {
	switch place := fmt.Sprintf("第%d位", h.at+1); {
	case len(h.b) == 0:
		return left + place + "多" + showRunes(h.a)
	case len(h.a) == 0:
		return right + "在" + left + place + "处多" + showRunes(h.b)
	default:
		return left + place + "为" + showRunes(h.a) + "，" + right + "为" + showRunes(h.b)
	}
}

// differ finds the fewest characters that differ. Both texts have no more than a few hundred.
func differ(a, b []rune) (hunks []hunk) {
	common := commonAfter(a, b)
	for i, j := 0, 0; i < len(a) || j < len(b); {
		if i < len(a) && j < len(b) && a[i] == b[j] {
			i, j = i+1, j+1
			continue
		}
		h := hunk{at: i}
		for (i < len(a) || j < len(b)) && (i == len(a) || j == len(b) || a[i] != b[j]) {
			if j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1] {
				h.a, i = append(h.a, a[i]), i+1
			} else {
				h.b, j = append(h.b, b[j]), j+1
			}
		}
		hunks = append(hunks, h)
	}
	return hunks
}

// commonAfter is the length of the longest common subsequence of a[i:] and b[j:].
func commonAfter(a, b []rune) [][]int16 {
	n := make([][]int16, len(a)+1)
	n[len(a)] = make([]int16, len(b)+1)
	for i := len(a) - 1; i >= 0; i-- {
		n[i] = make([]int16, len(b)+1)
		for j := len(b) - 1; j >= 0; j-- {
			if n[i][j] = max(n[i+1][j], n[i][j+1]); a[i] == b[j] {
				n[i][j] = n[i+1][j+1] + 1
			}
		}
	}
	return n
}

func showRunes(rs []rune) string {
	var said []string
	for i := 0; i < len(rs) && len(said) < runesShown; {
		n := i + 1
		for n < len(rs) && rs[n] == rs[i] {
			n++
		}
		text := showRune(rs[i]) + runeNames[rs[i]]
		if n-i > 1 {
			text += fmt.Sprintf("×%d", n-i)
		}
		said, i = append(said, text), n
		if len(said) == runesShown && i < len(rs) {
			return strings.Join(said, "") + fmt.Sprintf("等%d字", len(rs))
		}
	}
	return strings.Join(said, "")
}

// runeNames are the names of characters that people have heard of and cannot see.
var runeNames = map[rune]string{
	'\t': "（制表符）", '\n': "（换行）", '\r': "（回车）", ' ': "（空格）", '\u00a0': "（不换行空格）", '\u00ad': "（软连字符）", '\u200b': "（零宽空格）",
	'\u200c': "（零宽非连接符）", '\u200d': "（零宽连接符）", '\u2028': "（换行）", '\u2029': "（换段）", '\u2060': "（零宽连接符）",
	'\u3000': "（全角空格）", '\ufeff': "（BOM）",
}

// IsLikeCaseID reports whether two caseids are written differently and may be of one decision all the same.
func IsLikeCaseID(a, b string) bool { return a != b && FoldCaseID(a) == FoldCaseID(b) }
