package checks

import (
	"slices"
	"strings"

	"diaoxiao/api"
	"diaoxiao/conformance/internal/sample"
	"diaoxiao/conformance/internal/trial"
)

// errorChecks are those of clause 2.3, the structure of errors.
func errorChecks() []trial.Check {
	return []trial.Check{
		early(must(trial.RefusalForm, "请求错误时应答 FAILURE 和 errors，其中有错误代码", func(t *trial.Trial) {
			a := t.Send(t.NewCase().Without("penalty")).Refused()
			a.Also("errors 有内容，每条有错误代码", len(a.Errors) > 0 && !slices.Contains(a.Codes(), ""))
		})),
		always(must("2.3-02", "errors 总是数组，成功时为 []", func(t *trial.Trial) {
			t.EachHas("errors 为数组，不缺少，不为 null", isEnvelope, func(a *trial.Answer) string {
				name, value := trial.ErrorsNames()[:1].Find(a.Members)
				switch kind := trial.KindOfValue(value); {
				case name == "":
					return "没有 errors"
				case name != "errors":
					return trial.ErrorsNames()[:1].Fault(a.Members)
				case kind != "数组":
					return "errors 是" + kind + "，须为数组"
				}
				return ""
			})
		})),
		always(must("2.3-03", "每条错误都有 errorCode 和 message，都是字符串", func(t *trial.Trial) {
			t.EachHas("errors 的每一条有字符串 errorCode、message", hasErrors, func(a *trial.Answer) string {
				for _, e := range a.Errors {
					if f := e.Fault(); f != "" {
						return f
					}
				}
				return map[bool]string{true: "errors 的条目不是对象"}[len(a.Errors) == 0]
			})
		})),
	}
}

func hasErrors(a *trial.Answer) bool {
	_, errors := trial.ErrorsNames()[:1].Find(a.Members)
	return isEnvelope(a) && strings.TrimSpace(string(errors)) != "[]" && errors != nil && !a.OK()
}

// codeChecks are those of clause 5.1, one for each code: that it comes when it should, with its text.
func codeChecks() (checks []trial.Check) {
	for _, i := range api.Codes() {
		if i.Document {
			checks = append(
				checks,
				early(must("5.1-"+string(i.Code), string(i.Code)+" "+i.Message, func(t *trial.Trial) {
					provoke(t, i.Code).RefusedWith(i.Code).Says(i.Code, documented(i)...)
				})),
			)
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
func provoke(t *trial.Trial, c api.Code) *trial.Answer {
	switch full := t.FullLogin(); c {
	case api.InvalidAppKey:
		return t.LoginWith(full.Without("appKey"))
	case api.MissingAppSecret:
		return t.LoginWith(full.Without("appSecret"))
	case api.InvalidLogin:
		return t.LoginWith(full.Without("account"))
	case api.InvalidToken:
		return t.SendAs(trial.UnknownToken, t.NewCase())
	case api.EmptyList:
		return t.Send(t.NewCase().Without("penaltylist"))
	case api.EmptyItem:
		return t.Send(t.NewCase().Without("legal"))
	default:
		return t.Send(t.NewCase().Without(sample.CaseMembers()[c[4]-'0']))
	}
}
