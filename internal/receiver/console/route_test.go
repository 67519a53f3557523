package console_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/receiver/console"
	"diaoxiao/internal/receiver/intake"
)

// everybody signed in may use what anybody's own visit allows.
const everybody = "clerk reviewer system-admin security-admin auditor"

// mayUse is who may use which routes, said a second time and apart from the route table: the first that matches counts,
// and a route that none matches fails the test.
var mayUse = []struct{ routes, roles string }{
	{`^(GET|POST) /(login|setup|setup/\{token\}|setup/open)$`, "anybody"},
	{`^GET /(\{\$\}|overview|account|account/alive|help|help/rules|help/codes|help/types)$|` +
		`^POST /(logout|account/password|account/visit)$`, everybody},
	{`^POST /cases/\{acceptid\}/(note|check|checkfirms|compare|reopen|publish|unpublish|correctday|propose)$|` +
		`^POST /cases/\{acceptid\}/(un)?claim$|^POST /proposals/\{no\}/withdraw$`, "clerk"},
	{`^POST /cases/bulk(/do)?$`, "clerk"},
	{`^POST /proposals/(\{no\}/)?decide$`, "reviewer"},
	{`^GET /(mine|cases|proposals|entities|firms|search)(/|$)|^POST /(cases|entities)/(columns|export)$|` +
		`^POST /cases/lists$|` +
		`^POST /cases/\{acceptid\}/(body|package|list|faults|receipt|reveal|compare/reveal)$|` +
		`^POST /cases/\{acceptid\}/entities/\{pos\}/(reveal|package)$`,
		"clerk reviewer"},
	{`^GET /stats$|^POST /stats/export$`, "clerk reviewer"},
	{`^GET /calls(/|$)|^POST /calls/(columns|export)$`, "clerk reviewer system-admin"},
	{`^(GET|POST) /(apps|operators|register)(/|$)`, "system-admin"},
	{`^(GET|POST) /approvals(/|$)`, "security-admin auditor"},
	{`^(GET|POST) /(visits|policies)(/|$)`, "security-admin"},
	{`^(GET|POST) /audit(/|$)`, "auditor"},
	{`^GET /system$`, "system-admin security-admin"},
}

func usersOf(t *testing.T, r console.Route) string {
	t.Helper()
	for _, m := range mayUse {
		if regexp.MustCompile(m.routes).MatchString(r.Pattern) {
			return m.roles
		}
	}
	t.Errorf("%s: mayUse does not say who may", r.Pattern)
	return ""
}

// Every route, asked for by every role and by nobody, answers those who may and nobody else; nothing breaks it.
func TestRoutes(t *testing.T) {
	h := openHouse(t)
	s := h.admit("甲局")
	known := strings.NewReplacer("{acceptid}", s.send(aCase("案1")), "{app}", s.AppKey, "{pos}", "0", "{token}", "x",
		"{no}", "1", "{snapshot}", "1", "{row}", "1", "{import}", "x", "{no}", "1",
		"{$}", "")
	h.verify()
	h.recordCalls()
	visitors := map[string]*visitor{"": h.stranger()}
	for _, role := range intake.Roles() {
		visitors[string(role)] = h.enter(role, "u."+string(role))
	}
	gone := h.enter(intake.SystemAdmin, "gone")
	gone.post("/logout")
	gone.present()
	for _, r := range routesButLogout(t) {
		method, path, _ := strings.Cut(known.Replace(r.Pattern), " ")
		users := usersOf(t, r)
		for role, v := range visitors {
			walk(t, r.Pattern, role, users, v.do(method, path, form()))
		}
		walk(t, r.Pattern+", signed out", "", users, gone.do(method, path, form()))
	}
	for role, v := range visitors {
		a := v.do("POST", "/logout", form())
		if to := map[bool]string{true: "/login", false: "/login?done=out"}[role == ""]; a.Location != to {
			t.Errorf("%q signs out: %d %s", role, a.Status, a.Location)
		}
	}
}

// The address of the console without its path leads to it, and a page that is not there says so in Chinese.
func TestAddressWithoutPath(t *testing.T) {
	h := openHouse(t)
	for path, want := range map[string]int{"/": 303, "/console": 303, "/index.html": 404, "/console/nix": 404} {
		r, err := http.NewRequest("GET", h.console.URL+path, nil)
		h.must(err)
		a := h.stranger().request(r)
		if a.Status != want || want == 303 && a.Location != "/" || want == 404 && !strings.Contains(a.Body, "页面不存在") {
			t.Errorf("%s: %d %q %s", path, a.Status, a.Location, text(a.Body))
		}
	}
}

