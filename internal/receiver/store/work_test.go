package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// casesIn are so many accepted cases.
func casesIn(t testing.TB, s intake.Store, n int) {
	t.Helper()
	app := addApp(t, s, "k")
	for i := range n {
		accept(t, s, app, fmt.Sprint(i), []byte("x"))
	}
}

func testWork(t *testing.T, s intake.Store) {
	casesIn(t, s, 3)
	w := intake.Work{CaseNo: 2, Checked: at(5), Severe: 1, Doubts: 4, Published: "2026-03-16", SeenNo: 3,
		SeenSevere: 1, SeenDoubts: 2, SeenWorse: at(6)}
	row := func(no int64) intake.CaseRow {
		return read(t, s, func(tx intake.Tx) ([]intake.CaseRow, error) { return tx.CaseRows(no, no) })[0]
	}
	equal(t, "at first", row(2).Work, intake.Work{CaseNo: 2})
	update(t, s, func(tx intake.Tx) error { return tx.PutWork(w) })
	equal(t, "put", row(2).Work, w)
	w = intake.Work{CaseNo: 2, Severe: 2}
	update(t, s, func(tx intake.Tx) error { return tx.PutWork(w) })
	equal(t, "put again", row(2).Work, w)
	update(t, s, func(tx intake.Tx) error {
		return tx.PutVerification(intake.Verification{CaseNo: 2, At: at(7), Severe: 1, Warnings: 2, Notices: 3})
	})
	r := row(2)
	equal(t, "findings", []int{r.Severe, r.Warnings, r.Notices, r.Findings}, []int{1, 2, 3, 6})
	equal(t, "app", r.AppName, "应用k")
	equal(t, "range", len(read(t, s, func(tx intake.Tx) ([]intake.CaseRow, error) { return tx.CaseRows(2, 99) })), 2)
	fails(t, s, intake.ErrNotFound, func(tx intake.Tx) error { _, err := tx.Return(2); return err })
	back := intake.Return{CaseNo: 2, At: at(8), By: "console:乙", Reason: "由"}
	update(t, s, func(tx intake.Tx) error { return tx.InsertReturn(back) })
	equal(t, "return", read(t, s, func(tx intake.Tx) (intake.Return, error) { return tx.Return(2) }), back)
}

func testCaseEvents(t *testing.T, s intake.Store) {
	casesIn(t, s, 2)
	var want []intake.CaseEvent
	for i, kind := range []intake.EventKind{intake.EventNote, intake.EventAsk, intake.EventReturn} {
		e := intake.CaseEvent{CaseNo: 1, At: at(i), By: "console:甲", Kind: kind, Detail: "第一行\n第二行"}
		update(t, s, func(tx intake.Tx) error {
			if err := tx.InsertCaseEvent(intake.CaseEvent{CaseNo: 2, At: at(i), By: "console:乙",
				Kind: kind}); err != nil {
				return err
			}
			return tx.InsertCaseEvent(e)
		})
		want = append(want, e)
	}
	got := read(t, s, func(tx intake.Tx) ([]intake.CaseEvent, error) { return tx.CaseEvents(1) })
	for i := range got {
		if i > 0 && got[i].No <= got[i-1].No {
			t.Errorf("number %d after %d", got[i].No, got[i-1].No)
		}
		got[i].No = 0
	}
	equal(t, "events", got, want)
}

