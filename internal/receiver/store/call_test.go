package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/calllog"
	"diaoxiao/internal/receiver/intake"
)

const anybody = intake.Actor("cli:x")

// aCall is the call number i of the tests, i seconds after all others.
func aCall(i int, change func(*intake.Call)) intake.Call {
	c := intake.Call{No: int64(i), At: at(1000 * i), Name: "receiveCaseinfo", AppKey: "k", Account: "张三",
		CaseID: fmt.Sprint("案", i), AcceptID: "A", Outcome: "accepted",
		Status: 200, Bytes: 5 << 32, Items: 3, Took: 1234 * time.Microsecond, RequestID: fmt.Sprint("r",
			i), Source: "2001:db8::1"}
	if change != nil {
		change(&c)
	}
	return c
}

// failing is a call that failed with these codes.
func failing(codes string, app int64, key string) func(*intake.Call) {
	return func(c *intake.Call) {
		c.Outcome, c.Codes, c.AppID, c.AppKey, c.AcceptID = "refused", codes, app, key, ""
		c.Told, c.Cause = intake.NewTold([]api.Problem{{Code: api.Code(codes), Field: "caseid"}}), intake.CauseSecret
	}
}

func testCalls(t *testing.T, s intake.Store) {
	var one, two int64
	update(t, s, func(tx intake.Tx) (err error) {
		one, err = tx.InsertApp(intake.App{Key: "k", Name: "甲", Contact: "王五", Phone: "0471-1", Dialect: api.All})
		if err == nil {
			two, err = tx.InsertApp(intake.App{Key: "l", Name: "乙", Dialect: api.All})
		}
		return err
	})
	addApp(t, s, "silent")
	calls := []intake.Call{
		aCall(1, func(c *intake.Call) { c.AppID = one }),
		aCall(2, failing("14000,14008", one, "k")),
		aCall(3, failing("14008", two, "l")),
		aCall(4, func(c *intake.Call) { c.AppID, c.Name, c.Source, c.CaseID = two, "login", "192.0.2.1", "" }),
		aCall(5, failing("12002", 0, "dxa")),
		aCall(6, failing("14008", one, "k")),
		aCall(7, failing("12002", 0, "dxb")),
		aCall(8, func(c *intake.Call) { c.AppID, c.At = one, at(6000) }), // as old as number 6
		aCall(9, failing("4008", one, "k")),
	}
	if err := s.Background(t.Context(), func(tx intake.Tx) error { return tx.PutCalls(calls) }); err != nil {
		t.Fatal(err)
	}
	for i := range calls {
		calls[i].AppName = map[int64]string{one: "甲", two: "乙"}[calls[i].AppID]
	}
	d := intake.NewDesk(intake.Config{Store: s})
	for _, c := range []struct {
		what string
		q    intake.CallQuery
		want []int64
	}{
		{"all", intake.CallQuery{}, []int64{9, 7, 8, 6, 5, 4, 3, 2, 1}},
		{"from", intake.CallQuery{From: at(7000)}, []int64{9, 7}},
		{"to", intake.CallQuery{To: at(3000)}, []int64{2, 1}},
		{"app", intake.CallQuery{AppID: two}, []int64{4, 3}},
		{"name", intake.CallQuery{Name: "login"}, []int64{4}},
		{"failed", intake.CallQuery{Failed: true, From: at(3000)}, []int64{9, 7, 6, 5, 3}},
		{"code", intake.CallQuery{Code: "14008"}, []int64{6, 3, 2}},
		{"first code", intake.CallQuery{Code: "14000"}, []int64{2}},
		{"end of a code", intake.CallQuery{Code: "4008"}, []int64{9}},
		{"request", intake.CallQuery{RequestID: "r3"}, []int64{3}},
		{"case", intake.CallQuery{CaseID: "案6"}, []int64{6}},
		{"case, a part", intake.CallQuery{CaseID: " 案 "}, []int64{9, 7, 8, 6, 5, 3, 2, 1}},
		{"acceptid", intake.CallQuery{AcceptID: "A", To: at(4000)}, []int64{1}},
		{"source", intake.CallQuery{Source: "192.0.2.1"}, []int64{4}},
		{"app and failed", intake.CallQuery{AppID: one, Failed: true}, []int64{9, 6, 2}},
		{"none", intake.CallQuery{AppID: 99}, nil},
		{"first page", intake.CallQuery{Limit: 3}, []int64{9, 7, 8}},
		{"second page", intake.CallQuery{Limit: 3, Before: calls[7].Key()}, []int64{6, 5, 4}},
		{"page back", intake.CallQuery{Limit: 3, After: calls[5].Key()}, []int64{9, 7, 8}},
		{"page back of an app", intake.CallQuery{Limit: 2, AppID: one, After: calls[1].Key()}, []int64{8, 6}},
	} {
		got, err := calllog.NewCalls(d).SearchCalls(t.Context(), anybody, c.q)
		if err != nil || !slices.Equal(callNumbers(got), c.want) {
			t.Errorf("%s: %v, %v", c.what, callNumbers(got), err)
		}
		for _, g := range got {
			equal(t, c.what, g, calls[g.No-1])
		}
	}
	equal(t, "each", callNumbers(eachCall(t, d, intake.CallQuery{Failed: true, Limit: 1})), []int64{9, 7, 6, 5, 3, 2})

	errs, err := calllog.NewCalls(d).CallErrors(t.Context(), anybody, at(2000), at(9000))
	if err != nil {
		t.Fatal(err)
	}
	group := func(app int64, key, name, code string, n int64, last int) intake.CallErrors {
		e := intake.CallErrors{AppID: app, AppKey: key, AppName: name, Code: code, Count: n, Last: calls[last-1].Key(),
			RequestID: fmt.Sprint("r", last), Source: "2001:db8::1", Told: calls[last-1].Told,
			Cause: calls[last-1].Cause}
		if app == one {
			e.Contact, e.Phone = "王五", "0471-1"
		}
		return e
	}
	equal(t, "errors", errs, []intake.CallErrors{group(one, "k", "甲", "14008", 2, 6), group(0, "dxa", "", "12002", 1,
		5), group(0, "dxb", "", "12002", 1, 7),
		group(one, "k", "甲", "14000", 1, 2), group(two, "l", "乙", "14008", 1, 3)})

	some, err := calllog.NewCalls(d).Call(t.Context(), anybody, 6)
	equal(t, "one", some, calls[5])
	_, none := calllog.NewCalls(d).Call(t.Context(), anybody, 99)
	if err != nil || !errors.Is(none, intake.ErrNotFound) {
		t.Errorf("one: %v, %v", err, none)
	}
	var exported []intake.Call
	for c, err := range calllog.NewCalls(d).EachCall(t.Context(), anybody, intake.CallQuery{Failed: true, Limit: 1}) {
		if err != nil {
			t.Fatal(err)
		}
		exported = append(exported, c)
	}
	equal(t, "exported", callNumbers(exported), []int64{9, 7, 6, 5, 3, 2})

	last, err := calllog.NewCalls(d).LastCalls(t.Context(), anybody)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "last calls", last, map[int64]intake.Call{one: calls[8], two: calls[3]})

	prune := func(want int64) {
		t.Helper()
		err := s.Background(t.Context(), func(tx intake.Tx) error {
			n, err := tx.PruneCalls(at(4000), 2)
			equal(t, "pruned", n, want)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	prune(2)
	prune(1)
	prune(0)
	left, err := calllog.NewCalls(d).SearchCalls(t.Context(), anybody, intake.CallQuery{})
	equal(t, "left", callNumbers(left), []int64{9, 7, 8, 6, 5, 4})
	if err != nil {
		t.Error(err)
	}
}

// testPruneStrangers: of calls without a known app the newest are kept, and those of apps are left alone.
func testPruneStrangers(t *testing.T, s intake.Store) {
	var calls []intake.Call
	for i := range 12 {
		calls = append(calls, aCall(i+1, func(c *intake.Call) { c.AppID = int64(i % 2) }))
	}
	update(t, s, func(tx intake.Tx) error { return tx.PutCalls(calls) })
	for _, want := range []int64{3, 1, 0} {
		update(t, s, func(tx intake.Tx) error {
			n, err := tx.PruneStrangers(2, 3)
			equal(t, "pruned", n, want)
			return err
		})
	}
	left, err := calllog.NewCalls(intake.NewDesk(intake.Config{Store: s})).SearchCalls(t.Context(), anybody,
		intake.CallQuery{})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "left", callNumbers(left), []int64{12, 11, 10, 9, 8, 6, 4, 2})
}

// eachCall turns the pages of a query to its end.
func eachCall(t *testing.T, d *intake.Desk, q intake.CallQuery) (all []intake.Call) {
	t.Helper()
	for {
		page, err := calllog.NewCalls(d).SearchCalls(t.Context(), anybody, q)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			return all
		}
		all = append(all, page...)
		q.Before = page[len(page)-1].Key()
	}
}

