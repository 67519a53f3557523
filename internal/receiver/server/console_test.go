package server

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/explain"
	"diaoxiao/internal/receiver/config"
	"diaoxiao/internal/receiver/credential"
	"diaoxiao/internal/receiver/staff"
	"diaoxiao/internal/receiver/workday"
)

// got is the status and text of a page.
func got(t *testing.T, url string) (int, string) {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(b)
}

// The console is beside the interface below the root, or at an address of its own, or nowhere. The interface is the
// same in all three.
func TestConsolePlace(t *testing.T) {
	beside := serveHere(t, t.TempDir(), func(c *config.Settings) { c.Root = "/gateway" })
	own := serveHere(t, t.TempDir(), func(c *config.Settings) { c.ConsoleListen = "127.0.0.1:0" })
	none := serveHere(t, t.TempDir(), func(c *config.Settings) { c.ConsoleListen = config.ConsoleOff })
	for url, want := range map[string]int{
		beside.Base + "/gateway/console/login": 200, beside.Base + "/console/login": 404,
		beside.Base + "/gateway/consoles": 404, own.Base + "/console/login": 404,
		"http://" + own.pagesAddr.String() + "/console/login": 200, none.Base + "/console/login": 404,
	} {
		if status, page := got(t, url); status != want || strings.Contains(page, "ackCode") != (want == 404) {
			t.Errorf("%s: %d %.200s", url, status, page)
		}
	}
	beside.end(t)
	own.end(t)
}

// A server without operators announces a link, and the link works. Once there is an operator, the server announces
// none.
func TestWelcome(t *testing.T) {
	s := serveHere(t, t.TempDir(), nil)
	var out strings.Builder
	s.welcome(t.Context(), &out)
	file := filepath.Join(s.Settings.Data, firstLinkName)
	link := firstLink(t, file)
	if status, page := sent(t, link); status != 200 || !strings.Contains(page, "第一位系统管理员") {
		t.Errorf("%q: %d %.300s", out.String(), status, page)
	}
	var again strings.Builder
	s.welcome(t.Context(), &again)
	if status, _ := sent(t, link); status != http.StatusGone || again.Len() == 0 {
		t.Errorf("the link before: %d", status)
	}
	if _, token, _ := strings.Cut(link, "#"); strings.Contains(out.String()+again.String(), token) ||
		!strings.Contains(out.String(), file) {
		t.Errorf("where a journal may read it: %s", out.String())
	}
	first, secret := firstLink(t, file), []byte("an operator's second")
	_, token, _ := strings.Cut(first, "#")
	_, err := staff.New(s.Desk).Enrol(t.Context(), staff.Enrolment{Token: token, Name: "surina", Person: "苏日娜",
		Identifier: "工号1", Password: "Hulunbuir-1958", TOTP: secret, Code: credential.Code(secret, time.Now())})
	if err != nil {
		t.Fatal(err)
	}
	for began := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		if _, err := os.Stat(file); errors.Is(err, os.ErrNotExist) {
			break
		} else if time.Since(began) > time.Minute {
			t.Fatal("the file is there after its link was used")
		}
	}
	var none strings.Builder
	if s.welcome(t.Context(), &none); none.Len() > 0 {
		t.Error(none.String())
	}
}

