package sandbox_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/sandbox"
)

// misdeeds are the faults of bad clients, and the scenario that finds each. Each client begins logged in.
var misdeeds = []struct {
	name, account, scenario, text string
	do                            func(*sender)
}{
	{"changes the body", "应答丢失", "reply-lost", "改了内容", func(c *sender) {
		c.send(caseBody(1, 3))
		c.send(caseBody(1, 4))
	}},
	{"changes the body after a lost answer that was nothing", "空应答", "empty", "改了内容", func(c *sender) {
		c.send(caseBody(1, 3))
		c.send(caseBody(1, 4))
	}},
	{"takes unknown for failure", "结果未知", "unknown-kept", "换了案件编号", func(c *sender) {
		c.send(caseBody(1, 3))
		c.send(renumbered(1, 3))
	}},
	{"sends a case under two numbers", sandbox.Account, "one-number", "换了案件编号", func(c *sender) {
		c.send(caseBody(1, 3))
		c.send(renumbered(1, 3))
	}},
	{"takes unknown for success", "应答丢失", "reply-lost", "至今没有重发", func(c *sender) {
		c.send(caseBody(1, 3))
		c.send(caseBody(2, 3))
	}},
	{"takes a page for success", "代理登录页", "proxy-200", "至今没有重发", func(c *sender) { c.send(caseBody(1, 3)) }},
	{"asks, is told that there is no such case, and leaves it", "读后重置", "reset-after", "至今没有重发", func(c *sender) {
		c.send(caseBody(1, 3))
		c.call(api.Query, fmt.Sprintf(`{"caseid":%q}`, sandbox.Batch(1, 1).CaseID))
	}},
	{"does not wait", "系统繁忙", "busy", "没有等满 Retry-After 的 2 秒", twice},
	{"does not wait when throttled", "请求过频", "throttled", "没有等满 Retry-After 的 2 秒", twice},
	{"does not wait to log in", "登录繁忙", "login-busy", "没有等满", func(c *sender) { c.tryLogin() }},
	{"hammers the login", "登录被拒", "login-refused", "又登录了 4 次", func(c *sender) {
		for range 3 {
			c.tryLogin()
		}
	}},
	{"goes on with a dead token", "令牌失效", "token-ended", "仍用失效的令牌", twice},
	{"gives up on a dead token", "令牌失效", "token-ended", "没有重新登录", func(c *sender) { c.send(caseBody(1, 3)) }},
	{"logs in again and forgets the case", "令牌失效", "token-ended", "至今没有重发", func(c *sender) {
		c.send(caseBody(1, 3))
		c.login()
	}},
	{"follows redirects", "跳转", "redirect", "跟随了跳转", func(c *sender) {
		c.http.CheckRedirect = nil
		twice(c)
	}},
	{"sends what was refused again as it is", sandbox.Account, "refused", "原样重发", func(c *sender) {
		for range 2 {
			c.send([]byte(`{"caseid":"甲"}`))
		}
	}},
	{"leaves the session open", sandbox.Account, "logout", "没有注销", func(c *sender) { c.send(caseBody(1, 3)) }},
	{"puts the secret into the URL", sandbox.Account, "secret-in-url", "出现在请求地址中", func(c *sender) {
		r, err := http.Post(
			c.s.URL+"/security/login?appSecret="+c.app.AppSecret,
			"application/json",
			strings.NewReader("{}"),
		)
		if err != nil {
			c.t.Fatal(err)
		}
		io.Copy(io.Discard, r.Body)
		r.Body.Close()
	}},
}

func twice(c *sender) {
	c.send(caseBody(1, 3))
	c.send(caseBody(1, 3))
}

// renumbered is the same case under another number.
func renumbered(seed uint64, n int) []byte {
	c := sandbox.Batch(seed, n)
	c.CaseID += "之二"
	return bodyOf(c)
}

func TestBadClientsAreFound(t *testing.T) {
	for _, m := range misdeeds {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			s := open(t, sandbox.Config{})
			c := newSender(t, s, m.account)
			if strings.HasPrefix(m.account, "登录") {
				c.tryLogin()
				c.tryLogin()
			} else {
				c.login()
			}
			m.do(c)
			sc := judged(t, s, m.scenario)
			if sc.Judgement != sandbox.Failed || !slices.ContainsFunc(sc.Incidents, func(i sandbox.Incident) bool {
				return i.Judgement == sandbox.Failed && strings.Contains(i.Text, m.text) && len(i.Exchanges) > 0
			}) {
				t.Errorf("%+v", sc)
			}
			if page := get(t, s, "verdict"); !strings.Contains(page, `<td class="nowrap bad">不符</td>`) ||
				!strings.Contains(page, m.text) {
				t.Error(page)
			}
		})
	}
}

// Conduct of good clients besides sending again.
func TestGoodClientsPass(t *testing.T) {
	for _, test := range []struct {
		name, account, scenario string
		do                      func(*sender)
	}{
		{"asks by caseid", "应答丢失", "reply-lost", func(c *sender) {
			c.send(caseBody(1, 3))
			c.call(api.Query, fmt.Sprintf(`{"caseid":%q}`, sandbox.Batch(1, 1).CaseID))
		}},
		{"finds it in the list", "应答丢失", "reply-lost", func(c *sender) {
			c.send(caseBody(1, 3))
			c.call(api.List, "{}")
		}},
		{"sends other cases in between", "应答丢失", "reply-lost", func(c *sender) {
			for range 2 {
				for seed := range uint64(3) {
					c.send(caseBody(seed, 3))
				}
			}
		}},
		{"sends the same values in other bytes", "应答丢失", "reply-lost", func(c *sender) {
			c.send(caseBody(1, 3))
			c.send(append(caseBody(1, 3), ' '))
		}},
		{"does not wait for a slow answer and sends again", "慢应答", "slow-answer", func(c *sender) {
			c.http.Timeout = 500 * time.Millisecond
			c.send(caseBody(1, 3))
			c.http.Timeout = 0
			c.send(caseBody(1, 3))
		}},
		{"corrects what was refused", sandbox.Account, "refused", func(c *sender) {
			c.send([]byte(`{"caseid":"甲"}`))
			c.send([]byte(`{"caseid":"甲","casename":"乙"}`))
		}},
		{"logs out", sandbox.Account, "logout", func(c *sender) { c.call(api.Logout, "{}") }},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := open(t, sandbox.Config{})
			c := newSender(t, s, test.account)
			c.login()
			test.do(c)
			if sc := judged(t, s, test.scenario); sc.Judgement != sandbox.Passed {
				t.Errorf("%+v", sc)
			}
		})
	}
}

// Where nothing happened nothing is judged.
func TestUntouched(t *testing.T) {
	s := open(t, sandbox.Config{Seed: 5})
	v := s.Verdict()
	if v.Untouched != len(v.Scenarios) || v.Seed != 5 || v.Passed+v.Failed+v.Exchanges > 0 {
		t.Errorf("%+v", v)
	}
}
