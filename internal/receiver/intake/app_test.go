package intake_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
)

func TestCreateApp(t *testing.T) {
	o := openOffice(t)
	spec := intake.AppSpec{Name: "呼和浩特市局办案系统", Contact: "阿拉坦·仓", Phone: "0471", Dialect: api.Table, Accounts: []string{
		"张三",
		"zs",
	}}
	c, err := o.CreateApp(t.Context(), intake.Actor("cli:root"), spec)
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^dx[a-z2-7]{24}$`).MatchString(c.AppKey) ||
		!regexp.MustCompile(`^[0-9a-f]{64}$`).MatchString(c.AppSecret) {
		t.Errorf("%+v", c)
	}
	for _, word := range []string{c.AppKey, spec.Name} {
		a, err := o.App(t.Context(), intake.System, word)
		want := intake.App{
			ID:      a.ID,
			Key:     c.AppKey,
			Name:    spec.Name,
			Contact: spec.Contact,
			Phone:   spec.Phone,
			Dialect: spec.Dialect,
			Created: o.now().UTC(),
		}
		if diff := cmp.Diff(want, a.App); diff != "" || err != nil {
			t.Errorf("%s: %s, %v", word, diff, err)
		}
		if len(a.Accounts) != 2 || a.Accounts[0].Name != "张三" || a.Accounts[1].Name != "zs" || len(a.Secrets) != 1 ||
			!a.Secrets[0].Expires.IsZero() {
			t.Errorf("%+v", a)
		}
	}
	if _, err := o.App(t.Context(), intake.System, "nobody"); !errors.Is(err, intake.ErrNotFound) {
		t.Errorf("got %v", err)
	}
	if _, err := o.CreateApp(t.Context(), intake.Actor("cli:root"), spec); !errors.Is(err, intake.ErrExists) {
		t.Errorf("the same name again: %v", err)
	}
	twice := intake.AppSpec{Name: "乙", Accounts: []string{"a", "a"}}
	if _, err := o.CreateApp(t.Context(), intake.Actor("cli:root"), twice); !errors.Is(err, intake.ErrExists) {
		t.Errorf("an account twice: %v", err)
	}
	if apps, err := o.Apps(t.Context(), intake.System); len(apps) != 1 || err != nil {
		t.Errorf("a failed creation left something: %+v, %v", apps, err)
	}
}

func TestAppSpecRefused(t *testing.T) {
	o := openOffice(t)
	good := intake.AppSpec{Name: "甲", Accounts: []string{"u"}}
	for what, spoil := range map[string]func(*intake.AppSpec){
		"no name":            func(s *intake.AppSpec) { s.Name = "" },
		"blank name":         func(s *intake.AppSpec) { s.Name = "\u3000\u200b" },
		"long name":          func(s *intake.AppSpec) { s.Name = strings.Repeat("名", 67) },
		"line break":         func(s *intake.AppSpec) { s.Contact = "a\nb" },
		"terminal control":   func(s *intake.AppSpec) { s.Phone = "\x1b[2J" },
		"C1 control":         func(s *intake.AppSpec) { s.Phone = "\u0085" },
		"not UTF-8":          func(s *intake.AppSpec) { s.Name = "\xb2\xe2" },
		"no account":         func(s *intake.AppSpec) { s.Accounts = nil },
		"blank account":      func(s *intake.AppSpec) { s.Accounts = []string{"u", " "} },
		"account control":    func(s *intake.AppSpec) { s.Accounts = []string{"u\x00"} },
		"no dialect of ours": func(s *intake.AppSpec) { s.Dialect = "mongolian" },
	} {
		spec := good
		spec.Accounts = slices.Clone(good.Accounts)
		spoil(&spec)
		if c, err := o.CreateApp(t.Context(), intake.Actor("cli:root"), spec); !errors.Is(err, intake.ErrInvalid) ||
			c.AppSecret != "" {
			t.Errorf("%s: %+v, %v", what, c, err)
		}
	}
	if apps, err := o.Apps(t.Context(), intake.System); len(apps) != 0 || err != nil {
		t.Errorf("%+v, %v", apps, err)
	}
}

// Secrets and tokens are in no file of the data folder, and in no audit entry; only their hashes are.
func TestSecretsAreHashed(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	rotated, err := o.RotateSecret(t.Context(), intake.Actor("cli:root"), "甲", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	o.send(t, b, caseOf("a", entity(1)))
	o.store.Close()
	found := false
	err = filepath.WalkDir(o.dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		for _, secret := range []string{b.AppSecret, rotated.AppSecret, b.token, strings.ReplaceAll(b.token, "-", "")} {
			if bytes.Contains(data, []byte(secret)) {
				t.Errorf("%s holds %s", path, secret)
			}
		}
		found = found || bytes.Contains(data, []byte(b.AppKey))
		return err
	})
	if err != nil || !found {
		t.Errorf("looked in the wrong place: %v", err)
	}
}

// The earlier secrets stay valid for the overlap, to the millisecond; those that would have ended sooner do.
func TestRotateSecret(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	try := func(secret string, want bool) {
		t.Helper()
		in := b.request()
		in.AppSecret = secret
		if _, err := o.Login(t.Context(), in); (err == nil) != want {
			t.Errorf("%v after %v", err, o.now().Sub(opening))
		} else if err != nil {
			refusedWith(t, err, api.InvalidLogin)
		}
	}
	rotate := func(overlap time.Duration) string {
		t.Helper()
		c, err := o.RotateSecret(t.Context(), intake.Actor("cli:root"), b.AppKey, overlap)
		if err != nil || c.AppKey != b.AppKey || !slices.Equal(c.Accounts, b.Accounts) {
			t.Fatalf("%+v, %v", c, err)
		}
		return c.AppSecret
	}
	first := b.AppSecret
	second := rotate(time.Hour)
	try(first, true)
	try(second, true)
	o.wait(time.Hour - time.Millisecond)
	try(first, true)
	third := rotate(24 * time.Hour) // does not lengthen the life of the first
	o.wait(time.Millisecond)
	try(first, false)
	try(second, true)
	try(third, true)
	fourth := rotate(0)
	for _, old := range []string{first, second, third} {
		try(old, false)
	}
	try(fourth, true)
	o.wait(-2 * time.Hour) // a clock set back revives what had ended only as far as the record goes
	try(third, true)
	if _, err := o.RotateSecret(t.Context(), intake.Actor("cli:root"), "nobody", 0); !errors.Is(
		err,
		intake.ErrNotFound,
	) {
		t.Errorf("got %v", err)
	}
	d, err := o.App(t.Context(), intake.System, b.AppKey)
	if err != nil || len(d.Secrets) != 4 {
		t.Errorf("%+v, %v", d, err)
	}
}

// Every change an administrator makes leaves one audit entry, and one that failed leaves none.
func TestAudit(t *testing.T) {
	o := openOffice(t)
	ctx := t.Context()
	var want []string
	did := func(action string, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, action)
	}
	c, err := o.CreateApp(ctx, intake.Actor("cli:a"), intake.AppSpec{Name: "甲", Contact: "某", Accounts: []string{"u"}})
	did("app create", err)
	_, err = o.RotateSecret(ctx, intake.Actor("cli:b"), "甲", time.Hour)
	did("app rotate-secret", err)
	did("account add", o.AddAccount(ctx, intake.Actor("cli:c"), "甲", "v"))
	did("account disable", o.SetAccountDisabled(ctx, intake.Actor("cli:d"), "甲", "v", true))
	did("account enable", o.SetAccountDisabled(ctx, intake.Actor("cli:e"), "甲", "v", false))
	did("app disable", o.SetAppDisabled(ctx, intake.Actor("cli:f"), "甲", true))
	did("app enable", o.SetAppDisabled(ctx, intake.Actor("cli:g"), "甲", false))
	b := &bureau{Credentials: c}
	b.logIn(t, o)
	r := o.send(t, b, caseOf("a", entity(1)))
	did("case ask return", o.AskReturn(ctx, intake.Actor("cli:h"), r.AcceptID, "重报", ""))
	did("reverify", o.Reverify(ctx, intake.Actor("cli:i")))
	did("rebuild", o.Rebuild(ctx, intake.Actor("cli:j")))
	for what, err := range map[string]error{
		"exists":     o.AddAccount(ctx, intake.Actor("cli:x"), "甲", "v"),
		"no app":     o.SetAppDisabled(ctx, intake.Actor("cli:x"), "乙", true),
		"no account": o.SetAccountDisabled(ctx, intake.Actor("cli:x"), "甲", "w", true),
		"returned":   o.ReturnCase(ctx, r.AcceptID, "重报"),
		"no case":    o.ReturnCase(ctx, "202603200000000011", "重报"),
		"no reason":  o.ReturnCase(ctx, r.AcceptID, " "),
	} {
		if err == nil {
			t.Errorf("%s: no error", what)
		}
	}
	es, err := o.EntriesAfter(ctx, intake.System, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i, e := range es {
		got = append(got, string(e.Action))
		if e.No != int64(i+1) || e.By != intake.Actor(fmt.Sprintf("cli:%c", 'a'+i)) || !e.At.Equal(o.now()) ||
			e.Target == "" {
			t.Errorf("%+v", e)
		}
		if strings.Contains(fmt.Sprint(e), c.AppSecret) {
			t.Errorf("%+v holds the secret", e)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if page, err := o.EntriesAfter(ctx, intake.System, 3, 2); len(page) != 2 || page[0].No != 4 || err != nil {
		t.Errorf("%+v, %v", page, err)
	}
}

// watched is the real store; it notes which look-ups are made.
type watched struct {
	intake.Store
	calls []string
}

type watchedTx struct {
	intake.Tx
	w *watched
}

func (w *watched) View(ctx context.Context, f func(intake.Tx) error) error {
	return w.Store.View(ctx, func(tx intake.Tx) error { return f(watchedTx{tx, w}) })
}

func (t watchedTx) AppByKey(key string) (intake.App, error) {
	t.w.calls = append(t.w.calls, "AppByKey")
	return t.Tx.AppByKey(key)
}

func (t watchedTx) Secrets(appID int64) ([]intake.Secret, error) {
	t.w.calls = append(t.w.calls, "Secrets")
	return t.Tx.Secrets(appID)
}

func (t watchedTx) Account(appID int64, name string) (intake.Account, error) {
	t.w.calls = append(t.w.calls, "Account")
	return t.Tx.Account(appID, name)
}

// Whatever is wrong with a login, the same look-ups are made, and the answers to a wrong secret and to a wrong account
// are equal.
func TestLoginRefused(t *testing.T) {
	o := openOffice(t)
	b, off := o.admit(t, "甲"), o.admit(t, "乙")
	for _, err := range []error{
		o.AddAccount(t.Context(), intake.Actor("cli:root"), "甲", "disabled"),
		o.SetAccountDisabled(t.Context(), intake.Actor("cli:root"), "甲", "disabled", true),
		o.SetAppDisabled(t.Context(), intake.Actor("cli:root"), "乙", true),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	w := &watched{Store: o.store}
	desk := intake.NewDesk(intake.Config{Store: w, Clock: o.now})
	texts := make(map[string]bool)
	for _, c := range []struct {
		what string
		in   api.LoginRequest
		code api.Code
	}{
		{"unknown key", api.LoginRequest{AppKey: "dxnobody", AppSecret: b.AppSecret, Account: "张三"}, api.InvalidAppKey},
		{
			"the name for the key",
			api.LoginRequest{AppKey: "甲", AppSecret: b.AppSecret, Account: "张三"},
			api.InvalidAppKey,
		},
		{"disabled app", off.request(), api.InvalidAppKey},
		{
			"wrong secret",
			api.LoginRequest{AppKey: b.AppKey, AppSecret: b.AppSecret + "0", Account: "张三"},
			api.InvalidLogin,
		},
		{
			"another's secret",
			api.LoginRequest{AppKey: b.AppKey, AppSecret: off.AppSecret, Account: "张三"},
			api.InvalidLogin,
		},
		{
			"secret in capitals",
			api.LoginRequest{AppKey: b.AppKey, AppSecret: strings.ToUpper(b.AppSecret), Account: "张三"},
			api.InvalidLogin,
		},
		{"wrong account", api.LoginRequest{AppKey: b.AppKey, AppSecret: b.AppSecret, Account: "李四"}, api.InvalidLogin},
		{
			"disabled account",
			api.LoginRequest{AppKey: b.AppKey, AppSecret: b.AppSecret, Account: "disabled"},
			api.InvalidLogin,
		},
		{"both wrong", api.LoginRequest{AppKey: b.AppKey, AppSecret: "x", Account: "x"}, api.InvalidLogin},
		{"nothing", api.LoginRequest{}, api.InvalidAppKey},
	} {
		w.calls = nil
		ticket, err := desk.Login(t.Context(), c.in)
		refusedWith(t, err, c.code)
		if !slices.Equal(w.calls, []string{"AppByKey", "Secrets", "Account"}) {
			t.Errorf("%s: looked up %v", c.what, w.calls)
		}
		if got := ticket.Session; ticket.Token != "" || got.Token != (intake.TokenHash{}) || got.AccountID != 0 ||
			got.Account != "" || got.AppID != 0 && got.AppKey != c.in.AppKey {
			t.Errorf("%s: %+v", c.what, ticket)
		}
		texts[err.Error()] = true
	}
	if len(texts) != 2 {
		t.Errorf("refusals: %v", texts)
	}
	w.calls = nil
	if _, err := desk.Login(t.Context(), b.request()); err != nil || len(w.calls) != 3 {
		t.Errorf("%v, looked up %v", err, w.calls)
	}
}
