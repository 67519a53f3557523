package rules

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// DetailSame is the detail of a finding of TwiceByCreditCode, TwiceByPripID, OtherCaseByCreditCode or
// OtherCaseByPripID: value, the code as this row has it, stands also at place (PlaceInList, PlaceInCase).
func DetailSame(value, place string) string { return show(value) + "，与" + place + "相同" }

// DetailOtherCreditCode is the detail of a finding of PripIDOtherCreditCode: own is this row's credit code, other the one
// that the row at place has with the same pripid. It names the positions at which the two differ.
func DetailOtherCreditCode(own, other, place string) string {
	return "本条" + show(own) + "，" + place + "为" + show(other) + difference(own, other)
}

// PlaceInList names a row of the same list to people, who count from one; pos is zero-based.
func PlaceInList(pos int) string { return "清单第" + strconv.Itoa(pos+1) + "条" }

// PlaceInCase names a row of another case; pos is zero-based.
func PlaceInCase(caseID, acceptID string, pos int) string {
	return "案件" + show(caseID) + "（受理号" + acceptID + "）" + PlaceInList(pos)
}

// showLimit is the number of characters of a value that a detail quotes.
const showLimit = 40

// show quotes a value: personal ID numbers masked, what cannot be printed as □, long values cut.
func show(s string) string {
	s = maskedCode(s)
	if utf8.RuneCountInString(s) > showLimit {
		s = string([]rune(s)[:showLimit]) + "…"
	}
	return "“" + s + "”"
}

// maskedCode returns a code as it may stand in a detail: personal ID numbers masked, what cannot be printed as □.
func maskedCode(code string) string { return strings.Map(printable, MaskPersonIDs(code)) }

func printable(r rune) rune {
	if r == ' ' || unicode.IsGraphic(r) && !isBlank(r) {
		return r
	}
	return '□'
}

// maskName keeps the first character of a person's name.
func maskName(name string) string {
	_, size := utf8.DecodeRuneInString(name)
	return name[:size] + strings.Repeat("*", utf8.RuneCountInString(name[size:]))
}

// difference names the positions at which two values of one length differ; of other values there is nothing to say.
func difference(a, b string) string {
	ra, rb := []rune(FoldCode(a)), []rune(FoldCode(b))
	if len(ra) != len(rb) {
		return ""
	}
	var positions []string
	for i := range ra {
		if ra[i] != rb[i] {
			positions = append(positions, strconv.Itoa(i+1))
		}
	}
	if len(positions) == 0 {
		return ""
	}
	return "，第" + strings.Join(positions, "、") + "位不同"
}

// strangeForms names what FoldCode changes in s.
func strangeForms(s string) string {
	var full, lower, blank, hyphen, invisible bool
	for _, r := range s {
		full = full || r != HalfWidth(r) || r == '\u3000'
		lower = lower || 'a' <= HalfWidth(r) && HalfWidth(r) <= 'z'
		hyphen = hyphen || isHyphen(HalfWidth(r))
		blank = blank || unicode.IsSpace(r)
		invisible = invisible || isBlank(r) && !unicode.IsSpace(r)
	}
	var forms []string
	for _, f := range []struct {
		is   bool
		name string
	}{{full, "全角字符"}, {lower, "小写字母"}, {blank, "空白"}, {hyphen, "连字符"}, {invisible, "不可见字符"}} {
		if f.is {
			forms = append(forms, f.name)
		}
	}
	return strings.Join(forms, "、")
}

// oddCharacters names the characters of s that no known shape of pripid has.
func oddCharacters(s string) string {
	var odd charList
	pos := 0
	for _, r := range s {
		if pos++; r >= 0x80 || !isPlainPripID(string(r)) {
			odd.add(pos, r, "")
		}
	}
	return odd.String()
}

// charList collects characters with their positions, counted from one. The first five are named, the rest counted.
type charList struct {
	n    int
	text []string
}

func (l *charList) add(pos int, r rune, note string) {
	if l.n++; l.n <= 5 {
		l.text = append(l.text, fmt.Sprintf("第%d位%s%s", pos, showRune(r), note))
	}
}

func (l *charList) String() string {
	s := strings.Join(l.text, "、")
	if l.n > len(l.text) {
		s += fmt.Sprintf("等%d处", l.n)
	}
	return s
}

// showRune quotes a character; one that is not what it seems, or cannot be seen, with its number.
func showRune(r rune) string {
	switch {
	case '!' <= r && r <= '~' || isCommonHan(r):
		return "“" + string(r) + "”"
	case !unicode.IsGraphic(r) || isBlank(r) || unicode.Is(unicode.Co, r):
		return fmt.Sprintf("U+%04X", r)
	}
	return fmt.Sprintf("“%c”(U+%04X)", r, r)
}
