package rules

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Detail is what a finding says, as the values that it is made from. Text is the sentence. The zero value says nothing.
type Detail struct {
	Parts []Part
	// At are the positions, from zero, in the folded value of the member, that the finding names: in the credit code
	// for PripIDOtherCreditCode.
	At []int
}

// Part is a piece of a detail.
type Part struct {
	Kind PartKind
	Text string // of a value all of it, to the byte
	At   []int  // the characters of a value, from zero, in which it differs from the other value of the detail
}

// PartKind says what a part is.
type PartKind int

// The kinds of parts.
const (
	PartWords PartKind = iota // of the rule
	PartValue                 // as sent, or folded; of this row or of the one that the detail holds against it
	PartPlace                 // where that row is
)

// Shown is the part as people read it: a value in quotation marks, personal ID numbers masked, cut where it is long.
func (p Part) Shown() string {
	if p.Kind == PartValue {
		return "“" + p.Inside() + "”"
	}
	return p.Text
}

// Inside is Shown without the quotation marks.
func (p Part) Inside() string {
	if p.Kind == PartValue {
		return inside(p.Text)
	}
	return p.Text
}

// Text is the sentence, in Chinese.
func (d Detail) Text() string {
	var b strings.Builder
	for _, p := range d.Parts {
		b.WriteString(p.Shown())
	}
	return b.String()
}

func words(s string) Detail { return Detail{}.words(s) }

func value(s string) Detail { return Detail{}.value(s) }

func (d Detail) words(s string) Detail { return d.add(Part{Kind: PartWords, Text: s}) }

func (d Detail) value(s string, differ ...int) Detail {
	return d.add(Part{Kind: PartValue, Text: s, At: differ})
}

func (d Detail) place(s string) Detail { return d.add(Part{Kind: PartPlace, Text: s}) }

func (d Detail) add(p Part) Detail {
	if p.Text != "" || p.Kind == PartValue {
		d.Parts = append(d.Parts, p)
	}
	return d
}

// at has the detail name positions of the value.
func (d Detail) at(positions []int) Detail {
	d.At = positions
	return d
}

// DetailSame is the detail of a finding of TwiceByCreditCode, TwiceByPripID, OtherCaseByCreditCode or
// OtherCaseByPripID: code, as this row has it, is also that of the row at place (PlaceInList, PlaceInCase).
func DetailSame(code, place string) Detail {
	return value(code).words("，与").place(place).words("相同")
}

// DetailOtherCreditCode is the detail of a finding of PripIDOtherCreditCode: own is this row's credit code, other the
// one that the row at place has with the same pripid. It names the positions at which the two differ.
func DetailOtherCreditCode(own, other, place string) Detail {
	differ := difference(own, other)
	return words("本条").value(own, differ...).words("，").place(place).words("为").value(other, differ...).
		words(differenceText(differ)).at(differ)
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
	return "“" + inside(s) + "”"
}

func inside(s string) string {
	s = maskedCode(s)
	if utf8.RuneCountInString(s) > showLimit {
		s = string([]rune(s)[:showLimit]) + "…"
	}
	return s
}

// maskedCode returns a code as it may stand in a detail: personal ID numbers masked, what cannot be printed as □.
func maskedCode(code string) string { return strings.Map(printable, MaskPersonIDs(code)) }

func printable(r rune) rune {
	if r == ' ' || unicode.IsGraphic(r) && !isBlank(r) {
		return r
	}
	return '□'
}

// MaskName keeps the first character of a person's name and puts three stars for the rest, however long it is: 张***.
// Of "" nothing is shown.
func MaskName(name string) string {
	name = strings.TrimSpace(name)
	_, size := utf8.DecodeRuneInString(name)
	if size == 0 {
		return ""
	}
	return name[:size] + "***"
}

// difference is the positions, from zero, at which two folded values of one length differ; of others there is nothing
// to say.
func difference(a, b string) (positions []int) {
	ra, rb := []rune(FoldCode(a)), []rune(FoldCode(b))
	if len(ra) != len(rb) {
		return nil
	}
	for i := range ra {
		if ra[i] != rb[i] {
			positions = append(positions, i)
		}
	}
	return positions
}

// differenceText names these positions to people, who count from one.
func differenceText(positions []int) string {
	if len(positions) == 0 {
		return ""
	}
	texts := make([]string, len(positions))
	for i, p := range positions {
		texts[i] = strconv.Itoa(p + 1)
	}
	return "，第" + strings.Join(texts, "、") + "位不同"
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
func oddCharacters(s string) *charList {
	var odd charList
	pos := 0
	for _, r := range s {
		if pos++; r >= 0x80 || !isPlainPripID(string(r)) {
			odd.add(pos, r, "")
		}
	}
	return &odd
}

// charList collects characters with their positions, counted from one. The first five are named, the rest counted.
type charList struct {
	n    int
	text []string
	at   []int // of those that are named, from zero
}

func (l *charList) add(pos int, r rune, note string) {
	if l.n++; l.n <= 5 {
		l.text = append(l.text, fmt.Sprintf("第%d位%s%s", pos, showRune(r), note))
		l.at = append(l.at, pos-1)
	}
}

// detail is the characters with words before and behind.
func (l *charList) detail(before, after string) Detail {
	return words(before + l.String() + after).at(l.at)
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
