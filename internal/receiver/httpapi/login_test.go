package httpapi_test

import (
	"context"
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"golang.org/x/text/encoding/simplifiedchinese"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
)

// loginWith is a login body with one member replaced; "" leaves it out.
func (s *sender) loginWith(name, value string) string {
	m := map[string]string{"appKey": s.key, "appSecret": s.secret, "account": s.account, name: value}
	if value == "" {
		delete(m, name)
	}
	return jsonOf(m)
}

func (d *door) setApp(t tester, s *sender, disabled bool) {
	t.Helper()
	if err := d.desk.SetAppDisabled(context.Background(), intake.Actor("test"), s.key, disabled); err != nil {
		t.Fatalf("%v", err)
	}
}

func (d *door) setAccount(t tester, s *sender, disabled bool) {
	t.Helper()
	if err := d.desk.SetAccountDisabled(
		context.Background(), intake.Actor("test"), s.key, s.account, disabled,
	); err != nil {
		t.Fatalf("%v", err)
	}
}

func (d *door) holdLogin(t tester, name, body, want string) answer {
	t.Helper()
	a := d.post(t, "/security/login", body)
	if a.Status != 200 || a.codes() != want || a.Token != "" && want != "SUCCESS" {
		t.Errorf("%s: %d %s, want %s", name, a.Status, a.Body, want)
	}
	d.secret(a.Token)
	return a
}

func TestS2AppKey(t *testing.T) {
	d := openDoor(t)
	s := d.app(t, api.All)
	for name, key := range map[string]string{
		"missing":         "",
		"unknown":         "dxunknown",
		"blank":           "\u3000",
		"other case":      strings.ToUpper(s.key),
		"a space after":   s.key + " ",
		"name of the app": "办案系统1",
		"quoted":          `' OR ''='`,
	} {
		d.holdLogin(t, name, s.loginWith("appKey", key), "12002")
	}
	d.setApp(t, s, true)
	d.holdLogin(t, "disabled", s.credentials(), "12002")
	d.holdLogin(t, "disabled, wrong secret", s.loginWith("appSecret", "wrong"), "12002")
	d.setApp(t, s, false)
	s.login(t)
}

func TestS3AppSecret(t *testing.T) {
	d := openDoor(t)
	s := d.app(t, api.All)
	d.holdLogin(t, "missing", s.loginWith("appSecret", ""), "12003")
	d.holdLogin(t, "blank", s.loginWith("appSecret", " \u200b"), "12003")
}

func TestS4Credentials(t *testing.T) {
	d := openDoor(t)
	s, other := d.app(t, api.All), d.app(t, api.All)
	wrong := d.holdLogin(t, "wrong secret", s.loginWith("appSecret", other.secret), "12004")
	for name, body := range map[string]string{
		"unknown account":       s.loginWith("account", "王五"),
		"both wrong":            strings.Replace(s.loginWith("account", "王五"), s.secret, "wrong", 1),
		"account in other case": s.loginWith("account", "张三 "),
	} {
		if a := d.holdLogin(t, name, body, "12004"); string(a.Body) != string(wrong.Body) {
			t.Errorf("%s is told apart:\n%s\n%s", name, a.Body, wrong.Body)
		}
	}
	d.setAccount(t, s, true)
	if a := d.holdLogin(t, "disabled account", s.credentials(), "12004"); string(a.Body) != string(wrong.Body) {
		t.Errorf("a disabled account is told apart: %s", a.Body)
	}
	d.setAccount(t, s, false)
	d.holdLogin(t, "missing account", s.loginWith("account", ""), "12004")
	s.login(t)
}

