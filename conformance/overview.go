package conformance

import (
	"mime"
	"slices"
	"unicode/utf8"

	"diaoxiao/api"
)

// overviewChecks are those of clauses 2.1, 2.2 and 2.4: that the calls are there, how they are called and what an
// answer is.
func overviewChecks() []Check {
	return []Check{
		early(must(callsThere, "安全认证授权接口和执法办案信息接收接口都在", func(t *trial) {
			var answers []*answer
			for _, c := range []api.Call{api.Login, api.Receive, api.Logout} {
				a := t.do(request{call: c, body: []byte("{}")})
				t.mute[c] = !a.object || a.status == 404
				answers = append(answers, a)
			}
			for _, a := range answers {
				a.expect("接口存在：应答是 JSON 对象，不是 404", !t.mute[a.sent.call])
			}
		})),
		must("2.2-01", "公共参数 access_token 在 URL 中，专用参数在正文中", func(t *trial) {
			t.sendAs(t.login(), t.newCase()).accepted()
		}),
		should("2.2-02", "URL 中另有参数不影响调用", func(t *trial) {
			t.do(request{call: api.Receive, token: t.login(), query: "v=1&name=%E6%B5%8B", body: t.newCase().bytes()}).accepted()
		}),
		always(should("2.2-03", "应答之后关闭连接的，以 Connection: close 声明", func(t *trial) {
			token := t.session()
			for _, r := range []request{{call: api.Receive, token: token, body: []byte("{}")}, {call: api.Receive, token: token, body: anyBody(t)},
				{call: api.Login, body: []byte("{}")}} {
				t.tryClosing(r)
			}
			t.do(request{call: api.Logout, token: unknownToken, body: []byte("{}")}).unless("连接可以继续使用，或者应答有 Connection: close", t.quietly())
		})),
		must("2.4-01", "登录、报送、注销三步走通", func(t *trial) {
			token := t.login()
			t.sendAs(token, t.newCase()).accepted()
			t.logout(token).succeeds()
		}),
		always(must("2.4-02", "每个成功的应答都是一个有效的 JSON 对象", func(t *trial) {
			t.eachHas("有效的 JSON 对象，UTF-8，成员名不重复", func(a *answer) bool { return a.status == 200 && !t.mute[a.sent.call] }, invalid)
		})),
		always(must("2.4-03", "每个应答都有 ackCode（或 ack_code），值为 SUCCESS 或 FAILURE", func(t *trial) {
			t.eachHas("ackCode 为 SUCCESS 或 FAILURE", isEnvelope, func(a *answer) string {
				name, _ := ackNames().find(a.members)
				fault := ackNames().fault(a.members) + ackNames().textFault(a.members)
				switch {
				case name == "":
					return "没有 ackCode"
				case fault != "" || slices.Contains([]string{"SUCCESS", "FAILURE"}, a.ack()):
					return fault
				}
				return name + " 为“" + a.ack() + "”，须为 SUCCESS 或 FAILURE"
			})
		})),
		always(must("2.4-04", "SUCCESS 没有错误，FAILURE 必有错误", func(t *trial) {
			t.each("SUCCESS 时 errors 为空，FAILURE 时不为空", func(a *answer) bool { return isEnvelope(a) && a.ack() != "" }, func(a *answer) bool {
				return a.ok() == (len(a.errors) == 0) || len(a.errors) == 0 && a.misshapen()
			})
		})),
		always(should("2.4-05", "应答的 Content-Type 为 application/json", func(t *trial) {
			t.each("Content-Type: application/json", func(a *answer) bool { return a.object }, func(a *answer) bool {
				kind, _, err := mime.ParseMediaType(a.header.Get("Content-Type"))
				return err == nil && kind == "application/json"
			})
		})),
		always(should("2.4-06", "应答及时", func(t *trial) {
			t.each("不超过 "+t.Patience.String(), func(a *answer) bool { return len(a.sent.body) < 1<<20 }, func(a *answer) bool { return a.took <= t.Patience })
		})),
		always(should("2.4-07", "应答只用 ASCII（汉字写作 \\u 转义），以平台编码读取的程序也不会读错", func(t *trial) {
			t.each("正文只有 ASCII 字符", isEnvelope, func(a *answer) bool {
				if slices.ContainsFunc(a.body, func(b byte) bool { return b >= utf8.RuneSelf }) {
					t.notOffered("应答直接使用汉字，这并不违反规范")
				}
				return true
			})
		})),
		always(must("2.4-08", "应答的成员在最外层，不另套一层", func(t *trial) {
			t.eachHas("ackCode、errors、access_token、acceptid 在最外层", isEnvelope, func(a *answer) string {
				if a.wrapper == "" {
					return ""
				}
				return "成员在 " + a.wrapper + " 之内，须在最外层"
			})
		})),
	}
}

// anyBody is a case that the target has accepted, or else none.
func anyBody(t *trial) []byte {
	for _, k := range t.kept {
		if k.owner.AppKey == t.AppKey && len(k.answer.sent.body) < 1<<10 && k.answer.sent.mediaType() == nil && k.answer.sent.raw == "" {
			return k.answer.sent.body
		}
	}
	return []byte("{}")
}

// isEnvelope reports whether an answer is meant to be one of the interface.
func isEnvelope(a *answer) bool { return a.object && (a.status == 200 || a.ack() != "") }

// invalid is what keeps a strict reader from reading the answer.
func invalid(a *answer) string {
	unique := slices.Sorted(slices.Values(a.names))
	switch {
	case !a.object:
		return "正文不是 JSON 对象"
	case !utf8.Valid(a.body):
		return "正文不是 UTF-8"
	case len(slices.Compact(unique)) != len(a.names):
		return "成员名重复"
	}
	return a.around
}
