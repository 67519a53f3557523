package sheet

import (
	"strings"
	"unicode"

	"diaoxiao/api"
	"diaoxiao/internal/grid"
	"diaoxiao/internal/rules"
)

// field is a member of the document that a file can hold: the seven texts of a case, then the four of an entity.
type field int

const (
	caseID field = iota
	caseName
	caseIntroduction
	illegality
	penalty
	penaltyDate
	penaltyOrg
	pripID
	uniscID
	legal
	entType

	caseFields = int(penaltyOrg) + 1
	fields     = int(entType) + 1
)

// fieldTable has for each field its name in the document, the heading of the template and other headings that mean it.
var fieldTable = [fields]struct {
	name, title string
	others      []string
}{
	{"caseid", grid.Title("caseid"), []string{"案件号", "案号", "处罚案件编号"}},
	{"casename", grid.Title("casename"), nil},
	{"caseintroduction", grid.Title("caseintroduction"), []string{"案情简介"}},
	{"illegality", grid.Title("illegality"), []string{"违法事实"}},
	{"penalty", grid.Title("penalty"), []string{"行政处罚内容"}},
	{"penaltydate", grid.Title("penaltydate"), []string{"处罚日期", "处罚决定书日期", "作出处罚决定日期"}},
	{"penaltyorg", grid.Title("penaltyorg"), []string{"处罚机关", "作出处罚决定机关", "作出行政处罚决定机关名称"}},
	{
		"pripid",
		grid.Title("pripid"),
		[]string{"经营主体身份代码", "主体身份代码", "身份代码", "企业身份代码", "市场主体身份码", "主体身份码", "主体身份代码pripid"},
	},
	{"uniscid", grid.Title("uniscid"), []string{"社会信用代码", "信用代码", "统一代码", "统一信用代码", "统一社会信用代码/注册号", "注册号/统一社会信用代码",
		"统一社会信用代码（注册号）", "统一社会信用代码或注册号", "信用代码/注册号"}},
	{"legal", grid.Title("legal"), []string{"法定代表人", "负责人", "法定代表人/负责人", "法定代表人姓名", "法人代表",
		"法定代表人或负责人", "法定代表人（负责人）姓名", "法定代表人、负责人", "法定代表人/经营者", "法定代表人（经营者）", "法定代表人（负责人、经营者）",
		"法定代表人/负责人/经营者", "经营者（负责人）", "lerep", "legalperson"}},
	{
		"enttype",
		grid.Title("enttype"),
		[]string{"市场主体类型代码", "经营主体类型", "经营主体类型代码", "主体类型", "主体类型代码", "企业类型", "企业类型代码", "企业（机构）类型",
			"企业（机构）类型代码", "企业机构类型", "登记类型", "类型", "类型代码", "市场主体类型（代码）"},
	},
}

// insteadOf has headings that are taken for a field where no column is headed as it is.
var insteadOf = map[string]field{
	"经营者":       legal,
	"经营者姓名":     legal,
	"投资人":       legal,
	"投资人姓名":     legal,
	"执行事务合伙人":   legal,
	"执行事务合伙人姓名": legal,
	"主要负责人":     legal,
	"业主":        legal,
	"业主姓名":      legal,
	"法人":        legal,
	"法人姓名":      legal,
	"法人代表姓名":    legal,
	"负责人姓名":     legal,
	"注册号":       uniscID,
	"工商注册号":     uniscID,
	"营业执照注册号":   uniscID,
	"营业执照号":     uniscID,
	"regno":     uniscID,
}

// headingWords maps every heading as heading returns it to its field.
var headingWords = func() map[string]field {
	words := make(map[string]field)
	for i, f := range fieldTable {
		for _, w := range append([]string{f.name, f.title}, f.others...) {
			words[heading(w)] = field(i)
		}
	}
	return words
}()

func fieldNamed(name string) (field, bool) {
	for i, f := range fieldTable {
		if f.name == name {
			return field(i), true
		}
	}
	return 0, false
}

// isCode reports whether a field is a code: digits and letters that a spreadsheet may have taken for a number.
func (f field) isCode() bool { return f == caseID || f == pripID || f == uniscID }

// heading brings a heading into the form in which headings are compared: no blanks, nothing invisible, half-width,
// lower case, without the marks that forms put beside headings.
func heading(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case isOutOfSight(r) || r == '\u3000' || unicode.Is(unicode.Variation_Selector, r):
			return -1
		}
		return unicode.ToLower(rules.HalfWidth(r))
	}, s)
	s = strings.Trim(s, "*:'\"")
	for _, mark := range []string{"(必填)", "(必填项)"} {
		s = strings.TrimSuffix(s, mark)
	}
	return strings.Trim(s, "*:'\"")
}

// fieldOf returns the field that a heading means. 统一社会信用代码(uniscid) is one where both parts mean the same.
func fieldOf(text string) (field, bool) { return fieldHeaded(heading(text)) }

// fieldHeaded is fieldOf for what heading returned.
func fieldHeaded(h string) (field, bool) {
	if f, ok := headingWords[h]; ok {
		return f, true
	}
	outer, inner, ok := strings.Cut(strings.TrimSuffix(h, ")"), "(")
	f, known := headingWords[outer]
	g, same := headingWords[inner]
	return f, ok && known && same && f == g
}

// texts are the seven texts of a case in document order.
type texts [caseFields]string

func textsOf(c api.Case) texts {
	return texts{c.CaseID, c.CaseName, c.CaseIntroduction, c.Illegality, c.Penalty, c.PenaltyDate, c.PenaltyOrg}
}

func (t texts) toCase() api.Case {
	return api.Case{
		CaseID:           t[caseID],
		CaseName:         t[caseName],
		CaseIntroduction: t[caseIntroduction],
		Illegality:       t[illegality],
		Penalty:          t[penalty],
		PenaltyDate:      t[penaltyDate],
		PenaltyOrg:       t[penaltyOrg],
	}
}
