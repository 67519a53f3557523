package store_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/charset"
	"diaoxiao/internal/receiver/intake"
)

// numbers are those of cases.
func numbers(cs []intake.Case) (nos []int64) {
	for _, c := range cs {
		nos = append(nos, c.No)
	}
	return nos
}

func testCase(t *testing.T, s intake.Store) {
	app := addApp(t, s, "k")
	b := newBody(t, s, []byte("x"))
	c := intake.Case{AppID: app, Account: "张三", CaseID: "呼市监〔2026〕1号 \t\U00020bb7", Revision: 3,
		Supersedes: "20260301", CaseName: "名",
		PenaltyDate: "2026-03-15", PenaltyOrg: "局", Items: 499_999, Received: at(123),
		Digest: api.Digest(sha256.Sum256([]byte("d"))), Charset: charset.GBK}
	update(t, s, func(tx intake.Tx) (err error) { c, err = insert(tx, c, b); return err })
	got := read(t, s, func(tx intake.Tx) (intake.Case, error) { return tx.Case(c.No) })
	c.AppKey, c.Pack, c.Offset = "k", got.Pack, got.Offset
	equal(t, "case", got, c)
	fails(t, s, intake.ErrNotFound, func(tx intake.Tx) error { _, err := tx.Case(c.No + 1); return err })
}

// testCaseNumbers: numbers go up by one, and one that was given out in an undone Update is given to the next case.
func testCaseNumbers(t *testing.T, s intake.Store) {
	app := addApp(t, s, "k")
	undone := errors.New("undone")
	for i := range 20 {
		want := int64(i + 1)
		b := newBody(t, s, []byte("x"))
		fails(t, s, undone, func(tx intake.Tx) error {
			c, err := insert(tx, intake.Case{AppID: app, CaseID: fmt.Sprint(i)}, b)
			if err != nil || c.No != want {
				t.Errorf("number %d, %v; want %d", c.No, err, want)
			}
			return undone
		})
		fails(t, s, undone, func(tx intake.Tx) error { tx.NextCaseNo(); return undone }) // wrote nothing
		if c := accept(t, s, app, fmt.Sprint(i), []byte("x")); c.No != want {
			t.Errorf("number %d, want %d", c.No, want)
		}
	}
	b, b2 := newBody(t, s, []byte("x")), newBody(t, s, []byte("y"))
	update(t, s, func(tx intake.Tx) error {
		_, err := insert(tx, intake.Case{AppID: app, CaseID: "a"}, b)
		if err == nil {
			_, err = insert(tx, intake.Case{AppID: app, CaseID: "b"}, b2)
		}
		return err
	})
	all := read(t, s, func(tx intake.Tx) ([]intake.Case, error) { return tx.Cases(intake.CaseFilter{}) })
	for i, no := range numbers(all) {
		if no != int64(i+1) {
			t.Fatalf("numbers %v", numbers(all))
		}
	}
	if len(all) != 22 {
		t.Errorf("%d cases", len(all))
	}
}

// testCaseTaken: the constraint on app, caseid and revision decides who is first.
func testCaseTaken(t *testing.T, s intake.Store) {
	one, two := addApp(t, s, "one"), addApp(t, s, "two")
	first := accept(t, s, one, "a", []byte("first"))
	try := func(c intake.Case, want bool) {
		t.Helper()
		b := newBody(t, s, []byte("other"))
		got := !want
		update(t, s, func(tx intake.Tx) (err error) {
			if c.No, err = tx.NextCaseNo(); err != nil {
				return err
			}
			c.Bytes = 5
			got, err = tx.InsertCase(c, b)
			return err
		})
		if got != want {
			t.Errorf("%+v: inserted %t", c, got)
		}
	}
	try(intake.Case{AppID: one, CaseID: "a", CaseName: "another"}, false)
	try(intake.Case{AppID: one, CaseID: "A"}, true)
	try(intake.Case{AppID: one, CaseID: "a "}, true)
	try(intake.Case{AppID: one, CaseID: "a", Revision: 1}, true)
	try(intake.Case{AppID: one, CaseID: "a", Revision: 1}, false)
	try(intake.Case{AppID: two, CaseID: "a"}, true)
	equal(t, "the first", read(t, s, func(tx intake.Tx) (intake.Case, error) { return tx.Case(first.No) }), first)
	holdBody(t, s, first.No, []byte("first"))
	equal(t, "numbers", numbers(read(t, s, func(tx intake.Tx) ([]intake.Case, error) {
		return tx.Cases(intake.CaseFilter{})
	})), []int64{1, 2, 3, 4, 5})
}

