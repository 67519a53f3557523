package conformance

import (
	"encoding/json"
	"slices"
	"strings"

	"diaoxiao/api"
)

// errorChecks are those of clause 2.3, the structure of errors.
func errorChecks() []Check {
	return []Check{
		must("2.3-01", "请求错误时应答 FAILURE 和 errors", func(t *trial) {
			a := t.send(t.newCase().without("penalty")).refused()
			a.also("errors 有内容", len(a.errors) > 0)
		}),
		always(must("2.3-02", "errors 总是数组，成功时为 []", func(t *trial) {
			t.each("errors 为数组，不缺少，不为 null", isEnvelope, func(a *answer) bool {
				return strings.HasPrefix(strings.TrimSpace(string(a.members["errors"])), "[")
			})
		})),
		always(must("2.3-03", "每条错误都有 errorCode 和 message，都是字符串", func(t *trial) {
			t.each("errors 的每一条有字符串 errorCode、message", hasErrors, func(a *answer) bool { return everyEntryHas(a, "errorCode", "message") })
		})),
	}
}

func hasErrors(a *answer) bool {
	return isEnvelope(a) && strings.TrimSpace(string(a.members["errors"])) != "[]" && !a.ok()
}

func everyEntryHas(a *answer, names ...string) bool {
	var entries []map[string]any
	if json.Unmarshal(a.members["errors"], &entries) != nil {
		return false
	}
	return !slices.ContainsFunc(entries, func(e map[string]any) bool {
		return slices.ContainsFunc(names, func(n string) bool { s, ok := e[n].(string); return !ok || s == "" })
	})
}

// codeChecks are those of clause 5.1, one for each code: that it comes when it should, with its text.
func codeChecks() (checks []Check) {
	for _, i := range api.Codes() {
		if i.Document {
			checks = append(checks, must("5.1-"+string(i.Code), string(i.Code)+" "+i.Message, func(t *trial) {
				t.provoke(i.Code).refusedWith(i.Code).says(i.Code, documented(i)...)
			}))
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
func (t *trial) provoke(c api.Code) *answer {
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
		return t.send(t.newCase().without(caseMembers[c[4]-'0']))
	}
}

// fullLogin is a login body that is right.
func (t *trial) fullLogin() object {
	return object{{"appKey", t.AppKey}, {"appSecret", t.AppSecret}, {"account", t.Account}}
}

// unknownToken looks like a token and is none.
const unknownToken = "00000000-0000-4000-8000-000000000000"
