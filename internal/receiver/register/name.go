package register

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"diaoxiao/internal/rules"
)

// sameName compares the legal representative that was sent with the register's. Harmless are the width of letters and
// their case, blanks and dots in a name, a title, a label or a remark beside it, and rare characters with other numbers
// of Unicode. A firm that is a partner may be named, or the person that it has sent, or both. Everything else differs;
// so does a name that is masked or has lost a character, even where the register has the same.
func sameName(sent, has string) bool {
	if sent == has || bare(sent) == bare(has) {
		return sent != "" && !rules.IsHiddenName(sent)
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

var dropMarks = strings.NewReplacer("·", "", "-", "", "。", "", "'", "", "`", "", "’", "", "‘", "", `"`, "")

// name is one person or firm with the other names that the text gives it.
type name []string

func (n name) isOneOf(all []name) bool {
	for _, other := range all {
		for _, a := range n {
			for _, b := range other {
				if a == b && !rules.IsHiddenName(a) {
					return true
				}
			}
		}
	}
	return false
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

// Forms of words that are written beside a name.
var (
	labelBefore = regexp.MustCompile(`^(法定代表人(\(负责人\))?|法人代表|法人|负责人|经营者|投资人|执行事务合伙人|代表人|姓名|业主|总经理|经理|` +
		`(执行)?董事长?|厂长|场长|主任|社长|理事长|站长):?`)
	labelOnly   = regexp.MustCompile(`^(法定代表人(\(负责人\))?|法人代表|法人|负责人|经营者|投资人|执行事务合伙人|代表人|姓名|业主):`)
	titleBehind = regexp.MustCompile(`[:-]?(先生|女士|小姐|同志|老板|(副|总|副总)?经理|(副|执行|独立)?董事长?|监事|厂长|场长|矿长|校长|院长|社长|` +
		`理事长|站长|店长|主任|会长|业主|法定代表人|法人代表|法人|负责人|经营者|投资人|合伙人|代表人)$`)
	phoneBeside = regexp.MustCompile(`[:\-(]*(电话|手机|联系电话|手机号码?|联系方式|TEL|tel|Tel)?[:号·]*\+?[0-9][0-9\-]{6,}\)?`)
	bracketed   = regexp.MustCompile(`\(([^()]*(?:\([^()]*\)[^()]*)*)\)?$`)
	sentPerson  = regexp.MustCompile(`^(执行事务合伙人)?(委派|委托|授权|指派|派驻|派出|执行)?(的)?(代表|负责人|代表人)?(为|是)?:?(.+)$`)
	remark      = regexp.MustCompile(`^(女|男|[汉蒙回满]|.{1,3}族|原|现|已故|.*死亡|.*去世|.*失联|.*在逃|.*服刑|.*已?注销|.*已?吊销|.*变更.*|` +
		`曾用名.*|原名.*|又名.*|.*电话.*|.*手机.*|.*法定代表人.*|.*法人.*|.*负责人.*|.*经营者.*|.*投资人.*|.*合伙人|.*代表|.*经理|` +
		`.*董事长?|.*监事|.*先生|.*女士|.*厂长|.*主任|.*社长|.*理事长|.*业主|.*委派.*|[0-9]*)$`)
	firmName = regexp.MustCompile(`(公司|企业|中心|集团|合伙|合作社|事务所|厂|店|部|所|社|行|院|基金|协会|局|委员会|工作室)$`)
)

// readName reads one name with all that is beside it.
func readName(s string) name {
	s = strings.Trim(s, `"'“”‘’·:-`)
	s = phoneBeside.ReplaceAllString(s, "")
	if rest := labelOnly.ReplaceAllString(s, ""); rest != "" && rest != s {
		s = rest
	} else if rest := labelBefore.ReplaceAllString(s, ""); utf8.RuneCountInString(rest) >= 2 && rest != s &&
		!firmName.MatchString(rest) {
		s = rest
	}
	var n name
	outer := s
	if at := bracketed.FindStringSubmatchIndex(s); at != nil && at[0] > 0 {
		inner := s[at[2]:at[3]]
		switch before := s[:at[0]]; {
		case firmName.MatchString(before):
			if who := sentBy(inner); who != "" {
				outer = before
				n = append(n, plainName(who))
			}
		case remark.MatchString(inner):
			outer = before
		case isLatin(before) != isLatin(inner):
			outer = before
			n = append(n, plainName(inner))
		}
	}
	if plain := plainName(outer); plain != "" {
		n = append(n, plain)
	}
	return n
}

// sentBy is the person that a firm has sent: 委派代表：张三.
func sentBy(inner string) string {
	if !strings.Contains(inner, "代表") && !strings.Contains(inner, "委派") && !strings.Contains(inner, "负责人") {
		return ""
	}
	if m := sentPerson.FindStringSubmatch(inner); m != nil {
		return m[6]
	}
	return ""
}

func isLatin(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z' }) &&
		!strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// plainName drops a title behind the name and the marks within, and folds the case of letters.
func plainName(s string) string {
	s = strings.Trim(s, "():·-")
	if !firmName.MatchString(s) || utf8.RuneCountInString(s) < 5 {
		for range 2 {
			rest := titleBehind.ReplaceAllString(s, "")
			if utf8.RuneCountInString(rest) < 2 {
				break
			}
			s = rest
		}
	}
	return strings.ToUpper(dropMarks.Replace(s))
}
