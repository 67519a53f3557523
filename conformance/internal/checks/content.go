package checks

import (
	"strings"

	"diaoxiao/api"
	"diaoxiao/conformance/internal/trial"
)

// kind is content that stores, filters and readers like to alter, and what they make of it. A target to which the two
// are the same has altered one of them.
type kind struct {
	ID, title string
	text      string
	others    []string // the first of them are tried in every member, the rest in one each
	every     int      // how many of others are tried in every member
	rare      bool     // a target may refuse it, as long as it does not alter it
}

// kinds are what S15 means by: nothing is altered.
func kinds() []kind {
	return []kind{
		{"S15-08", "基本多文种平面以外的汉字（𠮷与𠮶）不同", "𠮷", []string{"𠮶", "吉", "?"}, 1, false},
		{"S15-09", "尖括号和标签是内容，不过滤、不转义", "<b>甲</b>数额<5万元", []string{
			"&lt;b&gt;甲&lt;/b&gt;数额&lt;5万元", "甲数额<5万元", "＜b＞甲＜/b＞数额＜5万元", "<i>甲</i>数额<5万元", "b甲/b数额5万元", "数额<5万元",
		}, 1, false},
		{
			"S15-10",
			"& 是内容，不过滤、不转义",
			"甲&乙&amp;丙",
			[]string{"甲&amp;乙&amp;amp;丙", "甲乙amp;丙", "甲＆乙＆amp;丙", "甲&乙&丙"},
			1,
			false,
		},
		{
			"S15-11",
			"单引号是内容，不过滤、不转义",
			"O'甲'乙",
			[]string{"O甲乙", "O''甲''乙", "O&#39;甲&#39;乙", `O\'甲\'乙`, "O’甲’乙", "O＇甲＇乙"},
			1,
			false,
		},
		{"S15-12", "双引号是内容，不过滤、不转义", `"甲"乙`, []string{"甲乙", "&quot;甲&quot;乙", `\"甲\"乙`, "“甲”乙", "'甲'乙"}, 1, false},
		{"S15-13", "像 SQL 语句的文字是内容，不过滤", "甲;乙--丙/*丁*/ or 1=1 select", []string{
			"甲乙--丙/*丁*/ or 1=1 select", "甲;乙丙/*丁*/ or 1=1 select", "甲;乙--丙 or 1=1 select", "甲;乙--丙/*丁*/  1=1 select",
			"甲;乙--丙/*丁*/ or 1=1 ", "甲；乙--丙/*丁*/ or 1=1 select",
		}, 1, false},
		{
			"S15-14",
			"% 和 + 是内容，不解码",
			"甲%20乙+丙%E6%88%8A",
			[]string{"甲 乙 丙戊", "甲 乙+丙戊", "甲%20乙 丙%E6%88%8A", "甲20乙+丙E6888A"},
			1,
			false,
		},
		{"S15-15", "反斜线是内容，不转义", `甲\乙\\n丙\'`, []string{`甲乙\n丙'`, `甲\\乙\\\\n丙\\'`, "甲乙\\\n丙'", "甲/乙//n丙/'"}, 1, false},
		{
			"S15-16",
			"换行的写法（CR LF、LF）是内容",
			"甲\r\n乙\r\n丙",
			[]string{"甲\n乙\n丙", "甲\r乙\r丙", "甲 乙 丙", "甲乙丙", "甲<br>乙<br>丙"},
			1,
			false,
		},
		{"S15-17", "连续的空格是内容，不合并", "甲  乙   丙", []string{"甲 乙 丙", "甲乙丙", "甲  乙  丙"}, 1, false},
		{"S15-18", "前后的空格、换行是内容，不去掉", " \n甲 \n", []string{"甲", "甲 \n", " \n甲", " \n甲\n"}, 3, false},
		{"S15-19", "制表符是内容，不转换", "甲\t乙\t", []string{"甲 乙 ", "甲    乙    ", "甲乙", "甲\t乙"}, 1, false},
		{
			"S15-20",
			"全角与半角是内容，不转换",
			"ＡＢ１２（甲）　乙，",
			[]string{"AB12(甲) 乙,", "ＡＢ１２（甲） 乙，", "AB12（甲）　乙，", "ＡＢ１２(甲)　乙，", "ＡＢ１２（甲）乙，"},
			1,
			false,
		},
		{"S15-21", "大小写是内容，不转换", "AbcÉ", []string{"ABCÉ", "abcé", "Abcé"}, 1, false},
		{"S15-22", "组合字符是内容，不规范化", "\u00e9甲", []string{"e\u0301甲", "e甲"}, 1, false},
		{
			"S15-23",
			"兼容汉字和兼容字符是内容，不规范化",
			"\uf900㐂①㎏\ufb01",
			[]string{"\u8c48㐂①㎏\ufb01", "\u8c48㐂1kgfi", "\uf900㐂1kgfi"},
			1,
			false,
		},
		{"S15-24", "GBK 没有的字是内容，不以别的字代替", "㐂\u182e·\u00e9\ue000", []string{
			"㐃\u182e·\u00e9\ue000", "㐂\u1828·\u00e9\ue000", "㐂\u182e•\u00e9\ue000", "㐂\u182e·\u00ea\ue000",
			"㐂\u182e·\u00e9\ue001", "??·??",
		}, 1, false},
		{
			"S15-25",
			"不换行空格与空格不同",
			"甲\u00a0乙\u2003丙\u3000",
			[]string{"甲 乙 丙 ", "甲乙丙", "甲 乙\u2003丙\u3000", "甲\u00a0乙\u2003丙"},
			1,
			false,
		},
		{"S15-26", "不可见的字符是内容，不去掉", "甲\u200b乙\ufeff丙\u00ad丁\U000e0100戊\u200d", []string{
			"甲乙丙丁戊", "甲乙\ufeff丙\u00ad丁\U000e0100戊\u200d", "甲\u200b乙丙\u00ad丁\U000e0100戊\u200d",
			"甲\u200b乙\ufeff丙丁\U000e0100戊\u200d", "甲\u200b乙\ufeff丙\u00ad丁戊\u200d", "甲\u200b乙\ufeff丙\u00ad丁\U000e0100戊",
		}, 1, true},
		{"S15-27", "控制字符是内容，不去掉（可以拒绝）", "甲\u0001乙\u007f丙\u0085丁\u2028戊", []string{
			"甲乙丙丁戊", "甲乙\u007f丙\u0085丁\u2028戊", "甲\u0001乙丙\u0085丁\u2028戊", "甲\u0001乙\u007f丙丁\u2028戊",
			"甲\u0001乙\u007f丙\u0085丁戊", "甲 乙\u007f丙\u0085丁\u2028戊",
		}, 1, true},
		{"S15-28", "像数的文字不当作数：前面的 0、很长的数字、小数点后的 0", "0150100000022016000000001.0", []string{
			"150100000022016000000001.0", "0150100000022016000000002.0", "0150100000022016000000001",
			"150100000022016000000001",
		}, 3, false},
		{
			"S15-31",
			"间隔号（·、•、・、‧）各不相同，也不去掉",
			"买买提·艾力",
			[]string{"买买提•艾力", "买买提・艾力", "买买提艾力", "买买提‧艾力", "买买提．艾力", "买买提.艾力"},
			3,
			false,
		},
		{"S15-32", "形近的字母和数字（O 与 0、I 与 1、l、S 与 5、B 与 8、Z 与 2）各不相同", "9OI0O1SBZl", []string{
			"90I0O1SBZl", "9O10O1SBZl", "9OI001SBZl", "9OIOO1SBZl", "9OI0O15BZl", "9OI0O1S8Zl", "9OI0O1SB2l",
			"9OI0O1SBZ1",
		}, 4, false},
		{"S15-33", "= | $ { } * # ^ ~ ` ! @ 是内容，不过滤、不展开", "甲=乙|丙${丁}*戊#己^庚~辛`壬!癸@子", []string{
			"甲乙丙丁戊己庚辛壬癸子", "甲乙|丙${丁}*戊#己^庚~辛`壬!癸@子", "甲=乙丙${丁}*戊#己^庚~辛`壬!癸@子", "甲=乙|丙{丁}*戊#己^庚~辛`壬!癸@子",
			"甲=乙|丙$丁*戊#己^庚~辛`壬!癸@子", "甲=乙|丙${丁}戊#己^庚~辛`壬!癸@子", "甲=乙|丙${丁}*戊己^庚~辛`壬!癸@子", "甲=乙|丙*戊#己^庚~辛`壬!癸@子",
			"甲=乙|丙${丁}*戊#己庚辛壬!癸@子", "甲=乙|丙${丁}*戊#己^庚~辛`壬癸子",
		}, 6, false},
		{"S15-34", "简体与繁体、异体各不相同", "后台里云发", []string{"後臺裡雲發", "後台里云发", "后臺里云发", "后台裡云发", "后台里雲发", "后台里云髮"}, 1, false},
		{"S15-29", "像数的文字不当作数：1E5 与 100000 不同", "1E5", []string{"100000", "1e5", "1E+5", "100000.0"}, 1, false},
	}
}

