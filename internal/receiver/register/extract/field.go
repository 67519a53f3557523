package extract

import (
	"strings"
	"unicode/utf8"

	"diaoxiao/internal/rules"
)

// field is what a column is taken for.
type field uint8

const (
	pripID field = iota
	uniscID
	regNo
	name
	legal
	entType
	state
	organ
	founded
	approved
	mark
	fields
)

// title is the field as people read it.
func (f field) title() string {
	return [fields]string{
		"主体身份代码", "统一社会信用代码", "注册号", "名称", "法定代表人", "企业类型", "登记状态", "登记机关", "成立日期", "核准日期", "变更标记",
	}[f]
}

// isCode reports whether digits of the field may have been destroyed.
func (f field) isCode() bool { return f <= regNo }

// isDay reports whether the field is a date.
func (f field) isDay() bool { return f == founded || f == approved }

// word is what a heading says: the field, and the group of words that it is of. Columns of one field and one group
// contradict each other; of several groups the first column that is not blank in a row counts. Columns of the group
// instead are used where there is no other.
type word struct {
	field field
	group uint8
}

const instead = 99

// headings are the usual spellings of each field, and the names of the data standard, folded by foldHeading.
var headings = wordsOf([]struct {
	word
	spellings string
}{
	{word{pripID, 1}, "主体身份代码 市场主体身份代码 经营主体身份代码 商事主体身份代码 企业身份代码 主体身份编码 市场主体身份编码 主体身份标识 主体代码 PRIPID"},
	{word{uniscID, 1}, "统一社会信用代码 社会信用代码 统一信用代码 信用代码 统一代码 统一社会信用编码 统一社会信用代码证号 统一社会信用代码/注册号 " +
		"注册号/统一社会信用代码 统一社会信用代码注册号 UNISCID USCC CREDITCODE SOCIALCREDITCODE TYSHXYDM"},
	{word{regNo, 1}, "注册号 工商注册号 营业执照注册号 注册号码 工商登记注册号 登记注册号 执照注册号 企业注册号 原注册号 REGNO REGNUMBER ZCH"},
	{word{name, 1}, "名称 企业名称 主体名称 市场主体名称 经营主体名称 商事主体名称 单位名称 公司名称 " +
		"机构名称 当事人名称 企业机构名称 企业名 ENTNAME COMPANYNAME ENTERPRISENAME QYMC"},
	{word{name, 2}, "字号名称 个体工商户名称 个体户名称 字号 TRANAME"},
	{word{legal, 1}, "法定代表人 法定代表人姓名 法人代表 法人代表姓名 法人 法人姓名 法人代表人 法代 " +
		"LEREP LEREPNAME LEGALPERSON LEGALREP LEGALREPRESENTATIVE FDDBR"},
	{word{legal, 2}, "负责人 负责人姓名 企业负责人 主要负责人 单位负责人 机构负责人 分支机构负责人 PRINCIPAL FZR"},
	{word{legal, 3}, "经营者 经营者姓名 业主 业主姓名 经营人 OPERNAME OPERATOR JYZ"},
	{word{legal, 4}, "投资人 投资人姓名 个人独资企业投资人"},
	{word{legal, 5}, "执行事务合伙人 执行合伙人 执行事务合伙人姓名 委派代表 执行事务合伙人委派代表"},
	{word{legal, 6}, "首席代表 首席代表姓名"},
	{word{legal, 7}, "NAME"}, // of the data standard: the name of the person
	{word{entType, 1}, "企业类型 市场主体类型 主体类型 经营主体类型 商事主体类型 企业机构类型 公司类型 企业类型代码 市场主体类型代码 " +
		"企业机构类型代码 主体类型代码 ENTTYPE QYLX"},
	{word{entType, instead}, "类型 企业类型名称 企业类型中文 市场主体类型名称 市场主体类型中文 主体类型名称 ENTTYPECN ENTTYPENAME"},
	{word{state, 1}, "登记状态 经营状态 企业状态 主体状态 市场主体状态 经营主体状态 商事主体状态 企业登记状态 主体登记状态 登记经营状态 存续状态 " +
		"工商状态 注册状态 企业经营状态 REGSTATE ENTSTATUS ENTSTATE DJZT"},
	{word{state, instead}, "状态 STATUS 登记状态代码 登记状态名称 登记状态中文 企业状态代码 企业状态名称 " +
		"REGSTATECN REGSTATENAME ENTSTATUSCN ENTSTATUSNAME"},
	{word{organ, 1}, "登记机关 注册机关 发照机关 登记管理机关 登记单位 REGORG DJJG"},
	{word{organ, instead}, "登记机关名称 登记机关中文 登记机关代码 核准机关 REGORGCN REGORGNAME"},
	{word{founded, 1}, "成立日期 成立时间 设立日期 设立时间 ESTDATE CLRQ"},
	{word{founded, instead}, "注册日期 注册时间 开业日期"},
	{word{approved, 1}, "核准日期 核准时间 最近核准日期 最后核准日期 APPRDATE HZRQ"},
	{word{mark, 1}, "操作 操作类型 变更类型 变更标记 变更标志 变更标识 操作标记 操作标志 操作标识 数据操作类型 增删改标志 增删改标识 更新类型 " +
		"OP OPTYPE OPFLAG OPERATETYPE OPERATIONTYPE CHANGETYPE"},
})

