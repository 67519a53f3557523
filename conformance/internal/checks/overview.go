package checks

import (
	"mime"
	"slices"
	"unicode/utf8"

	"diaoxiao/api"
	"diaoxiao/conformance/internal/trial"
	"diaoxiao/conformance/internal/wire"
)

// overviewChecks are those of clauses 2.1, 2.2 and 2.4: that the calls are there, how they are called and what an
// answer is.
func overviewChecks() []trial.Check {
	return []trial.Check{
		early(must(trial.CallsThere, "安全认证授权接口和执法办案信息接收接口都在", func(t *trial.Trial) {
			var answers []*trial.Answer
			for _, c := range []api.Call{api.Login, api.Receive, api.Logout} {
				a := t.Do(wire.Request{Call: c, Body: []byte("{}")})
				t.Mute[c] = !a.Object || a.Status == 404
				answers = append(answers, a)
			}
			for _, a := range answers {
				a.Expect("接口存在：应答是 JSON 对象，不是 404", !t.Mute[a.Sent.Call])
			}
		})),
		must("2.2-01", "公共参数 access_token 在 URL 中，专用参数在正文中", func(t *trial.Trial) {
			t.SendAs(t.Login(), t.NewCase()).Accepted()
		}),
		should("2.2-02", "URL 中另有参数不影响调用", func(t *trial.Trial) {
			t.Do(wire.Request{
				Call:  api.Receive,
				Token: t.Login(),
				Query: "v=1&name=%E6%B5%8B",
				Body:  t.NewCase().Bytes(),
			}).Accepted()
		}),
		always(should("2.2-03", "应答之后关闭连接的，以 Connection: close 声明", func(t *trial.Trial) {
			token := t.Session()
			for _, r := range []wire.Request{
				{Call: api.Receive, Token: token, Body: []byte("{}")},
				{Call: api.Receive, Token: token, Body: anyBody(t)},
				{Call: api.Login, Body: []byte("{}")},
			} {
				t.TryClosing(r)
			}
			t.Do(wire.Request{Call: api.Logout, Token: trial.UnknownToken, Body: []byte("{}")}).
				Unless("连接可以继续使用，或者应答有 Connection: close", t.Quietly())
		})),
		must("2.4-01", "登录、报送、注销三步走通", func(t *trial.Trial) {
			token := t.Login()
			t.SendAs(token, t.NewCase()).Accepted()
			t.Logout(token).Succeeds()
		}),
		always(must("2.4-02", "每个成功的应答都是一个有效的 JSON 对象", func(t *trial.Trial) {
			t.EachHas(
				"有效的 JSON 对象，UTF-8，成员名不重复",
				func(a *trial.Answer) bool { return a.Status == 200 && !t.Mute[a.Sent.Call] },
				invalid,
			)
		})),
		always(must("2.4-03", "每个应答都有 ackCode（或 ack_code），值为 SUCCESS 或 FAILURE", func(t *trial.Trial) {
			t.EachHas("ackCode 为 SUCCESS 或 FAILURE", isEnvelope, func(a *trial.Answer) string {
				name, _ := trial.AckNames().Find(a.Members)
				fault := trial.AckNames().Fault(a.Members) + trial.AckNames().TextFault(a.Members)
				switch {
				case name == "":
					return "没有 ackCode"
				case fault != "" || slices.Contains([]string{"SUCCESS", "FAILURE"}, a.Ack()):
					return fault
				}
				return name + " 为“" + a.Ack() + "”，须为 SUCCESS 或 FAILURE"
			})
		})),
		always(must("2.4-04", "SUCCESS 没有错误，FAILURE 必有错误", func(t *trial.Trial) {
			t.Each(
				"SUCCESS 时 errors 为空，FAILURE 时不为空",
				func(a *trial.Answer) bool { return isEnvelope(a) && a.Ack() != "" },
				func(a *trial.Answer) bool {
					return a.OK() == (len(a.Errors) == 0) || len(a.Errors) == 0 && a.Misshapen()
				},
			)
		})),
		always(should("2.4-05", "应答的 Content-Type 为 application/json", func(t *trial.Trial) {
			t.Each(
				"Content-Type: application/json",
				func(a *trial.Answer) bool { return a.Object },
				func(a *trial.Answer) bool {
					kind, _, err := mime.ParseMediaType(a.Header.Get("Content-Type"))
					return err == nil && kind == "application/json"
				},
			)
		})),
		always(should("2.4-06", "应答及时", func(t *trial.Trial) {
			t.Each(
				"不超过 "+t.Patience.String(),
				func(a *trial.Answer) bool { return len(a.Sent.Body) < 1<<20 },
				func(a *trial.Answer) bool { return a.Took <= t.Patience },
			)
		})),
		always(should("2.4-07", "应答只用 ASCII（汉字写作 \\u 转义），以平台编码读取的程序也不会读错", func(t *trial.Trial) {
			t.Each("正文只有 ASCII 字符", isEnvelope, func(a *trial.Answer) bool {
				if slices.ContainsFunc(a.Body, func(b byte) bool { return b >= utf8.RuneSelf }) {
					t.NotOffered("应答直接使用汉字，这并不违反规范")
				}
				return true
			})
		})),
		always(must("2.4-08", "应答的成员在最外层，不另套一层", func(t *trial.Trial) {
			t.EachHas("ackCode、errors、access_token、acceptid 在最外层", isEnvelope, func(a *trial.Answer) string {
				if a.Wrapper == "" {
					return ""
				}
				return "成员在 " + a.Wrapper + " 之内，须在最外层"
			})
		})),
	}
}

// anyBody is a case that the target has accepted, or else none.
func anyBody(t *trial.Trial) []byte {
	for _, k := range t.Kept {
		if k.Owner.AppKey == t.AppKey && len(k.Answer.Sent.Body) < 1<<10 && k.Answer.Sent.MediaType() == nil &&
			k.Answer.Sent.Raw == "" {
			return k.Answer.Sent.Body
		}
	}
	return []byte("{}")
}

// isEnvelope reports whether an answer is meant to be one of the interface.
func isEnvelope(a *trial.Answer) bool { return a.Object && (a.Status == 200 || a.Ack() != "") }

// invalid is what keeps a strict reader from reading the answer.
func invalid(a *trial.Answer) string {
	unique := slices.Sorted(slices.Values(a.Names))
	switch {
	case !a.Object:
		return "正文不是 JSON 对象"
	case !utf8.Valid(a.Body):
		return "正文不是 UTF-8"
	case len(slices.Compact(unique)) != len(a.Names):
		return "成员名重复"
	}
	return a.Around
}
