package console

import (
	"strconv"
	"strings"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/intake"
)

// auditFact is one fact as the audit stores it, key=value, and what an auditor reads for it.
type auditFact struct {
	key, title string
	value      func(string) string // nil: as it is
}

var (
	factSource = auditFact{key: "source", title: "来源"}
	factRole   = auditFact{key: "role", title: "角色"}
	factApp    = auditFact{key: "name", title: "名称"}
	factUser   = auditFact{key: "account", title: "账户"}
	factPrint  = auditFact{key: "secret", title: "密钥指纹"}
	factPerson = auditFact{key: "person", title: "姓名"}
	factWas    = auditFact{key: "was", title: "原为"}
	factChange = auditFact{key: "change", title: "变更"}
	factAsker  = auditFact{key: "asked_by", title: "申请人"}
	factReason = auditFact{key: "reason", title: "理由"}
	factVoids  = auditFact{key: "voids", title: "作废的待批准变更"}
	factWaits  = auditFact{key: "waits", title: "等待批准"}
	factPhone  = auditFact{"phone", "电话", func(string) string { return "已改" }}
)

// auditFacts is which facts the details of an action hold, in their order; those behind a text that an operator wrote are not here.
// The stored text cannot change, because the chain is made over it.
var auditFacts = map[string][]auditFact{
	"app create": {factApp, {key: "contact", title: "联系人"}, {"dialect", "应答写法", dialectTitle},
		{key: "accounts", title: "账户"}, factPrint},
	"app rotate-secret":          {factApp, {"overlap", "原密钥保留", spanTitle}, factPrint},
	"app disable":                {factApp},
	"app enable":                 {factApp},
	"account add":                {factApp, factUser},
	"account disable":            {factApp, factUser},
	"account enable":             {factApp, factUser},
	"operator create":            {factPerson, factRole, factWaits},
	"operator enrol":             {factRole, factWaits, factAsker, factSource},
	"operator enable":            {factWaits},
	"operator found":             {factPerson, factRole, factAsker},
	"operator approve":           {factChange, factAsker, factWas, factRole},
	"operator refuse":            {factChange, factAsker, factWas, factRole, factReason},
	"operator change":            {factPerson, factWas, factPhone},
	"operator ask role":          {factRole, factWas},
	"operator approve emergency": {factChange, factAsker, factWas, factRole, factReason},
	"operator reset":             {{"defers", "执行", func(string) string { return "批准以后" }}, factVoids, factWaits},
	"operator disable":           {factVoids},
	"operator identity":          {{"identity", "身份标识", identityTitle}},
	"app change": {factApp, factWas, {key: "contact", title: "联系人"}, {key: "contact_was", title: "联系人原为"},
		factPhone},
	"password change": {factSource},
	"sign in":         {factSource},
	"sign in refused": {factSource, factWaits, {"locked", "账户锁定", spanTitle}, {"scope", "锁定范围", scopeTitle}},
	"case view names": {{key: "views", title: "次数"}, {key: "since", title: "自"}, {key: "cases", title: "受理号和次数"}},
	"visit end":       {factSource},
	"clock back":      {{key: "previous", title: "前一件的受理时间"}},
}

// auditDetail is what an auditor reads for the details of an entry. Those that another version wrote, and that cannot be read, stand for
// themselves.
func auditDetail(action, stored string) string {
	if action == "case ask return" {
		return askedDetail(stored)
	}
	facts, rest := auditFacts[action], stored
	var said []string
	for _, f := range facts {
		value, left, ok := cutFact(rest, f.key)
		if !ok {
			continue
		}
		if f.value != nil {
			value = f.value(value)
		}
		said, rest = append(said, f.title+"："+value), left
	}
	if said == nil || rest != "" {
		return stored
	}
	return strings.Join(said, "；")
}

// askedDetail is a reason, and the rows that it is about.
func askedDetail(stored string) string {
	reason, rows, _ := intake.ReadAskDetail(stored)
	if rows == "" {
		return reason
	}
	return reason + "；涉及：" + rowsText(rows)
}

// cutFact reads the fact that s begins with: key=value, key="value" or key=["value" "value"].
func cutFact(s, key string) (value, rest string, ok bool) {
	s, ok = strings.CutPrefix(s, key+"=")
	if !ok {
		return "", s, false
	}
	values, s, ok := intake.CutFactValue(s)
	if !ok {
		return "", s, false
	}
	return strings.Join(values, "、"), strings.TrimPrefix(s, " "), true
}

func scopeTitle(scope string) string {
	switch scope {
	case "source":
		return "这一来源"
	case "browser":
		return "这一浏览器"
	case "all":
		return "所有未曾登录的浏览器"
	}
	return scope
}

func identityTitle(s string) string {
	if s == "asked" {
		return "申请更换"
	}
	return "已登记"
}

func dialectTitle(d string) string {
	if words, ok := dialectWords[api.Dialect(d)]; ok {
		return words
	}
	return d
}

// spanTitle is a time as Go writes it: 168h0m0s, 30m.
func spanTitle(s string) string {
	d, err := time.ParseDuration(s)
	switch {
	case err != nil:
		return s
	case d == 0:
		return "不保留"
	case d%(24*time.Hour) == 0:
		return strconv.Itoa(int(d/(24*time.Hour))) + "天"
	case d%time.Hour == 0:
		return strconv.Itoa(int(d/time.Hour)) + "小时"
	case d%time.Minute == 0:
		return strconv.Itoa(int(d/time.Minute)) + "分钟"
	}
	return s
}