func wordsOf(table []struct {
	word
	spellings string
}) map[string]word {
	all := make(map[string]word)
	for _, row := range table {
		for _, s := range strings.Fields(row.spellings) {
			all[foldHeading(s)] = row.word
		}
	}
	return all
}

// wordOf is what a heading says, not ok where that is not known. A part in brackets may be left out, unless it says
// that the column is of another time.
func wordOf(heading string) (word, bool) {
	w, ok := headings[foldHeading(heading)]
	if ok {
		return w, true
	}
	before, inner, behind := cutBrackets(heading)
	if inner != "" && !strings.ContainsAny(inner, "原旧前拟曾历") {
		if w, ok := headings[foldHeading(before+behind)]; ok {
			return w, true
		}
	}
	return wordOfSeveral(heading)
}

// wordOfSeveral takes a heading such as 法定代表人/负责人/经营者, whose parts say one field.
func wordOfSeveral(heading string) (found word, ok bool) {
	parts := strings.FieldsFunc(heading, func(r rune) bool { return strings.ContainsRune("/／、,，或和及()（）|", r) })
	for i, p := range parts {
		w, known := headings[foldHeading(p)]
		if !known || i > 0 && w.field != found.field {
			return word{}, false
		}
		if i == 0 {
			found = w
		}
	}
	return found, len(parts) > 1
}

// cutBrackets cuts a heading at its first pair of brackets.
func cutBrackets(s string) (before, inner, behind string) {
	from := strings.IndexAny(s, "(（[【〔")
	to := strings.LastIndexAny(s, ")）]】〕")
	if from < 0 || to < from {
		return s, "", ""
	}
	_, opening := utf8.DecodeRuneInString(s[from:])
	_, closing := utf8.DecodeRuneInString(s[to:])
	return s[:from], s[from+opening : to], s[to+closing:]
}

// foldHeading is a heading in half width and upper case, without blanks, brackets and signs around its words.
func foldHeading(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("()[]【】〔〕{}<>《》*:;,.、，。：；\"'“”‘’_#★※　", r) {
			return -1
		}
		return r
	}, rules.FoldCode(s))
}

// markOf is the change mark (变更标记) that a text says; not ok: none. A firm that is marked as deregistered stays in the
// register with that state.
func markOf(text string) (m Mark, dereg, ok bool) {
	switch strings.ToUpper(rules.FoldCode(text)) {
	case "I", "INSERT", "ADD", "新增", "增加", "新建", "新设", "设立", "增":
		return Insert, false, true
	case "U", "UPDATE", "变更", "修改", "更新", "改", "变":
		return Update, false, true
	case "注", "注销":
		return Update, true, true
	case "D", "DELETE", "DEL", "删除", "删":
		return Delete, false, true
	}
	return 0, false, false
}
