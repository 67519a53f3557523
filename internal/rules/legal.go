package rules

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// checkLegal: a name of a person, or of a firm where the entity is a partnership or a branch; so what is reported is
// only what neither can be.
func checkLegal(raw string, add adder) {
	if raw != "" && isHanText(raw) {
		checkHanName(raw, add)
		return
	}
	code := FoldCode(raw)
	switch {
	case IsPlaceholder(code):
		add(fieldLegal, Placeholder, value(raw))
	case hasPersonID(raw, code):
		add(fieldLegal, PersonIDMisplaced, value(raw))
	case looksLikeCode(code) && escapes(raw) == "":
		add(fieldLegal, LegalIsCode, value(raw))
	case isEntTypeName(raw):
		add(fieldLegal, LegalIsEntType, value(raw))
	default:
		checkName(raw, code, add)
	}
}

// checkHanName is checkLegal of common ideographs, which most names are, and cheap.
func checkHanName(raw string, add adder) {
	switch {
	case IsPlaceholder(raw):
		add(fieldLegal, Placeholder, value(raw))
	case len(entTypeByName[raw]) > 0, strings.Contains(raw, "港") && isEntTypeName(raw):
		add(fieldLegal, LegalIsEntType, value(raw))
	case isSuspect(raw) && mojibake(raw) != "":
		add(fieldLegal, MojibakeText, value(raw).words(mojibake(raw)))
	case strings.Contains(raw, "某") && utf8.RuneCountInString(raw) <= 4:
		add(fieldLegal, Garbled, value(raw).words("以“某”代名"))
	case labelForm.MatchString(raw):
		checkExtra(raw, raw, add)
	case hasTitle(raw):
		checkExtra(raw, raw, add)
	}
}

// checkName takes a name that is one, folded as a code too, and looks for what does not belong to it.
func checkName(raw, code string, add adder) {
	if how := Mojibake(raw); how != "" {
		add(fieldLegal, MojibakeText, value(raw).words(how))
		return
	}
	checkGarbled(raw, add)
	checkExtra(raw, code, add)
	if found := outOfSight(raw); found.n > 0 {
		add(fieldLegal, NameForm, found.detail("含空白或不可见字符：", ""))
	}
}

func isEntTypeName(name string) bool { return len(EntTypesByName(name)) > 0 }

// checkGarbled looks for what rare characters become in a change of character set, for asterisks of a masked name, and
// for letters of scripts that names are not written in.
func checkGarbled(name string, add adder) {
	var bad charList
	pos := 0
	for _, r := range name {
		if pos++; isGarbled(r) {
			bad.add(pos, r, "")
		}
	}
	if bad.n > 0 {
		add(fieldLegal, Garbled, bad.detail("", ""))
	}
	if found, ok := strangeScript(name); ok {
		add(fieldLegal, ForeignLetters, found)
	}
}

func isGarbled(r rune) bool {
	switch r {
	case '?', '？', '*', '＊', '\ufffd', '□', '■', '〓', '◇', '◆', '○', '●', '×', '╳':
		return true
	}
	return unicode.Is(unicode.Co, r)
}

// longestPerson bounds the characters of what may be the name of a person with a remark: firms have longer names, with
// commas and numbers of their own.
const longestPerson = 16

// Forms of remarks that people write behind a name.
var (
	phoneForm = regexp.MustCompile(`[0-9]{7,}`)
	extraForm = regexp.MustCompile(
		`(先生|女士|小姐|经理|老板|厂长|董事长)$|` +
			`[(（【\[](已故|已死亡|死亡|已去世|去世|失联|在逃|服刑|已注销|已吊销|已变更|曾用名.*|电话.*|手机.*)[)）】\]]$|` +
			`(电话|手机|联系方式|身份证)[:：号]`,
	)
)

// labelForm finds the label of the column, or what a case says, in a name; severalForm more than one name, a number or
// a sign behind it.
var (
	labelForm   = regexp.MustCompile(`法定代表人|负责人|经营者|市场监督管理局|吊销|注销|[0-9]年[0-9]{1,2}月`)
	severalForm = regexp.MustCompile(`\p{Han}[、/;；,，|]|\p{Han}[0-9]+$|^[(（【\[]|"|\p{Han}[Xx]{2,}$`)
)

// hasTitle looks at the last character alone.
func hasTitle(name string) bool {
	last, _ := utf8.DecodeLastRuneInString(name)
	return last == '生' || last == '士' || last == '姐' || last == '理' || last == '板' || last == '长'
}

// checkExtra looks for what stands beside a name: a telephone number, a title, a remark.
func checkExtra(raw, code string, add adder) {
	if at := phoneForm.FindStringIndex(code); at != nil && hasHan(code) {
		add(fieldLegal, NameWithMore, words(fmt.Sprintf("姓名之外有%d位数字，似为电话号码", at[1]-at[0])))
		return
	}
	found := extraForm.FindString(raw)
	for _, form := range []*regexp.Regexp{labelForm, severalForm} {
		if found == "" && utf8.RuneCountInString(raw) <= longestPerson {
			found = form.FindString(raw)
		}
	}
	if found != "" {
		add(fieldLegal, NameWithMore, words("姓名之外有").value(found))
	}
}

// outOfSight is what nobody sees of a name: blanks around it, and characters without a shape. A blank between two
// characters sets a short name, and the scripts of Mongolian, Uygur and Tibetan names need
// marks of their own.
func outOfSight(name string) (found charList) {
	pos, last := 0, utf8.RuneCountInString(name)
	own := strings.ContainsFunc(name, func(r rune) bool {
		return unicode.In(r, unicode.Mongolian, unicode.Arabic, unicode.Tibetan)
	})
	for _, r := range name {
		pos++
		switch {
		case !isBlank(r) || unicode.Is(unicode.Variation_Selector, r):
		case (r == ' ' || r == '\u3000') && pos > 1 && pos < last:
		case own && pos > 1 && pos < last && unicode.In(r, unicode.Cf, unicode.Zs):
		default:
			found.add(pos, r, "")
		}
	}
	return found
}