// textMembers are the members that hold any text, those of the case and those of an entity.
var textMembers = []string{
	"casename", "caseintroduction", "illegality", "penalty", "penaltyorg", "pripid", "uniscid", "legal", "enttype",
}

func kindChecks() (checks []trial.Check) {
	for _, k := range kinds() {
		checks = append(checks, must(k.ID, k.title, func(t *trial.Trial) { unaltered(t, k) }))
	}
	return checks
}

// unaltered sends a case with the content in every member, and then with it altered in one member at a time.
func unaltered(t *trial.Trial, k kind) {
	comparing(t)
	c := t.NewCase()
	for _, name := range textMembers {
		c = c.With(name, k.text)
	}
	first := t.Send(c)
	if k.rare && first.Err == nil && !first.OK() {
		first.Step.OK = true
		t.Untested("接收方不受理这样的内容，没有受理也就没有改变")
	}
	first.Accepted()
	t.Send(c).Repeats(first)
	for i, other := range k.others {
		members := textMembers
		if i >= k.every {
			members = textMembers[i%len(textMembers):][:1]
		}
		for _, name := range members {
			if !blind(t, name) {
				t.Send(c.With(name, other)).Differs(first, "改变的是 "+name)
			}
		}
	}
	ownCase(t, k)
}

// ownCase sends two cases whose caseids differ in the content alone. A target that does not take it in a caseid alters
// nothing.
func ownCase(t *trial.Trial, k kind) {
	c := t.NewCase()
	id := t.CaseID()
	first := t.Send(c.With("caseid", id+k.text+"号"))
	if first.Err == nil && !first.OK() {
		first.Step.Expected, first.Step.OK = "（案件编号中可以不受理这样的内容）", true
		return
	}
	first.Accepted()
	a := t.Send(c.With("caseid", id+k.others[0]+"号"))
	if a.Err == nil && !a.OK() {
		return
	}
	a.Another(first, "案件编号不同的")
}

