package intake_test

import (
	"errors"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
)

func TestAddAccount(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	for _, app := range []string{"甲", b.AppKey} {
		if err := o.AddAccount(t.Context(), intake.Actor("cli:root"), app, "李四"+app); err != nil {
			t.Fatal(err)
		}
		if err := o.AddAccount(t.Context(), intake.Actor("cli:root"), app, "李四"+app); !errors.Is(
			err,
			intake.ErrExists,
		) {
			t.Errorf("got %v", err)
		}
		in := b.request()
		in.Account = "李四" + app
		if _, err := o.Login(t.Context(), in); err != nil {
			t.Error(err)
		}
	}
	if err := o.AddAccount(t.Context(), intake.Actor("cli:root"), "乙", "u"); !errors.Is(err, intake.ErrNotFound) {
		t.Errorf("got %v", err)
	}
	for _, name := range []string{"", " ", "a\tb"} {
		if err := o.AddAccount(t.Context(), intake.Actor("cli:root"), "甲", name); !errors.Is(err, intake.ErrInvalid) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// Disabling an account or an app ends its sessions, and no others; enabling revives none. Both are safe to repeat.
func TestDisable(t *testing.T) {
	o := openOffice(t)
	one, two := o.admit(t, "甲"), o.admit(t, "乙")
	if err := o.AddAccount(t.Context(), intake.Actor("cli:root"), "甲", "李四"); err != nil {
		t.Fatal(err)
	}
	second := &bureau{Credentials: intake.Credentials{
		AppKey:    one.AppKey,
		AppSecret: one.AppSecret,
		Accounts:  []string{"李四"},
	}}
	second.logIn(t, o)
	holds := func(what string, b *bureau, want bool) {
		t.Helper()
		who, err := o.Identify(t.Context(), b.token)
		if (err == nil) != want {
			t.Errorf("%s: %v", what, err)
		}
		if !want {
			refusedWith(t, err, api.InvalidToken)
		}
		if who.AppKey != b.AppKey { // known even so, for the answer's dialect and the attempt
			t.Errorf("%s: %+v", what, who)
		}
	}
	account := func(disabled bool) {
		for range 2 {
			if err := o.SetAccountDisabled(t.Context(), intake.Actor("cli:root"), "甲", "张三", disabled); err != nil {
				t.Fatal(err)
			}
		}
	}
	app := func(disabled bool) {
		for range 2 {
			if err := o.SetAppDisabled(t.Context(), intake.Actor("cli:root"), one.AppKey, disabled); err != nil {
				t.Fatal(err)
			}
		}
	}
	holds("at first", one, true)
	account(true)
	holds("disabled account", one, false)
	holds("the other account", second, true)
	account(false)
	holds("enabled account", one, false)
	one.logIn(t, o)
	holds("logged in again", one, true)
	app(true)
	holds("account of a disabled app", one, false)
	holds("the other account of a disabled app", second, false)
	holds("another app", two, true)
	app(false)
	holds("account of an enabled app", one, false)
	holds("the other account of an enabled app", second, false)
	second.logIn(t, o)
	holds("logged in again", second, true)
}
