package rules

import "strings"

// IsPlaceholder reports whether a folded value is what is typed, or exported, where there is nothing to type, since the
// field may not be empty (14008): NULL in any brackets, 同上, 见附件, or the error of a formula.
func IsPlaceholder(s string) bool {
	if s == "" {
		return true
	}
	if inner, ok := unwrapped(s); ok && inner != "" {
		s = inner
	}
	if bare := strings.TrimRight(s, "。，；,;"); bare != "" {
		s = bare
	}
	return isEmptyWord(s) || isFormulaError(s) || isReference(s) || strings.Trim(s, "0-/*?._X〃″\"'”“〞々仝…、。\\|~=") == ""
}

// unwrapped takes off brackets or quotes.
func unwrapped(s string) (string, bool) {
	switch s[0] {
	case '(', '[', '<', '{', '"', '\'':
		return strings.Trim(s, "()[]<>{}\"'"), true
	}
	if s[0] != 0xe2 && s[0] != 0xe3 { // the first byte of what follows
		return s, false
	}
	for _, pair := range [...][2]string{{"【", "】"}, {"〔", "〕"}, {"《", "》"}, {"〈", "〉"}, {"“", "”"}} {
		if inner, ok := strings.CutPrefix(s, pair[0]); ok {
			return strings.TrimSuffix(inner, pair[1]), true
		}
	}
	return s, false
}

func isEmptyWord(s string) bool {
	switch s {
	case "NULL", "NONE", "NIL", "NAN", "N/A", "NA", "UNDEFINED", `\N`, "DBNULL", "NOTNULL",
		"NODATA", "EMPTY", "UNKNOWN",
		"TBD", "TEST", "SYSDBNULL",
		"无", "暂无", "没有", "空", "空白", "不详", "未知", "不明", "待补", "待补充", "待定", "待查", "待核实", "待填", "待录入", "未填", "未填写", "未登记",
		"未提供", "未录入", "查无", "查无此人", "空缺", "暂缺", "缺失", "缺", "无数据", "无信息", "无记录", "某某", "某", "某某某", "某人", "略", "从略", "省略",
		"无法定代表人", "无负责人", "无代表人", "无经营者", "无法人", "无身份代码", "无信用代码", "无代码", "合计", "总计", "小计", "共计",
		"OBJECTOBJECT", "SYSTEM.STRING", "TRUE", "FALSE", "NAT", "INVALIDDATE", "#N/AN/A", "##",
		"加载中", "查询失败", "请选择", "必填",
		"暂无数据", "不存在", "不清楚", "同左", "同右", "本人", "吊销", "注销", "已注销", "已吊销", "有", "是", "否", "男", "女", "√", "×",
		"姓名", "名称", "法定代表人", "法定代表人(负责人)", "负责人", "经营者", "投资人", "法人", "法人代表", "联系人",
		"测试", "测试数据", "测试用户", "示例", "样例":
		return true
	}
	return false
}

// isFormulaError: what spreadsheets show in place of a value, folded.
func isFormulaError(s string) bool {
	return len(s) > 2 && s[0] == '#' && (s == "#N/A" || s == "#ERR" || s == "#GETTING_DATA" || s[len(s)-1] == '!' ||
		s == "#NAME?" || strings.HasPrefix(s, "#错误")) ||
		strings.HasPrefix(s, "ERR:5") || strings.HasPrefix(s, "错误:5")
}

// isReference: a value that is said to stand elsewhere.
func isReference(s string) bool {
	if s[0] != 0xe5 && s[0] != 0xe8 && s[0] != 0xe6 { // the first byte of what follows
		return false
	}
	for _, w := range [...]string{
		"同上", "同前", "如上", "如前", "见附件", "详见附件", "见附表", "详见附表", "见清单", "详见清单", "见备注", "见附页", "见上", "测试",
	} {
		if rest, ok := strings.CutPrefix(s, w); ok && strings.Trim(rest, "0123456789一二三四五六七八九十行栏条页户家格()。.") == "" {
			return true
		}
	}
	return false
}
