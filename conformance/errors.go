package conformance

import (
	"slices"
	"strings"

	"diaoxiao/api"
)

// errorChecks are those of clause 2.3, the structure of errors.
func errorChecks() []Check {
	return []Check{
		early(must(refusalForm, "请求错误时应答 FAILURE 和 errors，其中有错误代码", func(t *trial) {
			a := t.send(t.newCase().without("penalty")).refused()
			a.also("errors 有内容，每条有错误代码", len(a.errors) > 0 && !slices.Contains(a.codes(), ""))
		})),
		always(must("2.3-02", "errors 总是数组，成功时为 []", func(t *trial) {
			t.eachHas("errors 为数组，不缺少，不为 null", isEnvelope, func(a *answer) string {
				name, value := errorsNames()[:1].find(a.members)
				switch kind := kindOfValue(value); {
				case name == "":
					return "没有 errors"
				case name != "errors":
					return errorsNames()[:1].fault(a.members)
				case kind != "数组":
					return "errors 是" + kind + "，须为数组"
				}
				return ""
			})
		})),
		always(must("2.3-03", "每条错误都有 errorCode 和 message，都是字符串", func(t *trial) {
			t.eachHas("errors 的每一条有字符串 errorCode、message", hasErrors, func(a *answer) string {
				for _, e := range a.errors {
					if f := e.fault(); f != "" {
						return f
					}
				}
				return map[bool]string{true: "errors 的条目不是对象"}[len(a.errors) == 0]
			})
		})),
	}
}

func hasErrors(a *answer) bool {
	_, errors := errorsNames()[:1].find(a.members)
	return isEnvelope(a) && strings.TrimSpace(string(errors)) != "[]" && errors != nil && !a.ok()
}

// codeChecks are those of clause 5.1, one for each code: that it comes when it should, with its text.
func codeChecks() (checks []Check) {
	for _, i := range api.Codes() {
		if i.Document {
			checks = append(checks, early(must("5.1-"+string(i.Code), string(i.Code)+" "+i.Message, func(t *trial) {
				provoke(t, i.Code).refusedWith(i.Code).says(i.Code, documented(i)...)
			})))
		}
	}
	return checks
}

// documented are the document's texts for a code. 2.3 and 5.1 write that of 12002 differently (C4).
func documented(i api.CodeInfo) []string {
	if i.Code == api.InvalidAppKey {
		return []string{i.Message, "app_key无效"}
	}
	return []string{i.Message}
}

// provoke makes the request for which chapter 5 has the code.
func provoke(t *trial, c api.Code) *answer {
	switch full := t.fullLogin(); c {
	case api.InvalidAppKey:
		return t.loginWith(full.without("appKey"))
	case api.MissingAppSecret:
		return t.loginWith(full.without("appSecret"))
	case api.InvalidLogin:
		return t.loginWith(full.without("account"))
	case api.InvalidToken:
		return t.sendAs(unknownToken, t.newCase())
	case api.EmptyList:
		return t.send(t.newCase().without("penaltylist"))
	case api.EmptyItem:
		return t.send(t.newCase().without("legal"))
	default:
		return t.send(t.newCase().without(caseMembers()[c[4]-'0']))
	}
}