func testWorklist(t *testing.T, s intake.Store) {
	casesIn(t, s, 3)
	a, b := intake.WorklistEntry{Kind: intake.ToCheck, CaseNo: 1}, intake.WorklistEntry{Kind: intake.Unfinished,
		Since: "2026-03-16", CaseNo: 1}
	count := func() int64 { return read(t, s, intake.Tx.CountWorklistEntries) }
	has := func(e intake.WorklistEntry) bool {
		return read(t, s, func(tx intake.Tx) (bool, error) { return tx.HasWorklist(e) })
	}
	for range 2 {
		update(t, s, func(tx intake.Tx) error { return tx.PutWorklist([]intake.WorklistEntry{a, b}) })
		equal(t, "entries", count(), int64(2))
	}
	update(t, s, func(tx intake.Tx) error {
		return tx.PutWorklist([]intake.WorklistEntry{{Kind: intake.Unfinished, Since: "2026-03-17", CaseNo: 2},
			{Kind: intake.ToConfirm, CaseNo: 3}})
	})
	equal(t, "count", read(t, s, func(tx intake.Tx) (intake.WorklistCount, error) {
		return tx.CountWorklist("", "2026-03-16")
	}),
		intake.WorklistCount{ToCheck: 1, Unfinished: 2, Overdue: 1, ToConfirm: 1})
	for range 2 {
		update(t, s, func(tx intake.Tx) error { return tx.DeleteWorklist(a) })
		equal(t, "left", []bool{has(a), has(b)}, []bool{false, true})
	}
	update(t, s, func(tx intake.Tx) error { return tx.ClearDerived() })
	equal(t, "cleared", count(), int64(0))
}

// testLockWorklist: the second transaction that locks the worklist sees what the first did, however long that takes.
func testLockWorklist(t *testing.T, s intake.Store) {
	casesIn(t, s, 1)
	claim, err := s.Claim(t.Context(), 0, 0, 10)
	if err != nil || claim == nil {
		t.Fatal(claim, err)
	}
	held, second := make(chan bool), make(chan error)
	go func() {
		<-held
		second <- s.Update(context.Background(), func(tx intake.Tx) error {
			if err := tx.LockWorklist(); err != nil {
				return err
			}
			r, err := tx.CaseRows(1, 1)
			if err == nil && r[0].Severe != 3 {
				err = fmt.Errorf("%d severe findings are seen", r[0].Severe)
			}
			return err
		})
	}()
	err = claim.Write(t.Context(), func(tx intake.Tx) error {
		if err := tx.PutVerification(intake.Verification{CaseNo: 1, At: at(1), Severe: 3}); err != nil {
			return err
		}
		return tx.LockWorklist()
	})
	if err != nil {
		t.Fatal(err)
	}
	held <- true
	time.Sleep(100 * time.Millisecond)
	if _, err := claim.End(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	if err := <-second; err != nil {
		t.Error(err)
	}
}

func testAttemptsOfCase(t *testing.T, s intake.Store) {
	one, two := addApp(t, s, "one"), addApp(t, s, "two")
	a, b := accept(t, s, one, "a", []byte("x")), accept(t, s, two, "a", []byte("x"))
	for i, w := range []intake.Attempt{{AppID: one}, {AppID: two}, {AppID: one, CaseNo: a.No},
		{AppID: two, CaseNo: b.No}, {AppID: one}, {AppID: one, CaseNo: a.No}, {AppID: one, CaseID: "b"}} {
		w.At, w.Outcome = at(i), intake.Repeated
		if w.CaseID == "" {
			w.CaseID = "a"
		}
		update(t, s, func(tx intake.Tx) error { return tx.InsertAttempt(w) })
	}
	at := func(f intake.AttemptFilter) (nos []int64) {
		for _, w := range read(t, s, func(tx intake.Tx) ([]intake.Attempt, error) { return tx.Attempts(f) }) {
			nos = append(nos, w.No)
		}
		return nos
	}
	equal(t, "of one", at(intake.AttemptFilter{AppID: one, CaseID: "a"}), []int64{1, 3, 5, 6})
	equal(t, "a page of one", at(intake.AttemptFilter{AppID: one, CaseID: "a", After: 1, Limit: 2}), []int64{3, 5})
	equal(t, "of two", at(intake.AttemptFilter{AppID: two, CaseID: "a"}), []int64{2, 4})
	equal(t, "of none", at(intake.AttemptFilter{AppID: two, CaseID: "b"}), []int64(nil))
}
