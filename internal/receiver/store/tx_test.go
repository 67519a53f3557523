package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"diaoxiao/internal/receiver/intake"
)

var errHalfWay = errors.New("half way")

// parcel is one Update of testErrorsUndoOne: a case, its body, an attempt, an audit entry, a session ended.
type parcel struct {
	no   int
	data []byte
	body intake.Body
	runs atomic.Int32
	got  intake.Case
	err  error
}

func newParcels(t testing.TB, s intake.Store, n int) (ps []*parcel) {
	for i := range n {
		data := text(uint64(i), 100+i)
		switch i % 10 {
		case 3:
			data = noise(uint64(i), 90<<10) // in parts
		case 4:
			data = noise(uint64(i), 50<<10)
		}
		ps = append(ps, &parcel{no: i, data: data, body: newBody(t, s, data)})
	}
	return ps
}

// fails: every seventh does, by turns with an error and by panic, after it wrote all or before it wrote anything.
func (p *parcel) fails() bool { return p.no%7 == 0 }

func (p *parcel) write(tx intake.Tx, app int64) (err error) {
	p.runs.Add(1)
	if p.no%28 == 7 {
		return errHalfWay
	}
	if p.got, err = insert(tx, intake.Case{AppID: app, CaseID: fmt.Sprint(p.no)}, p.body); err != nil {
		return err
	}
	if p.no%28 == 14 {
		panic("half way")
	}
	if err := tx.InsertAttempt(intake.Attempt{CaseNo: p.got.No, CaseID: p.got.CaseID}); err != nil {
		return err
	}
	if err := tx.AppendAudit(intake.AuditEntry{Target: p.got.CaseID}); err != nil {
		return err
	}
	if p.fails() {
		return fmt.Errorf("parcel: %w", errHalfWay)
	}
	return nil
}

// hold holds the Updates up until release is called, so that those begun meanwhile are served together.
func hold(t testing.TB, s intake.Store) (release func()) {
	t.Helper()
	held, free, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	var once sync.Once
	go func() {
		done <- s.Update(context.WithoutCancel(t.Context()), func(intake.Tx) error {
			once.Do(func() { close(held) })
			<-free
			return nil
		})
	}()
	<-held
	return sync.OnceFunc(func() {
		close(free)
		if err := <-done; err != nil {
			t.Errorf("the Update that held the others up: %v", err)
		}
	})
}

// testErrorsUndoOne: an error or a panic undoes what its own closure wrote; the others of the same commit stand, also
// those that had to run twice for it.
func testErrorsUndoOne(t *testing.T, s intake.Store) {
	app := addApp(t, s, "k")
	ps := newParcels(t, s, 200)
	release := hold(t, s)
	var wg sync.WaitGroup
	for _, p := range ps {
		wg.Go(func() {
			p.err = s.Update(t.Context(), func(tx intake.Tx) error { return p.write(tx, app) })
		})
	}
	time.Sleep(50 * time.Millisecond) // for most of them to wait
	release()
	wg.Wait()
	holdParcels(t, s, ps)
}

// holdParcels checks that the store holds what the Updates that did not fail wrote, once, and nothing else.
func holdParcels(t testing.TB, s intake.Store, ps []*parcel) {
	t.Helper()
	want := make(map[string]*parcel)
	for _, p := range ps {
		panics := p.no%28 == 14
		switch {
		case !p.fails() && p.err != nil,
			p.fails() && !panics && !errors.Is(p.err, errHalfWay),
			p.fails() && panics && (p.err == nil || !strings.Contains(p.err.Error(), "half way")),
			p.fails() && errors.Is(p.err, intake.ErrUnavailable):
			t.Errorf("parcel %d: %v", p.no, p.err)
		}
		if !p.fails() {
			want[fmt.Sprint(p.no)] = p
		}
	}
	cases := read(t, s, func(tx intake.Tx) ([]intake.Case, error) { return tx.Cases(intake.CaseFilter{}) })
	for i, c := range cases {
		p := want[c.CaseID]
		if p == nil || c.No != int64(i+1) || c.No != p.got.No {
			t.Errorf("case %d of %s at %d", c.No, c.CaseID, i)
			continue
		}
		holdBody(t, s, c.No, p.data)
	}
	attempts := read(t, s, func(tx intake.Tx) ([]intake.Attempt, error) { return tx.Attempts(intake.AttemptFilter{}) })
	for _, a := range attempts {
		if p := want[a.CaseID]; p == nil || a.CaseNo != p.got.No {
			t.Errorf("attempt %+v", a)
		}
	}
	entries := read(t, s, func(tx intake.Tx) ([]intake.AuditEntry, error) { return tx.Audit(0, 0) })
	if len(cases) != len(want) || len(attempts) != len(want) || len(entries) != len(want) {
		t.Errorf("%d cases, %d attempts, %d audit entries; want %d", len(cases), len(attempts), len(entries), len(want))
	}
}

