package store_test

import (
	"fmt"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
)

// people is two apps with two accounts each.
type people struct{ apps, accounts []int64 } // accounts of apps[0], then of apps[1]

func addPeople(t testing.TB, s intake.Store) (p people) {
	t.Helper()
	for _, key := range []string{"k0", "k1"} {
		id := addApp(t, s, key)
		p.apps = append(p.apps, id)
		for _, name := range []string{"u0", "u1"} {
			update(t, s, func(tx intake.Tx) error {
				if err := tx.InsertAccount(intake.Account{AppID: id, Name: name}); err != nil {
					return err
				}
				a, err := tx.Account(id, name)
				p.accounts = append(p.accounts, a.ID)
				return err
			})
		}
	}
	return p
}

// session is a login of account n of the four, that lasts 1000 ms.
func (p people) session(n int, created time.Time) intake.Session {
	return intake.Session{Token: intake.HashToken(fmt.Sprint(n, created)), AppID: p.apps[n/2],
		AccountID: p.accounts[n], Created: created,
		Expires: created.Add(time.Second), AppKey: fmt.Sprint("k", n/2), Account: fmt.Sprint("u",
			n%2), Dialect: api.All}
}

// logIn inserts a session for each account.
func (p people) logIn(t testing.TB, s intake.Store) (all []intake.Session) {
	t.Helper()
	for n := range 4 {
		all = append(all, p.session(n, at(n)))
		update(t, s, func(tx intake.Tx) error { return tx.InsertSession(all[n]) })
	}
	return all
}

func holdSessions(t testing.TB, s intake.Store, what string, want []intake.Session) {
	t.Helper()
	for _, w := range want {
		equal(t, what, read(t, s, func(tx intake.Tx) (intake.Session, error) { return tx.Session(w.Token) }), w)
	}
}

func testSessions(t *testing.T, s intake.Store) {
	p := addPeople(t, s)
	holdSessions(t, s, "logged in", p.logIn(t, s))
	fails(t, s, intake.ErrNotFound, func(tx intake.Tx) error {
		_,
			err := tx.Session(intake.HashToken("nobody's"))
		return err
	})
}

func testEndSessions(t *testing.T, s intake.Store) {
	p := addPeople(t, s)
	all := p.logIn(t, s)
	second := p.session(0, at(7)) // of the first account once more
	update(t, s, func(tx intake.Tx) error { return tx.InsertSession(second) })

	update(t, s, func(tx intake.Tx) error { return tx.EndSession(all[0].Token, at(10)) })
	all[0].Ended = at(10)
	holdSessions(t, s, "one ended", append(all, second))
	update(t, s, func(tx intake.Tx) error { return tx.EndSession(all[0].Token, at(20)) })
	holdSessions(t, s, "ended twice", append(all, second))

	update(t, s, func(tx intake.Tx) error { return tx.EndSessions(p.apps[1], p.accounts[3], at(30)) })
	all[3].Ended = at(30)
	holdSessions(t, s, "all of an account ended", append(all, second))
	update(t, s, func(tx intake.Tx) error { return tx.EndSessions(p.apps[0], 0, at(40)) })
	all[1].Ended, second.Ended = at(40), at(40)
	holdSessions(t, s, "all of an app ended", append(all, second))
}

func testDisabledSessions(t *testing.T, s intake.Store) {
	p := addPeople(t, s)
	all := p.logIn(t, s)
	set := func(app, account bool) {
		t.Helper()
		update(t, s, func(tx intake.Tx) error {
			if err := tx.SetAppDisabled(p.apps[0], app); err != nil {
				return err
			}
			return tx.SetAccountDisabled(p.accounts[0], account)
		})
		all[0].Disabled, all[1].Disabled = app || account, app
		holdSessions(t, s, fmt.Sprintf("app disabled %t, account disabled %t", app, account), all)
	}
	set(true, false)
	set(true, true)
	set(false, true)
	set(false, false)
}

