package console_test

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"diaoxiao/internal/receiver/console"
	"diaoxiao/internal/receiver/intake"
)

// proxied has the console believe what its neighbour says of the source.
func proxied(c *console.Config) { c.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} }

// from posts a form as from a source.
func (v *visitor) from(source, path string, form url.Values) answer {
	v.Helper()
	r, err := http.NewRequest("POST", v.house.console.URL+"/console"+path, strings.NewReader(form.Encode()))
	v.must(err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Forwarded-For", source)
	r.Header.Set("X-Forwarded-Proto", "https")
	return v.request(r)
}

// Six hundred sign-ins of one source do not hold up a person elsewhere: few are tried, the others are told when to come
// again.
func TestSignInFlood(t *testing.T) {
	var crowded atomic.Int64
	h := openHouse(t, proxied, func(c *console.Config) { c.Crowded = func() { crowded.Add(1) } })
	h.enter(intake.Clerk, "clerk")
	h.wait(time.Minute)
	var tried, told, odd atomic.Int64
	flood := func() {
		a := h.stranger().from("192.0.2.66", "/login", form("name", "clerk", "password", "wrong", "code", "1"))
		switch {
		case a.Status == 400:
			tried.Add(1)
		case a.Status == 429 && a.Header.Get("Retry-After") != "" && strings.Contains(text(a.Body), "秒后再试"):
			told.Add(1)
		default:
			odd.Add(1)
		}
	}
	var all sync.WaitGroup
	for range 40 {
		all.Go(func() {
			for range 15 {
				flood()
			}
		})
	}
	a := h.stranger().from("192.0.2.7", "/login", form("name", "clerk", "password", password, "code", h.code()))
	if a.Status != 303 {
		t.Errorf("from elsewhere: %d %s", a.Status, text(a.Body))
	}
	all.Wait()
	if tried.Load() > 20 || told.Load() < 580 || odd.Load() != 0 {
		t.Errorf("%d were tried, %d told to wait, %d neither", tried.Load(), told.Load(), odd.Load())
	}
	if crowded.Load() == 0 {
		t.Error("nobody was turned away from the line")
	}
}

// Strangers of many networks lock an operator for unknown browsers only: in a known browser the operator comes
// in, and unlocks the own account or others. One network alone locks nothing but itself.
func TestStrangersLockNobodyOut(t *testing.T) {
	h := openHouse(t, proxied)
	h.must(h.SetPolicies(t.Context(), intake.Actor("cli:root"), intake.Policies{intake.LockAfter: 3}))
	h.enter(intake.SecurityAdmin, "guard")
	right := func() url.Values {
		h.wait(time.Minute)
		return form("name", " ＧUARD ", "password", password, "code", h.code())
	}
	wrong := form("name", "guard", "password", "wrong", "code", "000000")
	own := h.stranger()
	a := own.from("192.0.2.7", "/login", right())
	cookies := strings.Join(a.Header["Set-Cookie"], "\n")
	if a.Status != 303 || !strings.Contains(cookies, "__Host-diaoxiao-browser=") ||
		strings.Count(cookies, "HttpOnly; Secure; SameSite=") != 2 {
		t.Fatal(a.Status, cookies, text(a.Body))
	}
	for range 3 {
		h.stranger().from("198.51.100.1", "/login", wrong)
	}
	if a := h.stranger().from("198.51.100.1", "/login", right()); a.Status != 400 {
		t.Errorf("the network that guessed: %d", a.Status)
	}
	if a := h.stranger().from("203.0.113.5", "/login", right()); a.Status != 303 {
		t.Errorf("one network locks out another: %d %s", a.Status, text(a.Body))
	}
	for i := range 6 { // the factor times LockAfter
		h.stranger().from(fmt.Sprint("198.51.100.", 10+i), "/login", wrong)
	}
	if a := h.stranger().from("203.0.113.6", "/login", right()); a.Status != 400 {
		t.Errorf("guessing is not bounded: %d", a.Status)
	}
	if a := own.from("198.51.100.10", "/login", right()); a.Status != 303 {
		t.Fatalf("the owner is locked out of a browser of his own: %d %s", a.Status, text(a.Body))
	}
	has(t, text(own.see("/visits")), "锁定到", "对所有未曾登录的浏览器")
	own.post("/visits/unlock", "name", "guard")
	if a := h.stranger().from("203.0.113.6", "/login", right()); a.Status != 303 {
		t.Errorf("unlocked: %d", a.Status)
	}
	for range 3 {
		own.from("203.0.113.7", "/login", wrong)
	}
	if a := own.from("203.0.113.7", "/login", right()); a.Status != 400 {
		t.Errorf("who took the browser may guess on: %d", a.Status)
	}
}

// A page that shows a new secret shows it once; loaded again it says so, does nothing twice, and nobody else can see
// it.
func TestSecretsAreShownOnce(t *testing.T) {
	h := openHouse(t)
	v, other := h.enter(intake.SystemAdmin, "admin"), h.enter(intake.SystemAdmin, "other")
	for path, fields := range map[string][]string{"/apps": {"name", "甲", "accounts", "经办人"},
		"/operators": {"name", "batu", "person", "巴图", "role", "clerk", "identifier", "工号9"}} {
		a := v.do("POST", path, form(fields...))
		if a.Status != 303 || strings.Contains(a.Location, "setup") {
			t.Fatal(a.Status, a.Location, text(a.Body))
		}
		u, _ := url.Parse(h.console.URL)
		other.Jar.SetCookies(u, v.Jar.Cookies(u))
		other.present()
		lacks(t, other.see(a.Location), `class="secret"`)
		has(t, v.see(a.Location), `class="secret"`)
		p := v.see(a.Location)
		lacks(t, p, `class="secret"`)
		has(t, text(p), "只显示一次", "没有重复办理")
	}
	if apps, err := h.Apps(t.Context(), intake.System); err != nil || len(apps) != 1 {
		t.Error(len(apps), err)
	}
}

// A link of an earlier version, whose code stands in its path, is answered with a clear text and does nothing.
func TestOldLinks(t *testing.T) {
	h := openHouse(t)
	link, err := h.FirstInvitation(t.Context())
	h.must(err)
	for _, method := range []string{"GET", "POST"} {
		a := h.stranger().do(method, "/setup/"+link, form("password", password, "again", password))
		if a.Status != 410 || !strings.Contains(text(a.Body), "索取新的链接") || strings.Contains(a.Body, link) {
			t.Errorf("%s: %d %s", method, a.Status, text(a.Body))
		}
	}
	a := h.stranger().do("POST", "/setup/open", form("token", link))
	if a.Status != 200 || a.Header.Get("Cache-Control") != "no-store" ||
		a.Header.Get("Referrer-Policy") != "same-origin" {
		t.Error(a.Status, a.Header)
	}
}

// Every request is observed with the user name and the pattern of its route, never with what was asked for.
func TestRequestsAreObserved(t *testing.T) {
	var mu sync.Mutex
	var seen []console.Record
	h := openHouse(t, func(c *console.Config) {
		c.Observe = func(r console.Record) {
			mu.Lock()
			defer mu.Unlock()
			seen = append(seen, r)
		}
	})
	id := h.admit("甲").send(aCase("1号"))
	h.verify()
	clerk := h.enter(intake.Clerk, "clerk")
	clerk.see("/cases/" + id + "/entities/1")
	clerk.see("/entities?kind=legal&value=阿拉坦仓")
	clerk.do("POST", "/operators/reset", form("name", "clerk"))
	clerk.do("GET", "/nix/阿拉坦仓", nil)
	for range 100 {
		h.stranger().do("POST", "/setup/open", form("token", "0123456789abcdef"))
	}
	mu.Lock()
	defer mu.Unlock()
	var lines []string
	unlogged := 0
	for _, r := range seen {
		lines = append(lines, fmt.Sprintln(r.Operator, r.Method, r.Route, r.Status, r.Source))
		if r.Unlogged {
			unlogged++
		}
	}
	all := strings.Join(lines, "")
	for _, want := range []string{"clerk GET /console/cases/{acceptid}/entities/{pos} 200 127.0.0.1",
		"clerk GET /console/entities 200 127.0.0.1",
		"clerk POST /console/operators/reset 403 127.0.0.1", "clerk GET / 404 127.0.0.1",
		" POST /console/setup/open 410 127.0.0.1"} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in %s", want, all)
		}
	}
	if strings.Contains(all, "阿拉坦仓") || strings.Contains(all, "0123456789abcdef") || strings.Contains(all, id) ||
		len(seen) != 104 || unlogged < 60 {
		t.Errorf("%d, %d unlogged: %s", len(seen), unlogged, all)
	}
}
