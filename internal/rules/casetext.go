package rules

import (
	"regexp"
	"strings"
)

var (
	// monthForm is what spreadsheets make of 3-26 and 3/26.
	monthForm = regexp.MustCompile(`^([0-9]{1,2}月[0-9]{1,2}日|[0-9]{1,2}-[A-Za-z]{3}|[A-Za-z]{3}-[0-9]{1,2})$`)
	// noNumberForm is the number of a decision without its serial number.
	noNumberForm    = regexp.MustCompile(`[〔\[（(【﹝][0-9]{4}[〕\]）)】﹞][\s第]*号?\s*$`)
	formulaForm     = regexp.MustCompile(`^=[A-Z+(]`)
	plainNumberForm = regexp.MustCompile(`^[0-9.,]+([Ee][+-]?[0-9]+)?$`)
)

// fieldNames are the headings of the texts of a case, folded.
var fieldNames = map[string]bool{
	"案件编号":             true,
	"案件号":              true,
	"案号":               true,
	"案件名称":             true,
	"案由":               true,
	"违法行为":             true,
	"处罚内容":             true,
	"处罚决定日期":           true,
	"处罚日期":             true,
	"处罚决定机关":           true,
	"处罚机关":             true,
	"CASEID":           true,
	"CASENAME":         true,
	"CASEINTRODUCTION": true,
	"ILLEGALITY":       true,
	"PENALTY":          true,
	"PENALTYDATE":      true,
	"PENALTYORG":       true,
}

// noText returns, in Chinese, why a text of a case says nothing of the case; "" where it may.
func noText(field, text string) string {
	code := FoldCode(text)
	switch {
	case code == "" && strings.TrimSpace(text) != "": // hyphens alone
		return "，是占位内容"
	case code == "": // its own code says that it is blank
		return ""
	case fieldNames[code]:
		return "，是栏目的名称"
	case IsPlaceholder(code):
		return "，是占位内容"
	case strings.HasPrefix(code, "如：") || strings.HasPrefix(code, "如:") ||
		strings.HasPrefix(code, "例如") && len(code) > len("例如"):
		return "，是填写示例"
	case formulaForm.MatchString(code):
		return "，是公式"
	case isDate(strings.TrimSpace(text)) || monthForm.MatchString(strings.TrimSpace(text)):
		return "，是日期"
	}
	if field == fieldCaseID {
		return noCaseID(text)
	}
	return otherThanText(text, code)
}

func noCaseID(text string) string {
	switch {
	case strings.ContainsAny(text, "?？¿"):
		return "，有字丢失成了问号"
	case noNumberForm.MatchString(text):
		return "，没有顺序号"
	}
	return ""
}

func otherThanText(text, code string) string {
	switch {
	case strings.Trim(text, "?？¿ ") == "" || strings.Contains(text, "????"):
		return "，文字丢失成了问号"
	case len(code) > 3 && plainNumberForm.MatchString(code):
		return "，是数字"
	case ValidCreditCode(code):
		return "，是信用代码"
	}
	return ""
}
