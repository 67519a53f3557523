package checks

import (
	"net/http"
	"net/url"
	"strings"

	"diaoxiao/api"
	"diaoxiao/conformance/internal/trial"
	"diaoxiao/conformance/internal/wire"
)

// tokenPlaceChecks are those of S8: where a token may stand, and where it may not turn up.
func tokenPlaceChecks() []trial.Check {
	return []trial.Check{
		must("S8-01", "没有令牌：13000", func(t *trial.Trial) { t.SendAs("", t.NewCase()).Refused(api.InvalidToken) }),
		must("S8-02", "令牌为空：13000", func(t *trial.Trial) {
			t.Do(wire.Request{Call: api.Receive, Query: "access_token=", Body: t.NewCase().Bytes()}).
				Refused(api.InvalidToken)
		}),
		must("S8-03", "从未发出的令牌：13000", func(t *trial.Trial) { dead(t, trial.UnknownToken) }),
		must("S8-04", "令牌多一个或少一个字符：13000", func(t *trial.Trial) {
			token := t.Login()
			dead(t, token[:len(token)-1])
			dead(t, token+"0")
		}),
		must("S8-05", "令牌中夹带查询语句：13000", func(t *trial.Trial) { dead(t, url.QueryEscape(`' OR '1'='1`)) }),
		should("S8-06", "令牌在 URL 中转义书写，同样有效", func(t *trial.Trial) {
			alive(t, escapeLast(t.Login()))
		}),
		should("S8-07", "令牌出现两次：13000", func(t *trial.Trial) {
			token := t.Login()
			t.Do(wire.Request{
				Call:  api.Receive,
				Token: token,
				Query: "access_token=" + token,
				Body:  t.NewCase().Bytes(),
			}).Refused(api.InvalidToken)
		}),
		should("S8-08", "请求头 Authorization: Bearer 中的令牌（扩展）", func(t *trial.Trial) {
			bearer(t)
			a := t.Do(wire.Request{
				Call:   api.Receive,
				Header: []string{"Authorization", "Bearer " + t.Login()},
				Body:   t.NewCase().Bytes(),
			})
			a.Accepted()
		}),
		should("S8-09", "URL 和请求头都有令牌：13000", func(t *trial.Trial) {
			bearer(t)
			token := t.Login()
			t.Do(wire.Request{
				Call:   api.Receive,
				Token:  token,
				Header: []string{"Authorization", "Bearer " + token},
				Body:   t.NewCase().Bytes(),
			}).Refused(api.InvalidToken)
		}),
		should("S8-10", "令牌放在别的名称、Cookie 或正文中：13000", func(t *trial.Trial) {
			token := t.Login()
			t.Hide(token)
			t.Do(wire.Request{Call: api.Receive, Query: "accessToken=" + token, Body: t.NewCase().Bytes()}).
				Refused(api.InvalidToken)
			t.Do(wire.Request{
				Call:   api.Receive,
				Header: []string{"Cookie", "access_token=" + token},
				Body:   t.NewCase().Bytes(),
			}).Refused(api.InvalidToken)
			t.Do(wire.Request{Call: api.Receive, Body: t.NewCase().With("access_token", token).Bytes()}).
				Refused(api.InvalidToken)
		}),
		always(must("S8-11", "从不重定向：令牌会随 Location 泄露", func(t *trial.Trial) {
			t.Each("不是 3xx，没有 Location", trial.AnyAnswer, func(a *trial.Answer) bool {
				return a.Status/100 != 3 && a.Header.Get("Location") == ""
			})
		})),
		always(must("S8-12", "令牌不出现在登录以外的应答中", func(t *trial.Trial) {
			t.Each(
				"应答的头和正文中没有令牌",
				func(a *trial.Answer) bool { return a.Token() == "" },
				func(a *trial.Answer) bool { return !leaks(t, a) },
			)
		})),
		always(must("S8-13", "appSecret 不出现在任何应答中", func(t *trial.Trial) {
			t.Each("应答中没有 appSecret", trial.AnyAnswer, func(a *trial.Answer) bool {
				return !wire.Holds(string(a.Body)+flat(a.Header), t.AppSecret)
			})
		})),
	}
}

// bearer ends the check where tokens in the header are not known.
func bearer(t *trial.Trial) {
	if !t.Known("bearer", func() bool {
		a := t.Do(wire.Request{
			Call:   api.Receive,
			Header: []string{"Authorization", "Bearer " + t.Login()},
			Body:   []byte("{}"),
		})
		a.Step.Expected = "（是否提供）"
		return a.Object && !a.Has(api.InvalidToken)
	}) {
		t.NotOffered("不支持 Authorization: Bearer")
	}
}

func leaks(t *trial.Trial, a *trial.Answer) bool {
	text := string(a.Body) + flat(a.Header)
	for _, token := range t.Tokens {
		if wire.Holds(text, token) {
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
