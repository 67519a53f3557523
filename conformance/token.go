package conformance

import (
	"net/http"
	"net/url"
	"strings"

	"diaoxiao/api"
)

// tokenPlaceChecks are those of S8: where a token may stand, and where it may not turn up.
func tokenPlaceChecks() []Check {
	return []Check{
		must("S8-01", "没有令牌：13000", func(t *trial) { t.sendAs("", t.newCase()).refused(api.InvalidToken) }),
		must("S8-02", "令牌为空：13000", func(t *trial) {
			t.do(request{call: api.Receive, query: "access_token=", body: t.newCase().bytes()}).refused(api.InvalidToken)
		}),
		must("S8-03", "从未发出的令牌：13000", func(t *trial) { dead(t, unknownToken) }),
		must("S8-04", "令牌多一个或少一个字符：13000", func(t *trial) {
			token := t.login()
			dead(t, token[:len(token)-1])
			dead(t, token+"0")
		}),
		must("S8-05", "令牌中夹带查询语句：13000", func(t *trial) { dead(t, url.QueryEscape(`' OR '1'='1`)) }),
		should("S8-06", "令牌在 URL 中转义书写，同样有效", func(t *trial) {
			alive(t, escapeLast(t.login()))
		}),
		should("S8-07", "令牌出现两次：13000", func(t *trial) {
			token := t.login()
			t.do(request{call: api.Receive, token: token, query: "access_token=" + token, body: t.newCase().bytes()}).refused(api.InvalidToken)
		}),
		should("S8-08", "请求头 Authorization: Bearer 中的令牌（扩展）", func(t *trial) {
			bearer(t)
			a := t.do(request{call: api.Receive, header: []string{"Authorization", "Bearer " + t.login()}, body: t.newCase().bytes()})
			a.accepted()
		}),
		should("S8-09", "URL 和请求头都有令牌：13000", func(t *trial) {
			bearer(t)
			token := t.login()
			t.do(request{call: api.Receive, token: token, header: []string{"Authorization", "Bearer " + token}, body: t.newCase().bytes()}).refused(api.InvalidToken)
		}),
		should("S8-10", "令牌放在别的名称、Cookie 或正文中：13000", func(t *trial) {
			token := t.login()
			t.hide(token)
			t.do(request{call: api.Receive, query: "accessToken=" + token, body: t.newCase().bytes()}).refused(api.InvalidToken)
			t.do(request{call: api.Receive, header: []string{"Cookie", "access_token=" + token}, body: t.newCase().bytes()}).refused(api.InvalidToken)
			t.do(request{call: api.Receive, body: t.newCase().with("access_token", token).bytes()}).refused(api.InvalidToken)
		}),
		always(must("S8-11", "从不重定向：令牌会随 Location 泄露", func(t *trial) {
			t.each("不是 3xx，没有 Location", anyAnswer, func(a *answer) bool { return a.status/100 != 3 && a.header.Get("Location") == "" })
		})),
		always(must("S8-12", "令牌不出现在登录以外的应答中", func(t *trial) {
			t.each("应答的头和正文中没有令牌", func(a *answer) bool { return a.token() == "" }, func(a *answer) bool { return !leaks(t, a) })
		})),
		always(must("S8-13", "appSecret 不出现在任何应答中", func(t *trial) {
			t.each("应答中没有 appSecret", anyAnswer, func(a *answer) bool { return !holds(string(a.body)+flat(a.header), t.AppSecret) })
		})),
	}
}

// bearer ends the check where tokens in the header are not known.
func bearer(t *trial) {
	if !t.known("bearer", func() bool {
		a := t.do(request{call: api.Receive, header: []string{"Authorization", "Bearer " + t.login()}, body: []byte("{}")})
		a.step.Expected = "（是否提供）"
		return a.object && !a.has(api.InvalidToken)
	}) {
		t.notOffered("不支持 Authorization: Bearer")
	}
}

func leaks(t *trial, a *answer) bool {
	text := string(a.body) + flat(a.header)
	for _, token := range t.tokens {
		if holds(text, token) {
			return true
		}
	}
	return false
}

func flat(h http.Header) string {
	var b strings.Builder
	h.Write(&b)
	return b.String()
}

// escapeLast writes the last character of a token as %XX.
func escapeLast(token string) string {
	const digits = "0123456789ABCDEF"
	last := token[len(token)-1]
	return token[:len(token)-1] + "%" + string(digits[last>>4]) + string(digits[last&15])
}
