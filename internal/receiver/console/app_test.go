package console_test

import (
	"context"
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
)

// shown finds what a page shows under an id.
func shown(t testing.TB, page, id string) string {
	t.Helper()
	found := regexp.MustCompile(`<code class="secret" id="` + id + `">([^<]+)</code>`).FindStringSubmatch(page)
	if found == nil {
		t.Fatalf("nothing under %q: %s", id, text(page))
	}
	return html.UnescapeString(found[1])
}

// An app is admitted, its people log in with what the page showed once, its secret is rotated with and without overlap,
// its accounts and itself are disabled and enabled; what a sender meets with follows at once.
func TestApps(t *testing.T) {
	h := openHouse(t)
	v := h.enter(intake.SystemAdmin, "admin")
	if p := text(v.see("/apps")); !strings.Contains(p, "还没有接入应用") {
		t.Error(p)
	}
	p := v.post("/apps", "name", "呼和浩特市局 <系统>", "contact", "乌云", "phone", "0471-1", "dialect", "table", "accounts",
		"甲\r\n\r\n 乙 \n")
	s := &sender{house: h, Credentials: intake.Credentials{AppKey: shown(t, p, "key"), AppSecret: shown(t, p, "secret"),
		Accounts: []string{"乙"}}}
	s.login()
	here := "/apps/" + s.AppKey
	for _, path := range []string{"/apps", here} {
		p := v.see(path)
		if strings.Contains(p, s.AppSecret) || !strings.Contains(text(p), "呼和浩特市局 <系统>") ||
			!strings.Contains(text(p), "乌云") {
			t.Errorf("%s: %s", path, text(p))
		}
	}
	if p := text(v.see(here)); !strings.Contains(p, "只用规范的表中的写法") {
		t.Error(p)
	}
	p = v.post(here+"/secret", "overlap", "7")
	old := s.AppSecret
	s.AppSecret = shown(t, p, "secret")
	if !strings.Contains(text(p), "有效期至 2026-12-01 09:30:00 ，请") || s.AppSecret == old {
		t.Error(text(p))
	}
	s.login()
	if e := s.try(old); e != "" {
		t.Errorf("the earlier secret within its overlap: %s", e)
	}
	s.AppSecret = shown(t, v.post(here+"/secret", "overlap", "0"), "secret")
	s.login()
	if s.try(old) == "" {
		t.Error("the earlier secret still opens")
	}
	if a := v.do("POST", here+"/secret", form("overlap", "3650")); a.Status != 400 {
		t.Errorf("ten years: %d", a.Status)
	}
	v.post(here+"/account", "account", "乙", "to", "disabled")
	if s.try(s.AppSecret) == "" {
		t.Error("a disabled account logs in")
	}
	v.post(here+"/account", "account", "乙", "to", "enabled")
	s.login()
	has(t, text(v.post(here+"/accounts", "account", "丙")), "接入账号已添加", "丙")
	if a := v.do("POST", here+"/accounts", form("account", "丙")); a.Status != 400 ||
		!strings.Contains(text(a.Body), "已有账号") {
		t.Errorf("twice: %d %s", a.Status, text(a.Body))
	}
	v.post(here+"/standing", "to", "disabled")
	if s.try(s.AppSecret) == "" {
		t.Error("a disabled app logs in")
	}
	v.post(here+"/standing", "to", "enabled")
	s.login()
}

// try logs in with a secret and returns what was wrong.
func (s *sender) try(secret string) (codes string) {
	s.Helper()
	a := s.call(api.Login, "", `{"appKey":"`+s.AppKey+`","appSecret":"`+secret+`","account":"`+s.Accounts[0]+`"}`)
	for _, p := range a.Problems {
		codes += string(p.Code)
	}
	return codes
}

// A form for an app that cannot be taken comes back with what was typed.
func TestAppForm(t *testing.T) {
	h := openHouse(t)
	v := h.enter(intake.SystemAdmin, "admin")
	h.admit("已有的")
	for _, f := range [][]string{{"name", "已有的", "accounts", "甲"}, {"name", "新的", "accounts", " \n"},
		{"name", "新的", "accounts", "甲\n甲"}, {"name", "新的", "accounts", "甲", "dialect", "x"}, {"accounts", "甲"}} {
		a := v.do("POST", "/apps", form(append(f, "contact", "乌云其木格")...))
		if a.Status != 400 || !strings.Contains(a.Body, `value="乌云其木格"`) || !strings.Contains(a.Body, `role="alert"`) {
			t.Errorf("%v: %d %s", f, a.Status, text(a.Body))
		}
	}
	if a := v.do("GET", "/apps/已有的", nil); a.Status != 404 {
		t.Errorf("an app by its name: %d", a.Status)
	}
	if apps, err := h.Apps(context.Background(), intake.System); err != nil || len(apps) != 1 {
		t.Error(apps, err)
	}
}

// The list shows when each app was last heard of, and whether it was told of an error.
func TestLastCalls(t *testing.T) {
	h := openHouse(t)
	v := h.enter(intake.SystemAdmin, "admin")
	one := h.appID(h.admit("有来往的").AppKey)
	h.admit("没有来往的")
	h.record(intake.Call{At: h.now().Add(-time.Hour), Name: "login", AppID: one, Status: 200},
		intake.Call{At: h.now(), Name: "receiveCaseinfo", AppID: one, Codes: "14008", Status: 200})
	has(t, text(v.see("/apps")), "2026-11-24 09:30:00 14008", "没有记录")
}