func callNumbers(cs []intake.Call) (ns []int64) {
	for _, c := range cs {
		ns = append(ns, c.No)
	}
	return ns
}

// testCallLog: an added call is written, also when the log ends; what is too much is counted. Nothing that a sender can
// put there stands in the way of the rest. Only what is old enough is deleted.
func testCallLog(t *testing.T, s intake.Store) {
	const days = calllog.MinCallDays
	d := intake.NewDesk(intake.Config{Store: s})
	now := time.Now().UTC().Truncate(time.Millisecond)
	l := calllog.NewLog(d, nil, 1)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { l.Run(ctx); close(done) }()
	count := func(q intake.CallQuery) int {
		q.Limit = 1000
		return len(eachCall(t, d, q))
	}
	newest := func(q intake.CallQuery) (no int64) {
		page, err := calllog.NewCalls(d).SearchCalls(t.Context(), anybody, q)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) > 0 {
			no = page[0].No
		}
		return no
	}
	await := func(there func() bool) {
		for end := time.Now().Add(4 * time.Minute); !there() &&
			time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		}
	}
	l.Add(intake.Call{At: now, Name: "/\x00\xff", CaseID: strings.Repeat("长", 1_000_000)})
	await(func() bool { return newest(intake.CallQuery{}) > 0 })
	got, err := calllog.NewCalls(d).SearchCalls(t.Context(), anybody, intake.CallQuery{})
	if err != nil || len(got) != 1 || got[0].Name != "/\uFFFD\uFFFD" || got[0].CaseID != strings.Repeat("长", 100) {
		t.Fatalf("%+v, %v", got, err)
	}
	for i := range 20_100 {
		l.Add(intake.Call{At: now.Add(time.Duration(i-20_000) * 24 * time.Hour).Add(time.Hour), Name: "many"})
	}
	written := func() int { return count(intake.CallQuery{Name: "many"}) + int(l.Dropped()) }
	await(func() bool { return newest(intake.CallQuery{Name: "many"})+l.Dropped() > 20_100 })
	l.Add(intake.Call{At: now, Name: "the last"})
	cancel()
	<-done
	if n := written(); n != 20_100 || l.Dropped() > 100 {
		t.Errorf("%d written or dropped, %d dropped", n, l.Dropped())
	}
	equal(t, "when it ended", count(intake.CallQuery{Name: "the last"}), 1)

	l = calllog.NewLog(d, nil, 1) // the least there is
	for range 20_100 {
		l.Add(intake.Call{At: now, Name: "too many"})
	}
	equal(t, "dropped", l.Dropped(), int64(100))
	ctx, cancel = context.WithCancel(t.Context())
	done = make(chan struct{})
	go func() { l.Run(ctx); close(done) }()
	old := intake.CallQuery{To: now.AddDate(0, 0, -days)}
	before := newest(intake.CallQuery{Name: "the last"})
	await(func() bool { return newest(old) == 0 })
	await(func() bool { return newest(intake.CallQuery{Name: "too many"}) >= before+20_000 })
	cancel()
	<-done
	equal(t, "old ones", count(old), 0)
	equal(t, "of the days that are kept", count(intake.CallQuery{Name: "many", To: now}), days)
	equal(t, "the last", count(intake.CallQuery{Name: "too many"}), 20_000)
}

