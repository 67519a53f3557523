package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"diaoxiao/internal/receiver/intake"
)

func testDevices(t *testing.T, s intake.Store) {
	a, b := addOperator(t, s, anOperator("a")), addOperator(t, s, anOperator("b"))
	device := func(name string, of intake.Operator, n int) intake.Device {
		return intake.Device{Token: intake.HashToken(name), OperatorID: of.ID, Created: at(n), Seen: at(n),
			Agent: "Mozilla/5.0"}
	}
	one, shared, two := device("1", a, 1), device("1", b, 2), device("2", a, 3)
	for _, d := range []intake.Device{one, shared, two} {
		update(t, s, func(tx intake.Tx) error { return tx.PutDevice(d) })
	}
	known := func(what string, get func(intake.Tx) ([]intake.Device, error), want ...intake.Device) {
		t.Helper()
		if diff := cmp.Diff(want, read(t, s, get)); diff != "" {
			t.Errorf("%s: %s", what, diff)
		}
	}
	of := func(o intake.Operator) func(intake.Tx) ([]intake.Device, error) {
		return func(tx intake.Tx) ([]intake.Device, error) { return tx.Devices(o.ID) }
	}
	devices := func(tx intake.Tx) ([]intake.Device, error) { return tx.DevicesOfToken(one.Token) }
	known("the browser that two share", devices, one, shared)
	known("the latest first", of(a), two, one)
	one.Seen = at(9)
	update(t, s, func(tx intake.Tx) error { return tx.PutDevice(one) })
	known("seen again", of(a), one, two)
	update(t, s, func(tx intake.Tx) error { return tx.SweepDevices(at(9)) })
	known("swept", of(a), one)
	known("swept with it", of(b))
	update(t, s, func(tx intake.Tx) error { return tx.ForgetDevice(one.Token, b.ID) })
	known("another operator's is forgotten", of(a), one)
	update(t, s, func(tx intake.Tx) error { return tx.ForgetDevice(one.Token, a.ID) })
	update(t, s, func(tx intake.Tx) error { return errors.Join(tx.PutDevice(two), tx.ForgetDevices(a.ID)) })
	known("all are forgotten", of(a))
}

func testGuesses(t *testing.T, s intake.Store) {
	a, b := addOperator(t, s, anOperator("a")), addOperator(t, s, anOperator("b"))
	one := intake.Guess{OperatorID: a.ID, Place: "10.1.2.3", Failures: 2, At: at(3)}
	two := intake.Guess{OperatorID: a.ID, Place: "browser 01", Failures: 1, Locked: at(50), At: at(4)}
	three := intake.Guess{OperatorID: b.ID, Place: "10.1.2.3", At: at(60)}
	for _, g := range []intake.Guess{{OperatorID: a.ID, Place: "10.1.2.3", Failures: 1, Locked: at(9), At: at(1)}, one,
		two, three} {
		update(t, s, func(tx intake.Tx) error { return tx.PutGuess(g) })
	}
	are := func(of int64, want ...intake.Guess) {
		t.Helper()
		if diff := cmp.Diff(want, read(t, s, func(tx intake.Tx) ([]intake.Guess, error) {
			return tx.Guesses(of)
		})); diff != "" {
			t.Error(diff)
		}
	}
	are(0, two, one, three)
	are(a.ID, two, one)
	look(t, s, func(tx intake.Tx) error {
		if g, err := tx.Guess(a.ID, one.Place); err != nil || g != one {
			t.Errorf("%+v %v", g, err)
		}
		if _, err := tx.Guess(a.ID, "elsewhere"); err != intake.ErrNotFound {
			t.Error(err)
		}
		return nil
	})
	update(t, s, func(tx intake.Tx) error { return tx.SweepGuesses(at(50)) })
	are(0, two, three)
	update(t, s, func(tx intake.Tx) error {
		return errors.Join(tx.DeleteGuess(a.ID, two.Place),
			tx.DeleteGuesses(b.ID))
	})
	are(0)
}

func testNameViews(t *testing.T, s intake.Store) {
	a := addOperator(t, s, anOperator("a"))
	views := []intake.NameView{{OperatorID: a.ID, CaseNo: 2, Pos: 7, At: at(1)}, {OperatorID: a.ID, CaseNo: 1, Pos: 9,
		At: at(2)}}
	for _, v := range append(views, intake.NameView{OperatorID: a.ID + 1, CaseNo: 1, Pos: 9, At: at(2)}) {
		update(t, s, func(tx intake.Tx) error { return tx.PutNameView(v) })
	}
	are := func(since time.Time, want ...intake.NameView) {
		t.Helper()
		got := read(t, s, func(tx intake.Tx) ([]intake.NameView, error) { return tx.NameViews(a.ID, since) })
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	are(at(0), views...)
	are(at(1), views[1])
	views[0].At = at(5)
	update(t, s, func(tx intake.Tx) error { return tx.PutNameView(views[0]) })
	update(t, s, func(tx intake.Tx) error { return tx.SweepNameViews(at(2)) })
	are(at(0), views[0])

	sum := func(of, caseNo int64, n, views int) intake.NameSum {
		return intake.NameSum{OperatorID: of, CaseNo: caseNo, Began: at(n), Views: views}
	}
	for _, add := range []intake.NameSum{sum(a.ID, 1, 1, 1), sum(a.ID, 1, 2, 3), sum(a.ID, 2, 1, 1), sum(a.ID+1, 1, 3,
		1)} {
		update(t, s, func(tx intake.Tx) error { return tx.AddNameSum(add) })
	}
	sums := func(of int64, want ...intake.NameSum) {
		t.Helper()
		if diff := cmp.Diff(want, read(t, s, func(tx intake.Tx) ([]intake.NameSum, error) {
			return tx.NameSums(of)
		})); diff != "" {
			t.Error(diff)
		}
	}
	sums(a.ID, sum(a.ID, 1, 1, 4), sum(a.ID, 2, 1, 1))
	update(t, s, func(tx intake.Tx) error { return tx.DeleteNameSums(a.ID) })
	sums(0, sum(a.ID+1, 1, 3, 1))
}