func testSweepSessions(t *testing.T, s intake.Store) {
	p := addPeople(t, s)
	all := p.logIn(t, s) // expire at 1000, 1001, 1002, 1003
	update(t, s, func(tx intake.Tx) error { return tx.EndSession(all[3].Token, at(100)) })
	all[3].Ended = at(100)
	sweep := func(expired, forget time.Time) {
		t.Helper()
		update(t, s, func(tx intake.Tx) error { return tx.SweepSessions(expired, forget) })
	}
	sweep(at(1001), at(100))
	all[0].Ended, all[1].Ended = all[0].Expires, all[1].Expires
	holdSessions(t, s, "swept", all)
	sweep(at(1001), at(101))
	holdSessions(t, s, "the longest ended forgotten", all[:3])
	fails(t, s, intake.ErrNotFound, func(tx intake.Tx) error { _, err := tx.Session(all[3].Token); return err })
	sweep(at(0), at(1001))
	fails(t, s, intake.ErrNotFound, func(tx intake.Tx) error { _, err := tx.Session(all[0].Token); return err })
	holdSessions(t, s, "still remembered", all[1:3])
}

func testCountSessions(t *testing.T, s intake.Store) {
	p := addPeople(t, s)
	all := p.logIn(t, s) // two of each app; expire at 1000, 1001, 1002, 1003
	for i := range 5 {   // and five of the first that have ended, at 11 to 15
		x := p.session(0, at(500+i))
		update(t, s, func(tx intake.Tx) error {
			if err := tx.InsertSession(x); err != nil {
				return err
			}
			return tx.EndSession(x.Token, at(11+i))
		})
	}
	count := func(now time.Time) []intake.SessionCount {
		return read(t, s, func(tx intake.Tx) ([]intake.SessionCount, error) { return tx.CountSessions(now) })
	}
	equal(t, "counted", count(at(1000)), []intake.SessionCount{{AppID: p.apps[0], Alive: 1, Ended: 5},
		{AppID: p.apps[1], Alive: 2}})
	fails(t, s, intake.ErrNotFound, func(tx intake.Tx) error { _, err := tx.SessionEnded(p.apps[0], 5); return err })
	until := read(t, s, func(tx intake.Tx) (time.Time, error) { return tx.SessionEnded(p.apps[0], 2) })
	equal(t, "ended before the last two", until, at(13))
	for _, want := range []int{2, 1, 0} {
		var n int
		update(t, s, func(tx intake.Tx) (err error) { n, err = tx.ForgetSessions(p.apps[0], until, 2); return err })
		equal(t, "forgotten", n, want)
	}
	equal(t, "left", count(at(0)), []intake.SessionCount{{AppID: p.apps[0], Alive: 2, Ended: 2}, {AppID: p.apps[1],
		Alive: 2}})
	holdSessions(t, s, "alive", all)
}

// testSessionWithinTransaction: a transaction sees what it has itself changed of a session it has looked at before.
func testSessionWithinTransaction(t *testing.T, s intake.Store) {
	p := addPeople(t, s)
	all := p.logIn(t, s)
	later := p.session(0, at(9))
	for what, change := range map[string]func(intake.Tx) error{
		"ended":             func(tx intake.Tx) error { return tx.EndSession(all[0].Token, at(10)) },
		"app's ended":       func(tx intake.Tx) error { return tx.EndSessions(p.apps[0], 0, at(10)) },
		"app disabled":      func(tx intake.Tx) error { return tx.SetAppDisabled(p.apps[0], true) },
		"account disabled":  func(tx intake.Tx) error { return tx.SetAccountDisabled(p.accounts[0], true) },
		"swept":             func(tx intake.Tx) error { return tx.SweepSessions(at(5000), at(0)) },
		"forgotten":         func(tx intake.Tx) error { return tx.SweepSessions(at(5000), at(5000)) },
		"another logged in": func(tx intake.Tx) error { return tx.InsertSession(later) },
	} {
		undone := fmt.Errorf("to be undone")
		fails(t, s, undone, func(tx intake.Tx) error {
			if x, err := tx.Session(all[0].Token); err != nil || !x.Alive(at(20)) {
				t.Errorf("before: %+v, %v", x, err)
			}
			if err := change(tx); err != nil {
				return err
			}
			x, err := tx.Session(all[0].Token)
			if alive := err == nil && x.Alive(at(20)); alive != (what == "another logged in") {
				t.Errorf("%s: %+v, %v", what, x, err)
			}
			return undone
		})
		holdSessions(t, s, what+", undone", all)
	}
}