// firstLink reads the file with the link of the first administrator, which nobody but its owner may read.
func firstLink(t *testing.T, file string) string {
	t.Helper()
	about, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && about.Mode() != 0o600 {
		t.Errorf("mode %v", about.Mode())
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	link := strings.TrimSpace(string(b))
	if !regexp.MustCompile(`^http://\S+/console/setup#[0-9a-f]{64}$`).MatchString(link) {
		t.Fatalf("%q", link)
	}
	return link
}

// sent sends the token of a link as its page does.
func sent(t *testing.T, link string) (status int, page string) {
	t.Helper()
	address, token, _ := strings.Cut(link, "#")
	w, err := http.PostForm(address+"/open", url.Values{"token": {token}})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	b, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.StatusCode, string(b)
}

// A symbolic link at the path of the file is replaced, and its target is not changed. Where the file cannot be written,
// the token is printed nowhere.
func TestFirstLinkFile(t *testing.T) {
	dir := t.TempDir()
	target, file := filepath.Join(dir, "target"), filepath.Join(dir, "link.txt")
	if err := os.WriteFile(target, []byte("keep"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, file); err != nil {
		t.Fatal(err)
	}
	if err := writeLink(file, "https://x/console/setup#1"); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(target); err != nil || string(b) != "keep" {
		t.Errorf("%q %v", b, err)
	}
	s := serveHere(t, t.TempDir(), func(c *config.Settings) { c.FirstLinkFile = filepath.Join(target, "no", "folder") })
	var out strings.Builder
	s.welcome(t.Context(), &out)
	if strings.Contains(out.String(), "setup") || !strings.Contains(out.String(), "diaoxiao operator create") {
		t.Error(out.String())
	}
}

// Links name a host that a browser on another machine can reach.
func TestConsoleBase(t *testing.T) {
	name, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		change func(*config.Settings)
		addr   string
		want   string
	}{
		{func(*config.Settings) {}, "127.0.0.1:8080", "http://127.0.0.1:8080/console"},
		{func(c *config.Settings) { c.Root = "/gw" }, "[::1]:8080", "http://[::1]:8080/gw/console"},
		{func(c *config.Settings) { c.BehindProxy = true }, "[::]:8080", "https://" + name + "/console"},
		{func(c *config.Settings) { c.ConsoleURL = "https://xyjg.example.gov.cn/console/" }, "0.0.0.0:1",
			"https://xyjg.example.gov.cn/console"},
	} {
		conf := config.Defaults()
		c.change(&conf)
		if got := ConsoleBase(&conf, c.addr); got != c.want {
			t.Errorf("%s: %s, want %s", c.addr, got, c.want)
		}
	}
}

// A configured calendar replaces the program's own. A mistake in it is an error that names the file, before anything
// starts.
func TestCalendarFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "calendar.txt")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	conf := config.Defaults()
	conf.Calendar = file
	write("2031 通知 国办发明电〔2030〕9号\n2031-01-01 休 元旦\n")
	calendar, err := OpenCalendar(&conf)
	day, bad := workday.ParseDay("2031-01-01")
	if err != nil || bad != nil || calendar.Working(day) || calendar.Known(2026) {
		t.Error(calendar, err, bad)
	}
	write("2031-13-01 休 元旦\n")
	if _, err := OpenCalendar(&conf); err == nil || !strings.Contains(err.Error(), "calendar.txt") ||
		!errors.Is(err, explain.ErrUsage) {
		t.Error(err)
	}
}

// The system page shows every setting in force, without its secrets.
func TestSystemFacts(t *testing.T) {
	s := serveHere(t, t.TempDir(), nil)
	s.Settings.Database = "postgres://u:geheim@db/x"
	all := ""
	for _, f := range s.system(t.Context()).Settings {
		all += f.Name + "=" + f.Value + "\n"
	}
	if strings.Contains(all, "geheim") || !strings.Contains(all, "log_days=400\n") ||
		strings.Count(all, "\n") != len(config.Fields()) {
		t.Error(all)
	}
}

// No answer of the console sends a token of the interface on to another address, whether the console or the standard
// library redirects.
func TestNoTokenInRedirects(t *testing.T) {
	s := serveHere(t, t.TempDir(), nil)
	c := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, path := range []string{"/console", "/console/", "/console/../security/receiveCaseinfo", "/console//cases",
		"/console/./cases", "/console/x/../cases", "/console/%2e%2e/security/login", "/console/assets",
		"/console/assets/", "/console/cases", "/console/cases/", "/console/setup", "/console/login/", "/console/csp/",
		"/console/nowhere"} {
		for _, method := range []string{"GET", "POST"} {
			r, err := http.NewRequest(method, s.Base, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.URL.Opaque = "//" + s.Addr.String() + path
			r.URL.RawQuery = "access_token=0123abcd"
			a, err := c.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			a.Body.Close()
			if strings.Contains(a.Header.Get("Location"), "0123abcd") {
				t.Errorf("%s %s: %d to %s", method, path, a.StatusCode, a.Header.Get("Location"))
			}
		}
	}
}
