package checks

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"diaoxiao/api"
	"diaoxiao/conformance/internal/trial"
	"diaoxiao/conformance/internal/wire"
)

// methodChecks are those of C5: the calls answer POST, logout GET too.
func methodChecks() []trial.Check {
	return []trial.Check{
		should("C5-01", "注销也答 GET", func(t *trial.Trial) {
			token := t.Login()
			t.EndShared()
			t.Do(wire.Request{Method: "GET", Call: api.Logout, Token: token, Header: []string{"Content-Type", ""}}).
				Succeeds()
			dead(t, token)
		}),
		must("C5-02", "GET 不能登录", func(t *trial.Trial) {
			t.Do(wire.Request{Method: "GET", Call: api.Login, Body: t.FullLogin().Bytes()}).Refused()
		}),
		must("C5-03", "GET、PUT 不能报送", func(t *trial.Trial) {
			for _, method := range []string{"GET", "PUT"} {
				t.Do(wire.Request{Method: method, Call: api.Receive, Token: t.Session(), Body: t.NewCase().Bytes()}).
					Refused()
			}
		}),
		should("C5-04", "不支持的方法答 405，附 Allow", func(t *trial.Trial) {
			for _, r := range []wire.Request{
				{Method: "DELETE", Call: api.Login},
				{Method: "GET", Call: api.Receive, Token: t.Session()},
				{Method: "PUT", Call: api.Logout, Token: trial.UnknownToken},
			} {
				a := t.Do(r)
				a.Expect("HTTP 405，Allow 含 POST", a.Status == 405 && strings.Contains(a.Header.Get("Allow"), "POST"))
			}
		}),
		must("C5-05", "GET 不能登录，参数在 URL 中也不能：密钥会留在沿途的日志里", func(t *trial.Trial) {
			for _, q := range []string{
				loginQuery(t, "appKey", "appSecret", "account"),
				strings.ToLower(loginQuery(t, "appKey", "appSecret", "account")),
			} {
				t.Do(wire.Request{Method: "GET", Call: api.Login, Query: q, Header: []string{"Content-Type", ""}}).
					Refused()
			}
		}),
		must("C5-06", "POST 登录的参数不从 URL 中取：密钥会留在沿途的日志里", func(t *trial.Trial) {
			all := loginQuery(t, "appKey", "appSecret", "account")
			t.Do(wire.Request{Call: api.Login, Query: all, Body: []byte("{}")}).Refused()
			t.Do(wire.Request{Call: api.Login, Query: all, Header: []string{"Content-Type", ""}}).Refused()
			t.Do(wire.Request{
				Call:  api.Login,
				Query: loginQuery(t, "appSecret"),
				Body:  t.FullLogin().Without("appSecret").Bytes(),
			}).Refused()
		}),
	}
}

// loginQuery writes parameters of a right login as those of a URL.
func loginQuery(t *trial.Trial, names ...string) string {
	q := url.Values{}
	for _, p := range t.FullLogin() {
		if slices.Contains(names, p.Name) {
			q.Set(p.Name, p.Value.(string))
		}
	}
	return q.Encode()
}

// statusChecks are those of S1: HTTP around the answers.
func statusChecks() []trial.Check {
	return []trial.Check{
		always(should("S1-01", "规范定义的应答一律 HTTP 200，错误也是", func(t *trial.Trial) {
			t.Each(
				"HTTP 200",
				func(a *trial.Answer) bool { return a.Object && !busy(a) && (a.Success() || onlyDocumented(a)) },
				func(a *trial.Answer) bool { return a.Status == 200 },
			)
		})),
		must("S1-02", "不存在的接口不得应答成功", func(t *trial.Trial) {
			for _, path := range []string{"/security/noSuchCall", "/security"} {
				a := t.Do(wire.Request{Path: path, Body: t.FullLogin().Bytes()})
				a.Expect("不是 SUCCESS，没有令牌", a.Err == nil && !a.Success() && a.Token() == "")
			}
		}),
		should("S1-03", "不存在的接口答 404，正文仍是同一结构", func(t *trial.Trial) {
			a := t.Do(wire.Request{Path: "/security/noSuchCall", Body: []byte("{}")})
			a.Expect("HTTP 404，正文有 errors", a.Status == 404 && !a.OK() && len(a.Errors) > 0)
		}),
		must("S1-04", "地址多一个斜杠，不以重定向应答（令牌会随之泄露）", func(t *trial.Trial) {
			token := t.Login()
			for _, path := range []string{
				"/security/receiveCaseinfo/",
				"//security/receiveCaseinfo",
				"/security/../security/receiveCaseinfo",
			} {
				a := t.Do(wire.Request{Path: path, Token: token, Body: []byte("{}")})
				a.Expect("不是 3xx，没有 Location", a.Err == nil && a.Status/100 != 3 && a.Header.Get("Location") == "")
			}
		}),
		should("S1-05", "正文不是 JSON 时，应答仍是同一结构", func(t *trial.Trial) {
			for _, body := range []string{"{", "", "<xml/>"} {
				a := t.Send(body)
				a.Expect("正文有 errors", !a.OK() && len(a.Errors) > 0)
			}
		}),
		always(should("S1-06", "429、503 附 Retry-After", func(t *trial.Trial) {
			t.Each(
				"Retry-After 为秒数",
				func(a *trial.Answer) bool { return a.Status == 429 || a.Status == 503 },
				func(a *trial.Answer) bool {
					n, err := strconv.Atoi(a.Header.Get("Retry-After"))
					return err == nil && n > 0
				},
			)
		})),
		always(should("S1-07", "没有 5xx：接收方没有因检查的请求出错", func(t *trial.Trial) {
			t.Each("不是 5xx（503 除外）", trial.AnyAnswer, func(a *trial.Answer) bool {
				return a.Status < 500 || a.Status == 503 || a.Status == 501
			})
		})),
		always(must("S1-08", "答 SUCCESS 的，HTTP 状态码为 2xx：否则报送方以为没有受理", func(t *trial.Trial) {
			t.Each(
				"HTTP 2xx",
				func(a *trial.Answer) bool { return a.Object && a.Success() && !busy(a) },
				func(a *trial.Answer) bool { return a.Status/100 == 2 },
			)
		})),
		should("S1-09", "接口名区分大小写", func(t *trial.Trial) {
			a := t.Do(wire.Request{Path: "/security/Login", Body: t.FullLogin().Bytes()})
			t.Took(a.Token())
			a.Expect("不是 SUCCESS，没有令牌", a.Err == nil && !a.Success() && a.Token() == "")
		}),
	}
}

// busy reports whether the answer is of a server in trouble: S21-02 holds those.
func busy(a *trial.Answer) bool { return a.Status == 429 || a.Status >= 500 }

// onlyDocumented reports whether all codes of a refusal are those of chapter 5.
func onlyDocumented(a *trial.Answer) bool {
	return len(a.Errors) > 0 && !slices.ContainsFunc(a.Codes(), func(c string) bool {
		return !api.Code(c).Info().Document || string(api.Code(c).Info().Code) != c
	})
}
