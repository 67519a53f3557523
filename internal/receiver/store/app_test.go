package store_test

import (
	"crypto/sha256"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
)

func testApps(t *testing.T, s intake.Store) {
	a := intake.App{Key: "k1", Name: "甲's \"系统\" ; --", Contact: "阿拉坦·仓", Phone: "0471-1234567", Dialect: api.Example,
		Created: at(5)}
	b := intake.App{Key: "k2", Name: "乙", Dialect: api.All, Disabled: true, Created: at(6)}
	mimic := intake.App{Key: "k3", Name: "k1", Dialect: api.All, Created: at(7)} // named like the key of another
	update(t, s, func(tx intake.Tx) (err error) {
		for _, p := range []*intake.App{&a, &b, &mimic} {
			if p.ID, err = tx.InsertApp(*p); err != nil {
				return err
			}
		}
		return nil
	})
	equal(t, "all", read(t, s, intake.Tx.Apps), []intake.App{a, b, mimic})
	for word, want := range map[string]intake.App{"k1": a, a.Name: a, "k2": b, "乙": b, "k3": mimic} {
		equal(t, word, read(t, s, func(tx intake.Tx) (intake.App, error) { return tx.App(word) }), want)
	}
	equal(t, "by key", read(t, s, func(tx intake.Tx) (intake.App, error) { return tx.AppByKey("k2") }), b)
	fails(t, s, intake.ErrNotFound, func(tx intake.Tx) error { _, err := tx.App("K1"); return err })
	fails(t, s, intake.ErrNotFound, func(tx intake.Tx) error { _, err := tx.AppByKey("乙"); return err })
	for _, taken := range []intake.App{{Key: "k1", Name: "新"}, {Key: "new", Name: "乙"}} {
		fails(t, s, intake.ErrExists, func(tx intake.Tx) error { _, err := tx.InsertApp(taken); return err })
	}
	update(t, s, func(tx intake.Tx) error { return tx.SetAppDisabled(a.ID, true) })
	update(t, s, func(tx intake.Tx) error { return tx.SetAppDisabled(b.ID, false) })
	a.Disabled, b.Disabled = true, false
	equal(t, "after disabling", read(t, s, intake.Tx.Apps), []intake.App{a, b, mimic})
}

func testSecrets(t *testing.T, s intake.Store) {
	one, two := addApp(t, s, "one"), addApp(t, s, "two")
	secret := func(text string, created, expires time.Time) intake.Secret {
		return intake.Secret{Hash: sha256.Sum256([]byte(text)), Created: created, Expires: expires}
	}
	lasting, short, long := secret("a", at(1), time.Time{}), secret("b", at(2), at(100)), secret("c", at(3), at(900))
	other := secret("a", at(4), time.Time{})
	update(t, s, func(tx intake.Tx) error {
		for _, x := range []intake.Secret{lasting, short, long} {
			if err := tx.InsertSecret(one, x); err != nil {
				return err
			}
		}
		return tx.InsertSecret(two, other)
	})
	of := func(app int64) []intake.Secret {
		return read(t, s, func(tx intake.Tx) ([]intake.Secret, error) { return tx.Secrets(app) })
	}
	equal(t, "secrets", of(one), []intake.Secret{lasting, short, long})
	update(t, s, func(tx intake.Tx) error { return tx.ExpireSecrets(one, at(500)) })
	lasting.Expires, long.Expires = at(500), at(500)
	equal(t, "only those that would last longer end sooner", of(one), []intake.Secret{lasting, short, long})
	equal(t, "another app's", of(two), []intake.Secret{other})
	equal(t, "of no app", len(of(two+100)), 0)
}

func testAccounts(t *testing.T, s intake.Store) {
	one, two := addApp(t, s, "one"), addApp(t, s, "two")
	add := func(app int64, name string) func(intake.Tx) error {
		return func(tx intake.Tx) error {
			return tx.InsertAccount(intake.Account{AppID: app, Name: name, Created: at(1)})
		}
	}
	for _, f := range []func(intake.Tx) error{add(one, "张三"), add(one, "zs"), add(one, "ZS"), add(two, "张三")} {
		update(t, s, f)
	}
	fails(t, s, intake.ErrExists, add(one, "张三"))
	of := func(app int64) []intake.Account {
		return read(t, s, func(tx intake.Tx) ([]intake.Account, error) { return tx.Accounts(app) })
	}
	got := of(one)
	want := []intake.Account{{AppID: one, Name: "张三", Created: at(1)}, {AppID: one, Name: "zs", Created: at(1)},
		{AppID: one, Name: "ZS", Created: at(1)}}
	for i := range got {
		want[i].ID = got[i].ID
	}
	equal(t, "accounts", got, want)
	update(t, s, func(tx intake.Tx) error { return tx.SetAccountDisabled(got[1].ID, true) })
	want[1].Disabled = true
	equal(t, "one disabled", of(one), want)
	equal(t, "by name", read(t, s, func(tx intake.Tx) (intake.Account, error) { return tx.Account(one, "zs") }),
		want[1])
	fails(t, s, intake.ErrNotFound, func(tx intake.Tx) error { _, err := tx.Account(two, "zs"); return err })
}
