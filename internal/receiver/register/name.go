package register

import (
	"slices"
	"strings"

	"diaoxiao/internal/rules"
)

// sameName compares the legal representative that was sent with the register's. Harmless are the width of letters and
// their case, blanks and dots in a name, a title, a label or a remark beside it, and rare characters with other numbers
// of Unicode. A firm that is a partner may be named, or the person that it has sent, or both. Everything else differs;
// so does a name that is masked or has lost a character, even where the register has the same.
func sameName(sent, has string) bool {
	if sent == has {
		return sent != "" && !rules.IsHiddenName(sent)
	}
	if name := bare(sent); name == bare(has) {
		return name != "" && !rules.IsHiddenName(sent)
	}
	all := namesIn(has)
	mine := namesIn(sent)
	for _, one := range mine {
		if !one.isOneOf(all) {
			return false
		}
	}
	return len(mine) > 0
}

// bare is a name without the marks within.
func bare(s string) string { return dropMarks.Replace(rules.FoldName(s)) }

var dropMarks = strings.NewReplacer(
	"·", "", "-", "", "。", "", "'", "", "`", "", "’", "", "‘", "", `"`, "", ",", "", "、", "",
)

// name is one person or firm with the other names that the text gives it.
type name []string

func (n name) isOneOf(all []name) bool {
	for _, other := range all {
		if n.fits(other) {
			return true
		}
	}
	return false
}

// fits: where both texts give two names, such as a firm and the person that it has sent, both must be the same.
func (n name) fits(other name) bool {
	same := 0
	for _, one := range n {
		if slices.Contains(other, one) && !rules.IsHiddenName(one) {
			same++
		}
	}
	return same > 0 && same >= min(len(n), len(other))
}

// namesIn are the names in a text: several partners may be in one.
func namesIn(text string) (names []name) {
	folded := rules.FoldName(text)
	for _, piece := range strings.FieldsFunc(foldBrackets.Replace(folded), isBetweenNames) {
		if n := readName(piece); len(n) > 0 {
			names = append(names, n)
		}
	}
	return names
}

func isBetweenNames(r rune) bool {
	switch r {
	case '、', ',', ';', '/', '|', '\\':
		return true
	}
	return false
}

var foldBrackets = strings.NewReplacer("【", "(", "】", ")", "[", "(", "]", ")", "〔", "(", "〕", ")", "〈", "(", "〉", ")",
	"《", "(", "》", ")", "{", "(", "}", ")", "<", "(", ">", ")", "：", ":")