// cuts are the lengths that columns are declared with, in characters or bytes, the longest first.
var cuts = []int{
	20000, 16383, 8001, 4001, 2001, 1334, 1025, 1001, 513, 501, 500, 401, 334, 301, 257, 256, 201, 200, 129, 128, 101,
	100, 86, 65, 64, 51, 33,
}

// uncut demands of a member that its last character counts, at the greatest length that the target takes.
func uncut(t *trial.Trial, name, char string, limit int) {
	for _, n := range cuts {
		if n > limit {
			continue
		}
		c := t.NewCase()
		a := t.Send(c.With(name, fill("", char, n-1)+"甲"))
		if a.Err == nil && !a.OK() && (a.Has(api.TooLong) || n > 33) {
			a.Step.Expected, a.Step.OK = "（不受理这样长的，改试短的）", true
			continue
		}
		a.Accepted()
		t.Send(c.With(name, fill("", char, n-1)+"乙")).Differs(a, name+" 共 "+itoa(n)+" 字，改变的是最后一字")
		return
	}
}

// uncutCaseID demands that two caseids that differ in their last character are two cases.
func uncutCaseID(t *trial.Trial) {
	for _, n := range cuts {
		if n > 200 {
			continue
		}
		c := t.NewCase()
		id := fill(t.CaseID(), "汉", n-1)
		a := t.Send(c.With("caseid", id+"甲"))
		if a.Err == nil && !a.OK() && n > 65 {
			a.Step.Expected, a.Step.OK = "（不受理这样长的，改试短的）", true
			continue
		}
		a.Accepted()
		t.Send(c.With("caseid", id+"乙")).Another(a, "案件编号共 "+itoa(n)+" 字而最后一字不同的")
		return
	}
}

// lengthPairs tries every member at its greatest length, texts also in characters of four bytes.
func lengthPairs(t *trial.Trial) {
	comparing(t)
	for _, l := range lengths {
		if l.name != "caseid" && !blind(t, l.name) {
			uncut(t, l.name, "汉", l.limit)
		}
	}
	uncutCaseID(t)
}

// fourBytes tries texts that are longer in bytes than in characters.
func fourBytes(t *trial.Trial) {
	t.Because("S15-03")
	for _, l := range lengths {
		if l.limit == 20000 && !blind(t, l.name) {
			c := t.NewCase()
			text := strings.Repeat("𠮷", l.limit-1)
			a := t.Send(c.With(l.name, text+"甲"))
			if a.Err == nil && !a.OK() {
				a.Step.OK = true
				t.Untested("接收方不受理 80,000 字节的文字，没有受理也就没有截断")
			}
			a.Accepted()
			t.Send(c.With(l.name, text+"乙")).Differs(a, l.name+" 共 80,000 字节，改变的是最后一字")
		}
	}
}