// testErrorsPass: an error that is returned is the closure's own.
func testErrorsPass(t *testing.T, s intake.Store) {
	mine := errors.New("mine")
	if err := s.Update(t.Context(), func(intake.Tx) error { return mine }); err != mine {
		t.Errorf("Update: %v", err)
	}
	if err := s.View(t.Context(), func(intake.Tx) error { return mine }); err != mine {
		t.Errorf("View: %v", err)
	}
	if err := s.Background(t.Context(), func(tx intake.Tx) error { tx.SetEpoch(9); return mine }); err != mine {
		t.Errorf("Background: %v", err)
	}
	equal(t, "epoch", read(t, s, intake.Tx.Epoch), int64(0))
	func() {
		defer func() {
			if recover() == nil {
				t.Error("a panic in a View was lost")
			}
		}()
		s.View(t.Context(), func(intake.Tx) error { panic("mine") })
	}()
	for range 20 { // none of the connections was lost with the panic
		read(t, s, intake.Tx.Epoch)
	}
}

// testSnapshots: two numbers change together; a View, however long it takes, sees them as of one moment, and a later
// one sees no earlier moment than an Update that has returned.
func testSnapshots(t *testing.T, s intake.Store) {
	update(t, s, func(tx intake.Tx) error { return tx.PutVerification(intake.Verification{CaseNo: 1}) })
	ctx, cancel := context.WithTimeout(t.Context(), 700*time.Millisecond)
	defer cancel()
	var wg sync.WaitGroup
	var acknowledged atomic.Int64
	wg.Go(func() {
		for n := int64(1); ctx.Err() == nil; n++ {
			err := s.Update(t.Context(), func(tx intake.Tx) error {
				if err := tx.SetEpoch(n); err != nil {
					return err
				}
				return tx.PutVerification(intake.Verification{CaseNo: 1, Epoch: n})
			})
			if err != nil {
				t.Error(err)
				return
			}
			acknowledged.Store(n)
		}
	})
	for range 6 {
		wg.Go(func() {
			for ctx.Err() == nil {
				before := acknowledged.Load()
				err := s.View(t.Context(), func(tx intake.Tx) error {
					first, err := tx.Epoch()
					if err != nil {
						return err
					}
					time.Sleep(5 * time.Millisecond)
					v, err := tx.Verification(1)
					if err == nil && (v.Epoch != first || first < before) {
						err = fmt.Errorf("saw %d, then %d, after %d was acknowledged", first, v.Epoch, before)
					}
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if acknowledged.Load() < 3 {
		t.Errorf("only %d Updates", acknowledged.Load())
	}
}

func testViewsCannotWrite(t *testing.T, s intake.Store) {
	p := addPeople(t, s)
	c := accept(t, s, p.apps[0], "a", []byte("x"))
	token := p.session(0, at(0))
	update(t, s, func(tx intake.Tx) error { return tx.InsertSession(token) })
	b := newBody(t, s, []byte("y"))
	for what, write := range map[string]func(intake.Tx) error{
		"InsertApp": func(tx intake.Tx) error {
			_, err := tx.InsertApp(intake.App{Key: "new",
				Name: "new"})
			return err
		},
		"SetAppDisabled": func(tx intake.Tx) error { return tx.SetAppDisabled(p.apps[0], true) },
		"InsertSecret":   func(tx intake.Tx) error { return tx.InsertSecret(p.apps[0], intake.Secret{}) },
		"ExpireSecrets":  func(tx intake.Tx) error { return tx.ExpireSecrets(p.apps[0], at(0)) },
		"InsertAccount": func(tx intake.Tx) error {
			return tx.InsertAccount(intake.Account{AppID: p.apps[0],
				Name: "new"})
		},
		"SetAccountDisabled": func(tx intake.Tx) error { return tx.SetAccountDisabled(p.accounts[0], true) },
		"InsertSession":      func(tx intake.Tx) error { return tx.InsertSession(p.session(1, at(1))) },
		"EndSession":         func(tx intake.Tx) error { return tx.EndSession(token.Token, at(1)) },
		"EndSessions":        func(tx intake.Tx) error { return tx.EndSessions(p.apps[0], 0, at(1)) },
		"SweepSessions":      func(tx intake.Tx) error { return tx.SweepSessions(at(9999), at(9999)) },
		"NextCaseNo":         func(tx intake.Tx) error { _, err := tx.NextCaseNo(); return err },
		"InsertCase": func(tx intake.Tx) error {
			_, err := tx.InsertCase(intake.Case{No: 2, AppID: p.apps[0], CaseID: "b"}, b)
			return err
		},
		"InsertReturn":     func(tx intake.Tx) error { return tx.InsertReturn(intake.Return{CaseNo: c.No}) },
		"InsertAttempt":    func(tx intake.Tx) error { return tx.InsertAttempt(intake.Attempt{}) },
		"AppendAudit":      func(tx intake.Tx) error { return tx.AppendAudit(intake.AuditEntry{}) },
		"PutCalls":         func(tx intake.Tx) error { return tx.PutCalls([]intake.Call{{}}) },
		"PruneStrangers":   func(tx intake.Tx) error { _, err := tx.PruneStrangers(0, 1); return err },
		"PruneOldestCalls": func(tx intake.Tx) error { _, _, err := tx.PruneOldestCalls(1); return err },
		"PruneCalls":       func(tx intake.Tx) error { _, err := tx.PruneCalls(at(0), 1); return err },
		"PutEntities":      func(tx intake.Tx) error { return tx.PutEntities([]intake.EntityRow{{}}) },
		"DeleteEntities":   func(tx intake.Tx) error { return tx.DeleteEntities(1, 0) },
		"PutKeys":          func(tx intake.Tx) error { return tx.PutKeys([]intake.Key{{}}) },
		"PutFindings":      func(tx intake.Tx) error { return tx.PutFindings([]intake.FindingRow{{}}) },
		"DeleteFindings":   func(tx intake.Tx) error { return tx.DeleteFindings(1, 0, 9) },
		"PutVerification":  func(tx intake.Tx) error { return tx.PutVerification(intake.Verification{CaseNo: 1}) },
		"SetEpoch":         func(tx intake.Tx) error { return tx.SetEpoch(1) },
		"ClearDerived":     func(tx intake.Tx) error { return tx.ClearDerived() },
	} {
		t.Run(what, func(t *testing.T) {
			if err := s.View(t.Context(), write); err == nil {
				t.Error("no error")
			}
		})
	}
	holdSessions(t, s, "session", []intake.Session{token})
	equal(t, "cases", numbers(read(t, s, func(tx intake.Tx) ([]intake.Case, error) {
		return tx.Cases(intake.CaseFilter{})
	})), []int64{1})
	equal(t, "apps", len(read(t, s, intake.Tx.Apps)), 2)
}

// testContext: a context that has ended keeps an Update from being begun. One that ends later does not keep its outcome
// from being told.
func testContext(t *testing.T, s intake.Store) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for what, do := range map[string]func(context.Context, func(intake.Tx) error) error{"Update": s.Update,
		"Background": s.Background} {
		ran := false
		err := do(ended, func(tx intake.Tx) error { ran = true; return tx.SetEpoch(1) })
		if ran || err == nil || !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, ran: %t", what, err, ran)
		}
	}
	if err := s.Update(ended, func(intake.Tx) error { return nil }); !errors.Is(err, intake.ErrUnavailable) {
		t.Errorf("Update: %v", err)
	}

	release := hold(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Update(ctx, func(tx intake.Tx) error { return tx.SetEpoch(2) }) }()
	time.Sleep(200 * time.Millisecond) // until it waits
	cancel()
	select {
	case err := <-done:
		t.Errorf("not awaited: %v", err)
		done <- err
	case <-time.After(50 * time.Millisecond):
	}
	release()
	if err := <-done; err != nil {
		t.Error(err)
	}
	equal(t, "epoch", read(t, s, intake.Tx.Epoch), int64(2))
}
