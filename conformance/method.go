package conformance

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"diaoxiao/api"
)

// methodChecks are those of C5: the calls answer POST, logout GET too.
func methodChecks() []Check {
	return []Check{
		should("C5-01", "注销也答 GET", func(t *trial) {
			token := t.login()
			t.endShared()
			t.do(request{method: "GET", call: api.Logout, token: token, header: []string{"Content-Type", ""}}).succeeds()
			dead(t, token)
		}),
		must("C5-02", "GET 不能登录", func(t *trial) {
			t.do(request{method: "GET", call: api.Login, body: t.fullLogin().bytes()}).refused()
		}),
		must("C5-03", "GET、PUT 不能报送", func(t *trial) {
			for _, method := range []string{"GET", "PUT"} {
				t.do(request{method: method, call: api.Receive, token: t.session(), body: t.newCase().bytes()}).refused()
			}
		}),
		should("C5-04", "不支持的方法答 405，附 Allow", func(t *trial) {
			for _, r := range []request{{method: "DELETE", call: api.Login}, {method: "GET", call: api.Receive, token: t.session()}, {method: "PUT", call: api.Logout, token: unknownToken}} {
				a := t.do(r)
				a.expect("HTTP 405，Allow 含 POST", a.status == 405 && strings.Contains(a.header.Get("Allow"), "POST"))
			}
		}),
		must("C5-05", "GET 不能登录，参数在 URL 中也不能：密钥会留在沿途的日志里", func(t *trial) {
			for _, q := range []string{loginQuery(t, "appKey", "appSecret", "account"), strings.ToLower(loginQuery(t, "appKey", "appSecret", "account"))} {
				t.do(request{method: "GET", call: api.Login, query: q, header: []string{"Content-Type", ""}}).refused()
			}
		}),
		must("C5-06", "POST 登录的参数不从 URL 中取：密钥会留在沿途的日志里", func(t *trial) {
			all := loginQuery(t, "appKey", "appSecret", "account")
			t.do(request{call: api.Login, query: all, body: []byte("{}")}).refused()
			t.do(request{call: api.Login, query: all, header: []string{"Content-Type", ""}}).refused()
			t.do(request{call: api.Login, query: loginQuery(t, "appSecret"), body: t.fullLogin().without("appSecret").bytes()}).refused()
		}),
	}
}

// loginQuery writes parameters of a right login as those of a URL.
func loginQuery(t *trial, names ...string) string {
	q := url.Values{}
	for _, p := range t.fullLogin() {
		if slices.Contains(names, p.name) {
			q.Set(p.name, p.value.(string))
		}
	}
	return q.Encode()
}

// statusChecks are those of S1: HTTP around the answers.
func statusChecks() []Check {
	return []Check{
		always(should("S1-01", "规范定义的应答一律 HTTP 200，错误也是", func(t *trial) {
			t.each("HTTP 200", func(a *answer) bool { return a.object && !busy(a) && (a.success() || onlyDocumented(a)) }, func(a *answer) bool { return a.status == 200 })
		})),
		must("S1-02", "不存在的接口不得应答成功", func(t *trial) {
			for _, path := range []string{"/security/noSuchCall", "/security"} {
				a := t.do(request{path: path, body: t.fullLogin().bytes()})
				a.expect("不是 SUCCESS，没有令牌", a.err == nil && !a.success() && a.token() == "")
			}
		}),
		should("S1-03", "不存在的接口答 404，正文仍是同一结构", func(t *trial) {
			a := t.do(request{path: "/security/noSuchCall", body: []byte("{}")})
			a.expect("HTTP 404，正文有 errors", a.status == 404 && !a.ok() && len(a.errors) > 0)
		}),
		must("S1-04", "地址多一个斜杠，不以重定向应答（令牌会随之泄露）", func(t *trial) {
			token := t.login()
			for _, path := range []string{"/security/receiveCaseinfo/", "//security/receiveCaseinfo", "/security/../security/receiveCaseinfo"} {
				a := t.do(request{path: path, token: token, body: []byte("{}")})
				a.expect("不是 3xx，没有 Location", a.err == nil && a.status/100 != 3 && a.header.Get("Location") == "")
			}
		}),
		should("S1-05", "正文不是 JSON 时，应答仍是同一结构", func(t *trial) {
			for _, body := range []string{"{", "", "<xml/>"} {
				a := t.send(body)
				a.expect("正文有 errors", !a.ok() && len(a.errors) > 0)
			}
		}),
		always(should("S1-06", "429、503 附 Retry-After", func(t *trial) {
			t.each("Retry-After 为秒数", func(a *answer) bool { return a.status == 429 || a.status == 503 }, func(a *answer) bool {
				n, err := strconv.Atoi(a.header.Get("Retry-After"))
				return err == nil && n > 0
			})
		})),
		always(should("S1-07", "没有 5xx：接收方没有因检查的请求出错", func(t *trial) {
			t.each("不是 5xx（503 除外）", anyAnswer, func(a *answer) bool { return a.status < 500 || a.status == 503 || a.status == 501 })
		})),
		always(must("S1-08", "答 SUCCESS 的，HTTP 状态码为 2xx：否则报送方以为没有受理", func(t *trial) {
			t.each("HTTP 2xx", func(a *answer) bool { return a.object && a.success() && !busy(a) }, func(a *answer) bool { return a.status/100 == 2 })
		})),
		should("S1-09", "接口名区分大小写", func(t *trial) {
			a := t.do(request{path: "/security/Login", body: t.fullLogin().bytes()})
			t.took(a.token())
			a.expect("不是 SUCCESS，没有令牌", a.err == nil && !a.success() && a.token() == "")
		}),
	}
}

// busy reports whether the answer is of a server in trouble: S21-02 holds those.
func busy(a *answer) bool { return a.status == 429 || a.status >= 500 }

// onlyDocumented reports whether all codes of a refusal are those of chapter 5.
func onlyDocumented(a *answer) bool {
	return len(a.errors) > 0 && !slices.ContainsFunc(a.codes(), func(c string) bool { return !api.Code(c).Info().Document || string(api.Code(c).Info().Code) != c })
}
