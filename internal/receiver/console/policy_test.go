package console_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/receiver/console"
	"diaoxiao/internal/receiver/credential"
	"diaoxiao/internal/receiver/intake"
)

// The security administrator sees who is signed in, ends a visit, and unlocks who failed too often.
func TestVisits(t *testing.T) {
	h := openHouse(t)
	v, clerk := h.enter(intake.SecurityAdmin, "security"), h.enter(intake.Clerk, "clerk")
	p := v.see("/visits")
	has(t, text(p), "在线会话（2）", "security", "clerk 业务员clerk 业务员 2026-11-24 09:30:00", "当前会话", "没有登录失败或被锁定")
	h.wait(time.Minute)
	for range 5 {
		h.stranger().do("POST", "/login", form("name", "clerk", "password", "wrong", "code", "1"))
	}
	p = v.see("/visits")
	has(t, text(p), "锁定到2026-11-24 10:01:00 来源 127.0.0.1 解锁")
	lacks(t, p, password)
	in := form("name", "clerk", "password", password, "code", h.code())
	if a := h.stranger().do("POST", "/login", in); a.Status != 400 {
		t.Fatalf("locked: %d", a.Status)
	}
	has(t, text(v.post("/visits/unlock", "name", "clerk")), "已解锁", "没有登录失败或被锁定")
	h.wait(time.Minute)
	in.Set("code", h.code())
	if a := h.stranger().do("POST", "/login", in); a.Status != 303 {
		t.Fatalf("unlocked: %d %s", a.Status, text(a.Body))
	}
	if a := clerk.do("GET", "/account", nil); a.Status != 303 {
		t.Errorf("the visit before still goes on: %d", a.Status)
	}
	visit := between(v.see("/visits"), `name="visit" value="`, `"`)
	has(t, text(v.post("/account/visit", "visit", visit, "to", "/visits")), "会话已结束", "在线会话（1）")
}

func between(s, before, after string) string {
	_, s, _ = strings.Cut(s, before)
	s, _, _ = strings.Cut(s, after)
	return s
}

// Policies are changed within their bounds, all at once or not at all, and hold at once.
func TestPolicies(t *testing.T) {
	h := openHouse(t)
	v := h.enter(intake.SecurityAdmin, "security")
	has(t, text(v.see("/policies")), "无操作退出 分钟 5至240 30 超过这一时间没有操作，须重新登录。")
	fields := func(idle string) []string {
		f := []string{"policy-1", idle}
		for _, p := range (intake.Policies{}).List()[1:] {
			f = append(f, fmt.Sprintf("policy-%d", p.Kind), fmt.Sprint(p.Default))
		}
		return f
	}
	for _, idle := range []string{"4", "241", "x", "", "30"} {
		a := v.do("POST", "/policies", form(fields(idle)...))
		if a.Status != 400 || !strings.Contains(a.Body, `name="policy-1" value="`+idle+`"`) {
			t.Errorf("%q: %d %s", idle, a.Status, text(a.Body))
		}
	}
	has(t, v.post("/policies", fields("5")...), "已保存", `name="policy-1" value="5"`)
	h.wait(6 * time.Minute)
	if a := v.do("GET", "/policies", nil); a.Status != 303 {
		t.Errorf("after six minutes: %d", a.Status)
	}
}

// The system page shows what the program says of itself, how long cases wait, the audit's head, and no secret.
func TestSystem(t *testing.T) {
	h := openHouse(t, func(c *console.Config) {
		c.System = func(context.Context) console.System {
			return console.System{Facts: []console.Fact{{Name: "版本", Value: "1.2.3"},
				{Name: "受理", Value: "已停止受理", Bad: true}},
				Evidence: []console.Fact{{Name: "最后的签署错误", Value: "恢复了较早的备份", Bad: true}},
				Settings: []console.Fact{{Name: "listen", Value: ":8443"}}}
		}
	})
	v := h.enter(intake.SystemAdmin, "admin")
	s := h.admit("甲局")
	has(t, text(v.see("/system")), "版本 1.2.3 受理 已停止受理 请处理 最近一次备份 没有记录",
		"请处理 等待核验 没有案件", "listen :8443", "2024、2025、2026年的放假安排已知",
		"审计链头 4:", "存证日志 最后的签署错误 恢复了较早的备份 请处理")
	has(t, text(v.see("/overview")), "最后的签署错误 恢复了较早的备份 请处理")
	s.send(aCase("案1"))
	has(t, text(v.see("/system")), "等待核验 1件，最早的受理于2026-11-24 09:30:00")
	h.wait(11 * time.Minute)
	has(t, text(v.see("/system")), "最早的受理于2026-11-24 09:30:00 请处理")
	lacks(t, v.see("/system"), s.AppSecret, credential.Base32(secret))
}
