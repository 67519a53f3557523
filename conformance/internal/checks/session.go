package checks

import (
	"maps"
	"slices"
	"time"

	"diaoxiao/api"
	"diaoxiao/conformance/internal/trial"
	"diaoxiao/conformance/internal/wire"
)

// sessionChecks are those of clauses 3.1.1 login and 3.1.2 logout, and 3.1 of both.
func sessionChecks() []trial.Check {
	return []trial.Check{
		must("3.1-01", "没有有效的会话，不得报送", func(t *trial.Trial) { t.SendAs(trial.UnknownToken, t.NewCase()).Refused() }),
		early(must("3.1.1-01", "登录成功，应答令牌", func(t *trial.Trial) {
			a := t.LoginWith(t.FullLogin()).Succeeds()
			fault := trial.TokenNames().TextFault(a.Members)
			if a.Token() == "" && fault == "" {
				fault = "没有令牌"
			}
			a.Unless(a.Step.Expected+"；令牌是不为空的字符串", fault)
		})),
		must("3.1.1-02", "登录正文的成员次序和空白不影响登录", func(t *trial.Trial) {
			body := "{ \r\n\r\n" + t.FullLogin().Reversed().Text()[1:] + " \r\n"
			t.LoginWith(body).Succeeds()
		}),
		must("3.1.1-03", "Content-Type 带 charset=utf-8 的登录", func(t *trial.Trial) {
			t.LoginWith(t.FullLogin(), "Content-Type", "application/json;charset=UTF-8").Succeeds()
		}),
		should("3.1.1-04", "令牌是可见的 ASCII 字符，放入 URL 不需转义", func(t *trial.Trial) {
			token := t.Login()
			t.Last().Expect("令牌由字母、数字和 - . _ ~ 组成", !slices.ContainsFunc([]byte(token), needsEscape))
		}),
		must("3.1.1-05", "被拒绝的登录不给令牌", func(t *trial.Trial) {
			t.LoginWith(t.FullLogin().Without("account")).Refused()
		}),
		must("3.1.2-01", "注销：正文为 {}，应答 SUCCESS", func(t *trial.Trial) { t.Logout(t.Login()).Succeeds() }),
		must("3.1.2-02", "没有登录，注销答 13000", func(t *trial.Trial) {
			t.Do(wire.Request{Call: api.Logout, Token: trial.UnknownToken, Body: []byte("{}")}).
				Refused(api.InvalidToken)
		}),
	}
}

func needsEscape(b byte) bool {
	return !('a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9' || slices.Contains([]byte("-._~"), b))
}

// logoutChecks are those of C7: what a logout may look like.
func logoutChecks() []trial.Check {
	check := func(
		c func(string, string, func(*trial.Trial)) trial.Check,
		id, title string,
		r wire.Request,
	) trial.Check {
		return c(id, "注销的请求"+title, func(t *trial.Trial) {
			r.Call, r.Token = api.Logout, t.Login()
			t.EndShared()
			t.Do(r).Succeeds()
			dead(t, r.Token)
		})
	}
	return []trial.Check{
		check(must, "C7-01", "没有正文", wire.Request{}),
		check(should, "C7-02", "没有正文，也没有 Content-Type", wire.Request{Header: []string{"Content-Type", ""}}),
		check(should, "C7-03", "正文为 {}，没有 Content-Type", wire.Request{
			Header: []string{"Content-Type", ""},
			Body:   []byte("{}"),
		}),
		check(
			should,
			"C7-04",
			"没有正文，Content-Type 为表单",
			wire.Request{Header: []string{"Content-Type", "application/x-www-form-urlencoded"}},
		),
		check(
			should,
			"C7-05",
			"没有正文，也没有 Content-Length",
			wire.Request{Raw: "POST {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"},
		),
		check(must, "C7-06", "正文为空白", wire.Request{Body: []byte("{\r\n\r\n}")}),
		must("C7-07", "注销的应答与其他接口结构相同", func(t *trial.Trial) {
			a := t.Logout(t.Login()).Succeeds()
			a.Also(
				"正文是对象，有 ackCode 或 errors",
				a.Object && (a.Ack() != "" || len(a.Errors) > 0 || a.Members["errors"] != nil),
			)
		}),
	}
}