func testCaseFilter(t *testing.T, s intake.Store) {
	one, two := addApp(t, s, "one"), addApp(t, s, "two")
	for i := range 8 { // 1 to 4 of one, 5 to 8 of two, 10 ms apart
		b := newBody(t, s, []byte{'x'})
		c := intake.Case{AppID: []int64{one, two}[i/4], CaseID: fmt.Sprint(i % 4), Received: at(10 * (i + 1))}
		update(t, s, func(tx intake.Tx) error { _, err := insert(tx, c, b); return err })
	}
	for _, c := range []struct {
		f    intake.CaseFilter
		want []int64
	}{
		{intake.CaseFilter{}, []int64{1, 2, 3, 4, 5, 6, 7, 8}},
		{intake.CaseFilter{Limit: 3}, []int64{1, 2, 3}},
		{intake.CaseFilter{After: 3, Limit: 3}, []int64{4, 5, 6}},
		{intake.CaseFilter{After: 8}, nil},
		{intake.CaseFilter{Since: at(30)}, []int64{3, 4, 5, 6, 7, 8}},
		{intake.CaseFilter{Until: at(30)}, []int64{1, 2}},
		{intake.CaseFilter{Since: at(30), Until: at(50)}, []int64{3, 4}},
		{intake.CaseFilter{Since: at(31), Until: at(40)}, nil},
		{intake.CaseFilter{AppID: two}, []int64{5, 6, 7, 8}},
		{intake.CaseFilter{AppID: two + 100}, nil},
		{intake.CaseFilter{CaseID: "2"}, []int64{3, 7}},
		{intake.CaseFilter{CaseID: "2", AppID: two}, []int64{7}},
		{intake.CaseFilter{CaseID: "2", Since: at(31)}, []int64{7}},
		{intake.CaseFilter{AppID: two, After: 5, Since: at(10), Until: at(80), Limit: 1}, []int64{6}},
	} {
		got := read(t, s, func(tx intake.Tx) ([]intake.Case, error) { return tx.Cases(c.f) })
		equal(t, fmt.Sprintf("%+v", c.f), numbers(got), c.want)
	}
}

func testReturns(t *testing.T, s intake.Store) {
	app := addApp(t, s, "k")
	first := accept(t, s, app, "a", []byte("x"))
	accept(t, s, app, "b", []byte("x"))
	latest := func() (intake.Case, error) {
		var c intake.Case
		err := s.View(t.Context(), func(tx intake.Tx) (err error) { c, err = tx.LatestCase(app, "a"); return err })
		return c, err
	}
	if c, err := latest(); err != nil || c.No != first.No || !c.Returned.IsZero() {
		t.Errorf("%+v, %v", c, err)
	}
	back := func(tx intake.Tx) error {
		return tx.InsertReturn(intake.Return{CaseNo: first.No, At: at(50), By: "cli:root", Reason: "重报"})
	}
	update(t, s, back)
	fails(t, s, intake.ErrExists, back)
	if c, err := latest(); err != nil || c.Returned != at(50) || c.State() != "已退回" {
		t.Errorf("%+v, %v", c, err)
	}
	b := newBody(t, s, []byte("y"))
	again := intake.Case{AppID: app, CaseID: "a", Revision: 1, Supersedes: first.AcceptID, Received: at(60)}
	update(t, s, func(tx intake.Tx) error { _, err := insert(tx, again, b); return err })
	if c, err := latest(); err != nil || c.Revision != 1 || c.Supersedes != first.AcceptID || !c.Returned.IsZero() {
		t.Errorf("%+v, %v", c, err)
	}
	fails(t, s, intake.ErrNotFound, func(tx intake.Tx) error { _, err := tx.LatestCase(app, "c"); return err })
	fails(t, s, intake.ErrNotFound, func(tx intake.Tx) error { _, err := tx.LatestCase(app+100, "a"); return err })
}
