package sandbox_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"diaoxiao/sandbox"
)

// Anything that is wrong with what a client did about one fault is named at once, not one thing a round.
func TestAllFaultsOfAnIncidentAreNamed(t *testing.T) {
	for _, test := range []struct {
		name, account, scenario string
		texts                   []string
		do                      func(*sender)
	}{
		{
			"neither waits nor keeps the content",
			"系统繁忙",
			"busy",
			[]string{"没有等满 Retry-After 的 2 秒", "改了内容"},
			func(c *sender) {
				c.send(caseBody(1, 3))
				c.send(caseBody(1, 4))
			},
		},
		{
			"neither waits nor keeps the number",
			"结果未知",
			"unknown-kept",
			[]string{"没有等满 Retry-After 的 2 秒", "换了案件编号"},
			func(c *sender) {
				c.send(caseBody(1, 3))
				c.send(renumbered(1, 3))
			},
		},
		{
			"goes on with a dead token, and then changes the content",
			"令牌失效",
			"token-ended",
			[]string{"仍用失效的令牌", "改了内容"},
			func(c *sender) {
				twice(c)
				c.login()
				c.send(caseBody(1, 4))
			},
		},
		{
			"goes on with a dead token, and then forgets the case",
			"令牌失效",
			"token-ended",
			[]string{"仍用失效的令牌", "至今没有重发"},
			func(c *sender) {
				twice(c)
				c.login()
			},
		},
		{
			"follows a redirect and takes it for an answer",
			"跳转",
			"redirect",
			[]string{"跟随了跳转", "至今没有重发"},
			func(c *sender) {
				c.http.CheckRedirect = nil
				c.send(caseBody(1, 3))
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := open(t, sandbox.Config{})
			c := newSender(t, s, test.account)
			c.login()
			test.do(c)
			sc := judged(t, s, test.scenario)
			if !slices.ContainsFunc(sc.Incidents, func(i sandbox.Incident) bool {
				return i.Judgement == sandbox.Failed &&
					!slices.ContainsFunc(test.texts, func(text string) bool { return !strings.Contains(i.Text, text) })
			}) {
				t.Errorf("%+v", sc)
			}
		})
	}
}

// The same list under several numbers may be a trial, and the verdict says so.
func TestTrialOfNumbers(t *testing.T) {
	s := open(t, sandbox.Config{})
	c := newSender(t, s, sandbox.Account)
	c.login()
	c.send(caseBody(1, 3))
	c.send(renumbered(1, 3))
	if sc := judged(t, s, "one-number"); sc.Judgement != sandbox.Failed ||
		!strings.Contains(sc.Incidents[0].Text, "试验时有意用同一份清单") {
		t.Errorf("%+v", sc)
	}
}

// The faults of a login strike once, and again without a reset: what was accepted stays. The page says how.
func TestLoginFaultsAgain(t *testing.T) {
	s := open(t, sandbox.Config{})
	c := newSender(t, s, "登录被拒")
	refused := func() bool { return !strings.Contains(c.tryLogin().body, "SUCCESS") }
	if !refused() || refused() {
		t.Fatal("the first login, and no other, is refused")
	}
	r, err := http.NewRequest(http.MethodDelete, s.ControlURL+"rules", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil || answer.StatusCode != http.StatusNoContent {
		t.Fatal(answer, err)
	}
	if !refused() || refused() {
		t.Error("is not refused once more")
	}
	if _, err := s.AddRule(sandbox.Rule{Fault: "登录被拒", Next: 1}); err != nil || !refused() || refused() {
		t.Error("the next one is not refused", err)
	}
	page := get(t, s, "verdict")
	for _, want := range []string{"-X DELETE …/sandbox/rules", `{&#34;fault&#34;:&#34;登录繁忙&#34;,&#34;next&#34;:1}`} {
		if !strings.Contains(page, want) && !strings.Contains(page, strings.ReplaceAll(want, "&#34;", `"`)) {
			t.Errorf("no %q in\n%s", want, page)
		}
	}
}
