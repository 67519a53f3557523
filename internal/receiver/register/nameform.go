package register

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Forms of words that are written beside a name.
var (
	labelBefore = regexp.MustCompile(`^(法定代表人(\(负责人\))?|法人代表|法人|负责人|经营者|投资人|执行事务合伙人|委派代表|代表人|姓名|业主|` +
		`总经理|经理|(执行)?董事长?|厂长|场长|主任|社长|理事长|站长):?`)
	labelOnly = regexp.MustCompile(`^(法定代表人(\(负责人\))?|法人代表|法人|负责人|经营者|投资人|执行事务合伙人|委派代表|代表人|` +
		`姓名|业主):`)
	titleBehind = regexp.MustCompile(`[:-]?(先生|女士|小姐|同志|老板|(副|总|副总)?经理|(副|执行|独立)?董事长?|监事|厂长|场长|矿长|校长|院长|社长|` +
		`理事长|站长|店长|队长|村长|所长|处长|科长|部长|行长|主任|会长|书记|支书|老师|师傅|老总|店主|业主|法定代表人|法人代表|法人|` +
		`负责人|经营者|投资人|合伙人|代表人|等[0-9]*人)$`)
	phoneBeside = regexp.MustCompile(`[:\-(]*(电话|手机|联系电话|手机号码?|联系方式|TEL|tel|Tel)?[:号·]*\+?[0-9][0-9\-]{6,}\)?`)
	bracketed   = regexp.MustCompile(`\(([^()]*(?:\([^()]*\)[^()]*)*)\)?$`)
	delegate    = regexp.MustCompile(`[(:]?(执行事务合伙人)?(委派|委托|授权|指派|派驻)的?(代表人?|负责人)?(为|是)?:?`)
	remark      = regexp.MustCompile(`^(女|男|[汉蒙回满]|.{1,3}族|原|现|已故|.*死亡|.*去世|.*失联|.*在逃|.*服刑|.*已?注销|.*已?吊销|.*变更.*|` +
		`曾用名.*|原名.*|又名.*|.*电话.*|.*手机.*|.*法定代表人.*|.*法人.*|.*负责人.*|.*经营者.*|.*投资人.*|.*合伙人|.*代表|.*经理|` +
		`.*董事长?|.*监事|.*先生|.*女士|.*厂长|.*主任|.*社长|.*理事长|.*业主|.*委派.*|[0-9]*)$`)
	firmName = regexp.MustCompile(`(公司|企业|中心|集团|合伙|合作社|事务所|厂|店|部|所|社|行|院|基金|协会|局|委员会|工作室)$`)
	noPerson = regexp.MustCompile(`合伙|集团|普通|有限|中国|分|筹`)
	person   = regexp.MustCompile(`^\p{Han}{2,4}(·\p{Han}+)*$`)
)

// readName reads one name with all that is beside it.
func readName(s string) name {
	if s = strings.Trim(s, `"'“”‘’·:-`); strings.ContainsAny(s, "0123456789") {
		s = phoneBeside.ReplaceAllString(s, "")
	}
	s = withoutLabel(s)
	if firm, who, ok := sentBy(s); ok {
		return nonEmpty(plainName(firm), plainName(who))
	}
	if !strings.Contains(s, "(") {
		return nonEmpty(plainName(s))
	}
	at := bracketed.FindStringSubmatchIndex(s)
	if at == nil || at[0] == 0 {
		return nonEmpty(plainName(s))
	}
	before, inner := s[:at[0]], s[at[2]:at[3]]
	switch {
	case isFirm(before):
		if person.MatchString(inner) && !noPerson.MatchString(inner) {
			return nonEmpty(plainName(before), plainName(inner))
		}
	case remark.MatchString(inner):
		return nonEmpty(plainName(before))
	case isLatin(before) != isLatin(inner):
		return nonEmpty(plainName(before), plainName(inner))
	}
	return nonEmpty(plainName(s))
}

func nonEmpty(names ...string) (n name) {
	for _, one := range names {
		if one != "" {
			n = append(n, one)
		}
	}
	return n
}

// withoutLabel drops the name of the column, which a colon ends or a name of two characters and more follows.
func withoutLabel(s string) string {
	first, _ := utf8.DecodeRuneInString(s)
	if !strings.ContainsRune("法负经投执委代姓业总董厂场主社理站", first) {
		return s // most are such
	}
	if rest := labelOnly.ReplaceAllString(s, ""); rest != "" && rest != s {
		return rest
	}
	rest := labelBefore.ReplaceAllString(s, "")
	if rest != s && utf8.RuneCountInString(rest) >= 2 && !isFirm(rest) {
		return rest
	}
	return s
}

// sentBy parts a firm that is a partner from the person that it has sent: 甲公司（委派代表：张三）.
func sentBy(s string) (firm, who string, ok bool) {
	if !strings.ContainsAny(s, "派托授") {
		return "", "", false
	}
	at := delegate.FindStringIndex(s)
	if at == nil || !isFirm(s[:at[0]]) {
		return "", "", false
	}
	return s[:at[0]], strings.Trim(s[at[1]:], "():"), true
}

// isFirm reports whether a name is one of a firm: (有限合伙) may be behind it.
func isFirm(s string) bool {
	if i := strings.LastIndexByte(s, '('); i > 0 && strings.HasSuffix(s, ")") {
		s = s[:i]
	}
	return utf8.RuneCountInString(s) >= 4 && firmName.MatchString(s)
}

func isLatin(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z' }) &&
		!strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// plainName drops a title behind the name and the marks within, and folds the case of letters.
func plainName(s string) string {
	s = strings.Trim(s, "():·-")
	for range 2 {
		if last, _ := utf8.DecodeLastRuneInString(s); !strings.ContainsRune("生士姐志板理长事任记书师傅总主人者", last) {
			break // most are such
		}
		rest := titleBehind.ReplaceAllString(s, "")
		if utf8.RuneCountInString(rest) < 2 || isFirm(s) {
			break
		}
		s = rest
	}
	return strings.ToUpper(dropMarks.Replace(s))
}