// sessionLifeChecks are those of S7.
func sessionLifeChecks() []trial.Check {
	return []trial.Check{
		must("S7-01", "令牌在有效期内可以反复使用", func(t *trial.Trial) {
			token := t.Login()
			alive(t, token)
			t.SendAs(token, t.NewCase()).Accepted()
			alive(t, token)
		}),
		must("S7-02", "每次登录是一个独立的会话：再次登录不使前一个失效", func(t *trial.Trial) {
			first := t.Login()
			alive(t, t.Login())
			alive(t, first)
		}),
		must("S7-03", "注销立即生效", func(t *trial.Trial) {
			token := t.Login()
			alive(t, token)
			t.Logout(token).Succeeds()
			dead(t, token)
		}),
		must("S7-04", "注销只结束自己的会话", func(t *trial.Trial) {
			one, other := t.Login(), t.Login()
			t.Logout(one)
			alive(t, other)
		}),
		must("S7-05", "注销的令牌不会复活", func(t *trial.Trial) {
			token := t.Login()
			t.Logout(token)
			t.Wait(1500 * time.Millisecond)
			dead(t, token)
			t.Login()
			dead(t, token)
		}),
		must("S7-06", "注销的令牌不能报送完整的案件", func(t *trial.Trial) {
			token := t.Login()
			t.Logout(token)
			t.SendAs(token, t.NewCase()).Refused()
		}),
		should("S7-07", "已注销的令牌再次注销，答 13000", func(t *trial.Trial) {
			token := t.Login()
			t.Logout(token)
			t.Logout(token).Refused(api.InvalidToken)
		}),
		should("S7-08", "会话已结束，不论正文如何都答 13000", func(t *trial.Trial) {
			token := t.Login()
			t.Logout(token)
			for _, body := range []any{"{", "", t.NewCase().Without("caseid")} {
				t.SendAs(token, body).Refused(api.InvalidToken)
			}
		}),
		must("S7-09", "令牌 30 分钟有效", func(t *trial.Trial) {
			used, unused := wornTokens(t)
			alive(t, used)
			t.Wait(45 * time.Second)
			dead(t, unused)
		}),
		must("S7-10", "停用应用或账户立即结束其会话", func(t *trial.Trial) {
			t.Untested("须由接收方的管理人员停用应用；可在 diaoxiao sandbox 上验证")
		}),
		should("S7-11", "令牌的 30 分钟自登录起算，不因使用而延长", func(t *trial.Trial) {
			used, _ := wornTokens(t)
			alive(t, used)
			t.Wait(45 * time.Second)
			dead(t, used)
		}),
		must("S7-12", "同时登录 8 次，令牌各不相同，各自有效", func(t *trial.Trial) {
			seen := make(map[string]bool)
			for _, a := range t.Together(slices.Repeat(
				[]wire.Request{{Call: api.Login, Body: t.FullLogin().Bytes()}},
				8,
			)) {
				t.Took(a.Token())
				a.Succeeds().Also("令牌与同时得到的不同", a.Token() != "" && !seen[a.Token()])
				seen[a.Token()] = true
			}
			for _, token := range slices.Sorted(maps.Keys(seen)) {
				alive(t, token)
			}
		}),
		must("S7-13", "两个应用同时登录，会话各属各的应用", loginsApart),
	}
}

// wornTokens waits until half a minute before two tokens end.
func wornTokens(t *trial.Trial) (used, unused string) {
	if !t.WaitToken {
		t.Untested("须等候 30 分钟，用 --wait-token")
	}
	used, unused = t.Login(), t.Login()
	t.Wait(29*time.Minute + 30*time.Second)
	return used, unused
}