// S4: the secrets of an app change with an overlap, and the old one ends with it.
func TestS4RotatedSecret(t *testing.T) {
	d := openDoor(t)
	s := d.app(t, api.All)
	c, err := d.desk.RotateSecret(context.Background(), intake.Actor("test"), s.key, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	d.secret(c.AppSecret)
	d.holdLogin(t, "old secret in the overlap", s.credentials(), "SUCCESS")
	d.holdLogin(t, "new secret", s.loginWith("appSecret", c.AppSecret), "SUCCESS")
	d.wait(time.Hour)
	d.holdLogin(t, "old secret after the overlap", s.credentials(), "12004")
	d.holdLogin(t, "new secret later", s.loginWith("appSecret", c.AppSecret), "SUCCESS")
}

// S4: a wrong secret and a wrong account take equal work. Medians of interleaved logins.
func TestS4EqualWork(t *testing.T) {
	d := openDoor(t)
	s := d.app(t, api.All)
	kinds := []api.LoginRequest{
		{AppKey: s.key, AppSecret: "x", Account: s.account},
		{AppKey: s.key, AppSecret: s.secret, Account: "x"},
	}
	took := make([][]time.Duration, len(kinds))
	for range 400 {
		for i, in := range kinds {
			began := time.Now()
			if _, err := d.desk.Login(t.Context(), in); err == nil {
				t.Fatal("logged in")
			}
			took[i] = append(took[i], time.Since(began))
		}
	}
	least, most := math.Inf(1), 0.0
	for _, ds := range took {
		slices.Sort(ds)
		median := float64(ds[len(ds)/2])
		least, most = min(least, median), max(most, median)
	}
	if most > 1.5*least {
		t.Errorf("medians from %v to %v", time.Duration(least), time.Duration(most))
	}
}

func TestS5SeveralMissing(t *testing.T) {
	d := openDoor(t)
	for body, want := range map[string]string{
		`{}`: "12002,12003,12004",
		`{"account":null,"appSecret":"","appKey":"　"}`: "12002,12003,12004",
		`{"appKey":"k"}`:                "12003,12004",
		`{"appSecret":"s"}`:             "12002,12004",
		`{"account":"a"}`:               "12002,12003",
		`{"account":"a","appSecret":7}`: "12002,19002",
	} {
		d.holdLogin(t, body, body, want)
	}
}

var tokenForm = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// S6: that only a hash is stored is held for every door when its test ends.
func TestS6Tokens(t *testing.T) {
	d := openDoor(t)
	s := d.app(t, api.All)
	var mu sync.Mutex
	var wg sync.WaitGroup
	seen := make(map[string]bool)
	for range 8 {
		wg.Go(func() {
			for range 50 {
				a := d.post(t, "/security/login", s.credentials())
				d.secret(a.Token)
				mu.Lock()
				if seen[a.Token] || !tokenForm.MatchString(a.Token) {
					t.Errorf("token %q", a.Token)
				}
				seen[a.Token] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	// Of 122 to 128 random bits no position is always the same.
	for i := range 36 {
		var values = make(map[byte]bool)
		for token := range seen {
			values[token[i]] = true
		}
		if dash := i == 8 || i == 13 || i == 18 || i == 23; !dash && len(values) < 12 {
			t.Errorf("position %d takes %d values in %d tokens", i, len(values), len(seen))
		}
	}
	if n := d.rows(t)["session"]; n != len(seen) {
		t.Errorf("%d sessions for %d tokens", n, len(seen))
	}
}

// A token that the caller brings to a login is not taken up.
func TestS6Fixation(t *testing.T) {
	d := openDoor(t)
	s := d.app(t, api.All)
	const mine = "00000000-0000-4000-8000-000000000000"
	a := d.post(t, "/security/login?access_token="+mine, s.credentials(), "Authorization", "Bearer "+mine)
	if d.secret(a.Token); a.codes() != "SUCCESS" || a.Token == mine {
		t.Fatalf("%s", a.Body)
	}
	if s.token = mine; s.alive(t) {
		t.Error("a token of the caller's own is valid")
	}
}

// S11 holds for logins too.
func TestS11LoginCharset(t *testing.T) {
	d := openDoor(t)
	s := d.app(t, api.All)
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(s.credentials())
	if err != nil {
		t.Fatal(err)
	}
	for i, test := range []struct{ body, kind, want string }{
		{gbk, "application/json; charset=GBK", "SUCCESS"},
		{gbk, "application/json", "19001"},
		{"\ufeff" + s.credentials(), "", "SUCCESS"},
		{s.credentials(), "application/json; charset=GBK", "19001"},
	} {
		a := d.post(t, "/security/login", test.body, "Content-Type", test.kind)
		if d.secret(a.Token); a.codes() != test.want {
			t.Errorf("%d: %s, want %s", i, a.Body, test.want)
		}
	}
}

// C1: a login that is refused is answered in the dialect of the app whose appKey it names.
func TestC1RefusedLogin(t *testing.T) {
	d := openDoor(t)
	for _, dialect := range api.Dialects() {
		s := d.app(t, dialect)
		want := spellings[dialect]["failure"]
		if dialect == api.Overview {
			want = []string{"ack_code", "errors"}
		}
		for name, body := range map[string]string{
			"wrong secret":    s.loginWith("appSecret", "x"),
			"missing account": s.loginWith("account", ""),
		} {
			if diff := cmp.Diff(want, d.post(t, "/security/login", body).keys()); diff != "" {
				t.Errorf("%s, %s (-want +got)\n%s", dialect, name, diff)
			}
		}
	}
}
