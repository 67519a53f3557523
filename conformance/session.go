package conformance

import (
	"maps"
	"slices"
	"time"

	"diaoxiao/api"
)

// sessionChecks are those of clauses 3.1.1 login and 3.1.2 logout, and 3.1 of both.
func sessionChecks() []Check {
	return []Check{
		must("3.1-01", "没有有效的会话，不得报送", func(t *trial) { t.sendAs(unknownToken, t.newCase()).refused() }),
		early(must("3.1.1-01", "登录成功，应答令牌", func(t *trial) {
			a := t.loginWith(t.fullLogin()).succeeds()
			fault := tokenNames().textFault(a.members)
			if a.token() == "" && fault == "" {
				fault = "没有令牌"
			}
			a.unless(a.step.Expected+"；令牌是不为空的字符串", fault)
		})),
		must("3.1.1-02", "登录正文的成员次序和空白不影响登录", func(t *trial) {
			body := "{ \r\n\r\n" + t.fullLogin().reversed().text()[1:] + " \r\n"
			t.loginWith(body).succeeds()
		}),
		must("3.1.1-03", "Content-Type 带 charset=utf-8 的登录", func(t *trial) {
			t.loginWith(t.fullLogin(), "Content-Type", "application/json;charset=UTF-8").succeeds()
		}),
		should("3.1.1-04", "令牌是可见的 ASCII 字符，放入 URL 不需转义", func(t *trial) {
			token := t.login()
			t.last().expect("令牌由字母、数字和 - . _ ~ 组成", !slices.ContainsFunc([]byte(token), needsEscape))
		}),
		must("3.1.1-05", "被拒绝的登录不给令牌", func(t *trial) {
			t.loginWith(t.fullLogin().without("account")).refused()
		}),
		must("3.1.2-01", "注销：正文为 {}，应答 SUCCESS", func(t *trial) { t.logout(t.login()).succeeds() }),
		must("3.1.2-02", "没有登录，注销答 13000", func(t *trial) {
			t.do(request{call: api.Logout, token: unknownToken, body: []byte("{}")}).refused(api.InvalidToken)
		}),
	}
}

func needsEscape(b byte) bool {
	return !('a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9' || slices.Contains([]byte("-._~"), b))
}

// logoutChecks are those of C7: what a logout may look like.
func logoutChecks() []Check {
	check := func(c func(string, string, func(*trial)) Check, id, title string, r request) Check {
		return c(id, "注销的请求"+title, func(t *trial) {
			r.call, r.token = api.Logout, t.login()
			t.endShared()
			t.do(r).succeeds()
			dead(t, r.token)
		})
	}
	return []Check{
		check(must, "C7-01", "没有正文", request{}),
		check(should, "C7-02", "没有正文，也没有 Content-Type", request{header: []string{"Content-Type", ""}}),
		check(should, "C7-03", "正文为 {}，没有 Content-Type", request{header: []string{"Content-Type", ""}, body: []byte("{}")}),
		check(should, "C7-04", "没有正文，Content-Type 为表单", request{header: []string{"Content-Type", "application/x-www-form-urlencoded"}}),
		check(should, "C7-05", "没有正文，也没有 Content-Length", request{raw: "POST {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"}),
		check(must, "C7-06", "正文为空白", request{body: []byte("{\r\n\r\n}")}),
		must("C7-07", "注销的应答与其他接口结构相同", func(t *trial) {
			a := t.logout(t.login()).succeeds()
			a.also("正文是对象，有 ackCode 或 errors", a.object && (a.ack() != "" || len(a.errors) > 0 || a.members["errors"] != nil))
		}),
	}
}

// sessionLifeChecks are those of S7.
func sessionLifeChecks() []Check {
	return []Check{
		must("S7-01", "令牌在有效期内可以反复使用", func(t *trial) {
			token := t.login()
			alive(t, token)
			t.sendAs(token, t.newCase()).accepted()
			alive(t, token)
		}),
		must("S7-02", "每次登录是一个独立的会话：再次登录不使前一个失效", func(t *trial) {
			first := t.login()
			alive(t, t.login())
			alive(t, first)
		}),
		must("S7-03", "注销立即生效", func(t *trial) {
			token := t.login()
			alive(t, token)
			t.logout(token).succeeds()
			dead(t, token)
		}),
		must("S7-04", "注销只结束自己的会话", func(t *trial) {
			one, other := t.login(), t.login()
			t.logout(one)
			alive(t, other)
		}),
		must("S7-05", "注销的令牌不会复活", func(t *trial) {
			token := t.login()
			t.logout(token)
			t.wait(1500 * time.Millisecond)
			dead(t, token)
			t.login()
			dead(t, token)
		}),
		must("S7-06", "注销的令牌不能报送完整的案件", func(t *trial) {
			token := t.login()
			t.logout(token)
			t.sendAs(token, t.newCase()).refused()
		}),
		should("S7-07", "已注销的令牌再次注销，答 13000", func(t *trial) {
			token := t.login()
			t.logout(token)
			t.logout(token).refused(api.InvalidToken)
		}),
		should("S7-08", "会话已结束，不论正文如何都答 13000", func(t *trial) {
			token := t.login()
			t.logout(token)
			for _, body := range []any{"{", "", t.newCase().without("caseid")} {
				t.sendAs(token, body).refused(api.InvalidToken)
			}
		}),
		must("S7-09", "令牌 30 分钟有效", func(t *trial) {
			used, unused := wornTokens(t)
			alive(t, used)
			t.wait(45 * time.Second)
			dead(t, unused)
		}),
		must("S7-10", "停用应用或账户立即结束其会话", func(t *trial) {
			t.untested("须由接收方的管理人员停用应用；可在 diaoxiao sandbox 上验证")
		}),
		should("S7-11", "令牌的 30 分钟自登录起算，不因使用而延长", func(t *trial) {
			used, _ := wornTokens(t)
			alive(t, used)
			t.wait(45 * time.Second)
			dead(t, used)
		}),
		must("S7-12", "同时登录 8 次，令牌各不相同，各自有效", func(t *trial) {
			seen := make(map[string]bool)
			for _, a := range t.together(slices.Repeat([]request{{call: api.Login, body: t.fullLogin().bytes()}}, 8)) {
				t.took(a.token())
				a.succeeds().also("令牌与同时得到的不同", a.token() != "" && !seen[a.token()])
				seen[a.token()] = true
			}
			for _, token := range slices.Sorted(maps.Keys(seen)) {
				alive(t, token)
			}
		}),
		must("S7-13", "两个应用同时登录，会话各属各的应用", loginsApart),
	}
}

// wornTokens waits until half a minute before two tokens end.
func wornTokens(t *trial) (used, unused string) {
	if !t.WaitToken {
		t.untested("须等候 30 分钟，用 --wait-token")
	}
	used, unused = t.login(), t.login()
	t.wait(29*time.Minute + 30*time.Second)
	return used, unused
}
