package console_test

import (
	"context"
	"encoding/base32"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/receiver/console"
	"diaoxiao/internal/receiver/credential"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/staff"
)

var secretField = regexp.MustCompile(`name="secret" value="([A-Z2-7]+)"`)

// The first link makes the first administrator, who is signed in by it, and signs in again with a new code.
func TestFirstRun(t *testing.T) {
	h := openHouse(t)
	link, err := h.FirstInvitation(context.Background())
	h.must(err)
	v := h.stranger()
	if p := text(v.see("/setup")); !strings.Contains(p, "也可以粘贴整个链接") {
		t.Error(p)
	}
	p := v.do("POST", "/setup/open", form("token", " "+h.console.URL+"/console/setup#"+link)).Body // pasted whole
	found := secretField.FindStringSubmatch(p)
	if found == nil || !strings.Contains(p, "<svg") || !strings.Contains(p, "第一位系统管理员") {
		t.Fatal(text(p))
	}
	device, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(found[1])
	h.must(err)
	fields := form("token", link, "secret", found[1], "name", "admin1", "person", "苏日娜", "identifier", "工号1",
		"password", password, "again", password, "code", "000000")
	if a := v.do("POST", "/setup", fields); a.Status != 400 || !strings.Contains(a.Body, found[1]) ||
		!strings.Contains(text(a.Body), "动态口令不对") {
		t.Errorf("a wrong code: %d %s", a.Status, text(a.Body))
	}
	fields.Set("code", credential.Code(device, h.now()))
	a := v.do("POST", "/setup", fields)
	cookie := a.Header.Get("Set-Cookie")
	if a.Status != 303 || !strings.HasPrefix(cookie, "__Host-diaoxiao=") ||
		!strings.Contains(cookie, "HttpOnly; Secure; SameSite=Lax") {
		t.Fatal(a.Status, cookie, text(a.Body))
	}
	if p := text(v.see("/account")); !strings.Contains(p, "苏日娜（系统管理员）") {
		t.Error(p)
	}
	if a := h.stranger().do("POST", "/setup/open", form("token", link)); a.Status != 410 {
		t.Errorf("the link again: %d", a.Status)
	}
	v.post("/logout")
	if a := v.do("GET", "/account?x=1", nil); a.Location != "/login?to="+url.QueryEscape("/account?x=1") {
		t.Errorf("signed out: %d %s", a.Status, a.Location)
	}
	h.wait(time.Minute)
	in := form("name", "admin1", "password", password, "code", credential.Code(device, h.now()), "to", "/account?x=1")
	if a := v.do("POST", "/login", in); a.Location != "/account?x=1" {
		t.Errorf("%d %s %s", a.Status, a.Location, text(a.Body))
	}
}

// Signing in says the same of whatever is wrong, leads nowhere but into the console, and a source that guesses has to
// wait.
func TestLogin(t *testing.T) {
	h := openHouse(t)
	h.enter(intake.Clerk, "clerk")
	h.wait(time.Minute)
	v := h.stranger()
	said := make(map[string]bool)
	for _, f := range []url.Values{
		form("name", "clerk", "password", "wrong", "code", h.code()),
		form("name", "nobody", "password", password, "code", h.code()),
		form("name", "clerk", "password", password, "code", "123"), form(),
	} {
		a := v.do("POST", "/login", f)
		if a.Status != 400 || a.Header.Get("Set-Cookie") != "" {
			t.Errorf("%v: %d", f, a.Status)
		}
		said[regexp.MustCompile(`role="alert">[^<]*`).FindString(a.Body)] = true
	}
	if len(said) != 1 {
		t.Error(said)
	}
	for _, to := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, "javascript:alert(1)",
		"/a\r\nSet-Cookie: x"} {
		h.wait(time.Minute)
		if a := h.stranger().do("POST", "/login", form("name", "clerk", "password", password, "code", h.code(), "to",
			to)); a.Location != "/" {
			t.Errorf("%q leads to %q (%d)", to, a.Location, a.Status)
		}
	}
	for range 20 {
		v.do("POST", "/login", form("name", "x", "password", "x", "code", "1"))
	}
	if a := v.do("POST", "/login", form("name", "clerk", "password", password, "code",
		h.code())); a.Header.Get("Retry-After") == "" {
		t.Errorf("guessing is not slowed down: %d %s", a.Status, text(a.Body))
	}
}