// Every page refuses text that no database can hold, and says so: PostgreSQL would refuse it as if it were busy.
func TestUnreadable(t *testing.T) {
	h := openHouse(t)
	id := h.admit("甲").send(aCase("1号"))
	clerk, auditor := h.enter(intake.Clerk, "clerk"), h.enter(intake.Auditor, "auditor")
	for path, v := range map[string]*visitor{"/cases?caseid=%BA%F4%CA%D0": clerk, "/cases?name=%00": clerk,
		"/cases/%FF": clerk, "/calls?source=%FF": clerk, "/cases?%FF=1": clerk,
		"/cases?name=%zz": clerk, "/entities?kind=legal&value=a&value=%FF": clerk, "/audit?who=%FF": auditor,
		"/login?to=%FF": h.stranger()} {
		if a := v.do("GET", path, nil); a.Status != 400 || !strings.Contains(text(a.Body), "不能识别的字符，请重新输入") {
			t.Errorf("%s: %d %s", path, a.Status, text(a.Body))
		}
	}
	for path, v := range map[string]*visitor{"/cases/" + id + "/note": clerk, "/login": h.stranger(),
		"/cases/export": clerk} {
		if a := v.do("POST", path, form("text", "\xff", "name", "a\x00", "kind", "csv")); a.Status != 400 ||
			!strings.Contains(text(a.Body), "不能识别的字符") {
			t.Errorf("%s: %d %s", path, a.Status, text(a.Body))
		}
	}
}

// walk holds one answer against who may use the route. role "" is nobody.
func walk(t *testing.T, route, role, users string, a answer) {
	t.Helper()
	toLogin := a.Status == 303 && (a.Location == "/login" || strings.HasPrefix(a.Location, "/login?"))
	switch {
	case a.Status >= 500:
		t.Errorf("%s by %q: %d", route, role, a.Status)
	case users == "anybody":
		if a.Status == 403 || toLogin {
			t.Errorf("%s by %q: %d %s", route, role, a.Status, a.Location)
		}
	case role == "":
		if !toLogin {
			t.Errorf("%s by nobody: %d", route, a.Status)
		}
	case strings.Contains(" "+users+" ", " "+role+" "):
		if a.Status == 401 || a.Status == 403 || a.Status == 405 || toLogin {
			t.Errorf("%s by %s, who may: %d %s", route, role, a.Status, text(a.Body))
		}
	case a.Status != 403:
		t.Errorf("%s by %s, who may not: %d", route, role, a.Status)
	}
}

// routesButLogout is every route but the one that ends the walk, each with a right.
func routesButLogout(t *testing.T) (rs []console.Route) {
	t.Helper()
	for _, r := range console.Routes() {
		if r.Right == 0 {
			t.Errorf("%s has no right", r.Pattern)
		}
		if r.Pattern != "POST /logout" {
			rs = append(rs, r)
		}
	}
	if len(rs) < 30 {
		t.Fatalf("%d routes", len(rs))
	}
	return rs
}

// Whose password is past its time may do nothing but change it.
func TestRoutesOfExpired(t *testing.T) {
	h := openHouse(t)
	names := make(map[string]*visitor)
	for _, role := range intake.Roles() {
		names[string(role)] = h.enter(role, "u."+string(role))
	}
	h.wait(91 * 24 * time.Hour)
	for role, v := range names {
		if a := v.do("POST", "/login", form("name", "u."+role, "password", password, "code",
			h.code())); a.Status != 303 {
			t.Fatal(role, a.Status, text(a.Body))
		}
	}
	for _, r := range routesButLogout(t) {
		method, path, _ := strings.Cut(strings.NewReplacer("{$}", "").Replace(r.Pattern), " ")
		users := usersOf(t, r)
		if users == "anybody" || users == everybody {
			continue
		}
		for role, v := range names {
			a := v.do(method, strings.NewReplacer("{", "", "}", "").Replace(path), form())
			may := strings.Contains(" "+users+" ", " "+role+" ")
			if may && (a.Status != 303 || a.Location != "/account?done=expired") || !may && a.Status != 403 {
				t.Errorf("%s by %s: %d %s", r.Pattern, role, a.Status, a.Location)
			}
		}
	}
}