// A clock that is set far ahead deletes no call, however often the server starts with it; once calls of several days
// bear it out, the old ones go, and the log says so.
func TestCallsOutliveAWrongClock(t *testing.T) {
	s := openServer(t, t.TempDir())
	var log bytes.Buffer
	now := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	run := func(at time.Time, calls ...time.Time) int {
		t.Helper()
		d := intake.NewDesk(intake.Config{Store: s, Clock: func() time.Time { return at }})
		for _, when := range calls {
			l := calllog.NewLog(d, slog.New(slog.NewTextHandler(&log, nil)), calllog.MinCallDays)
			l.Add(intake.Call{At: when, Name: "login"})
			ended, cancel := context.WithCancel(t.Context())
			cancel()
			l.Run(ended)                                                           // writes it
			pruned, stop := context.WithTimeout(t.Context(), 300*time.Millisecond) // and prunes
			l.Run(pruned)
			stop()
		}
		found, err := calllog.NewCalls(d).SearchCalls(t.Context(), anybody, intake.CallQuery{})
		if err != nil {
			t.Fatal(err)
		}
		return len(found)
	}
	day := 24 * time.Hour
	equal(t, "calls", run(now, now.Add(-2*day), now.Add(-day), now), 3)
	ahead := now.Add(800 * day)
	equal(t, "calls after a start far ahead", run(ahead, ahead), 4)
	equal(t, "calls after another", run(ahead.Add(time.Hour), ahead.Add(time.Hour)), 5)
	if !strings.Contains(log.String(), "level=WARN msg=\"old calls not deleted: the clock is far ahead of the calls "+
		"before\"") {
		t.Errorf("the log says nothing:\n%s", log.String())
	}
	equal(t, "calls once it is right again", run(now.Add(day), now.Add(day)), 6)
	equal(t, "calls when it has become that late", run(ahead.Add(3*day), ahead.Add(day), ahead.Add(2*day),
		ahead.Add(3*day)), 5)
	if !strings.Contains(log.String(), "msg=\"old calls deleted\" calls=4") {
		t.Errorf("the log says nothing:\n%s", log.String())
	}
}