// A page of another site cannot have a visitor's browser do anything, nor frame a page.
func TestCrossOrigin(t *testing.T) {
	h := openHouse(t)
	v := h.enter(intake.Clerk, "clerk")
	for name, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"} {
		r, _ := http.NewRequest("POST", h.console.URL+"/console/logout", nil)
		r.Header.Set(name, value)
		if a := v.request(r); a.Status != http.StatusForbidden || !strings.Contains(text(a.Body), "不是从管理台的页面提交的") {
			t.Errorf("%s: %d %s", name, a.Status, text(a.Body))
		}
	}
	v.see("/account")
	a := v.do("GET", "/account", nil)
	if got := a.Header.Get("Strict-Transport-Security"); got != "max-age=31536000" {
		t.Errorf("Strict-Transport-Security %q", got)
	}
	policy := a.Header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") ||
		strings.Contains(policy, "unsafe") {
		t.Error(policy)
	}
	if strings.Contains(a.Body, " style=") || strings.Contains(a.Body, "onclick") {
		t.Error("the page has what its policy forbids")
	}
}

// Passwords do not travel in the clear, and networks that are not named stay out.
func TestWhoMayCome(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.9.0.0/16")}
	for name, c := range map[string]struct {
		change func(*console.Config)
		from   string
		header [2]string
		status int
	}{
		"this machine": {nil, "127.0.0.1:9", [2]string{}, 200},
		"plainly":      {nil, "10.1.2.3:9", [2]string{}, 403},
		"a proxy's word": {func(c *console.Config) { c.Proxies = proxies }, "10.9.0.1:9",
			[2]string{"X-Forwarded-Proto", "https"}, 200},
		"a proxy's word, plainly": {func(c *console.Config) { c.Proxies = proxies }, "10.9.0.1:9",
			[2]string{"X-Forwarded-Proto", "http"}, 403},
		"a stranger's word": {func(c *console.Config) { c.Proxies = proxies }, "10.1.2.3:9",
			[2]string{"X-Forwarded-Proto", "https"}, 403},
		"a network not named": {func(c *console.Config) { c.Networks = proxies }, "127.0.0.1:9", [2]string{}, 403},
	} {
		cfg := console.Config{Desk: openHouse(t).Desk, Prefix: "/console"}
		if c.change != nil {
			c.change(&cfg)
		}
		handler, err := console.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest("GET", "/console/login", nil)
		r.RemoteAddr = c.from
		if c.header[0] != "" {
			r.Header.Set(c.header[0], c.header[1])
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != c.status {
			t.Errorf("%s: %d %s", name, w.Code, text(w.Body.String()))
		}
	}
}

// Reports of a breach reach the log, but nobody can fill it with them.
func TestReports(t *testing.T) {
	h := openHouse(t)
	v := h.stranger()
	for range 100 {
		if a := v.do("POST", "/csp", form("blocked", "inline")); a.Status != http.StatusNoContent {
			t.Fatal(a.Status)
		}
	}
	if n := len(h.violations); n < 1 || n > 30 || !strings.Contains(h.violations[0], "inline") {
		t.Errorf("%d reports: %.100q", n, h.violations)
	}
}

// The fault of a new password is said once, in a sentence.
func TestWeakPasswordsAreExplained(t *testing.T) {
	h := openHouse(t)
	v := h.enter(intake.Clerk, "wulan")
	a := v.do("POST", "/account/password", form("old", password, "password", "Ab1", "again", "Ab1"))
	if p := text(a.Body); a.Status != 400 || !strings.Contains(p, " 密码至少 10 个字符") {
		t.Errorf("%d %s", a.Status, p)
	}
	link, err := h.CreateOperator(t.Context(), intake.Actor("cli:root"),
		staff.OperatorSpec{Name: "batu", Person: "巴图", Role: intake.Auditor, Identifier: "batu"})
	h.must(err)
	a = h.stranger().do("POST", "/setup", form("token", link, "secret", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "password",
		"Ab1", "again", "Ab1", "code", "1"))
	if p := text(a.Body); a.Status != 400 || !strings.Contains(p, " 密码至少 10 个字符") {
		t.Errorf("%d %s", a.Status, p)
	}
}
