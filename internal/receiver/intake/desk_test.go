package intake_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/charset"
	"diaoxiao/internal/receiver/auditlog"
	"diaoxiao/internal/receiver/calllog"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/receivertest"
	"diaoxiao/internal/receiver/staff"
	"diaoxiao/internal/receiver/store"
	"diaoxiao/internal/receiver/verify"
	"diaoxiao/internal/rules"
)

// opening is when every office opens: 09:30 in Beijing.
var opening = time.Date(2026, 3, 20, 9, 30, 0, 0, beijingtime.Zone)

// office is a real desk over a real store in a folder of its own. Only the clock is the test's.
type office struct {
	*intake.Desk
	*staff.Staff
	receivertest.Decisions
	*calllog.Calls
	*auditlog.Audit
	*verify.Examiner
	dir   string
	store *store.Store
	clock atomic.Int64 // nanoseconds since opening
}

func openOffice(t testing.TB) *office {
	t.Helper()
	o := &office{dir: t.TempDir()}
	o.open(t)
	return o
}

func (o *office) open(t testing.TB) {
	t.Helper()
	s, err := store.Open(t.Context(), o.dir, store.Options{Server: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	o.store = s
	o.seat(intake.NewDesk(intake.Config{Store: s, Clock: o.now}))
}

// seat has the office ask a desk.
func (o *office) seat(d *intake.Desk) {
	o.Desk, o.Staff, o.Decisions = d, staff.New(d).IdentifyBy(quickly), receivertest.Decide(d)
	o.Calls, o.Audit, o.Examiner = calllog.NewCalls(d), auditlog.New(d), verify.NewExaminer(d)
}

func (o *office) now() time.Time { return opening.Add(time.Duration(o.clock.Load())) }

// wait moves the clock, also backwards.
func (o *office) wait(d time.Duration) { o.clock.Add(int64(d)) }

// raw opens the database beside the store.
func (o *office) raw(t testing.TB) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(o.dir, "diaoxiao.db")+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// tamper changes the database behind the desk's back; it has to change something.
func (o *office) tamper(t testing.TB, statements ...string) {
	t.Helper()
	db := o.raw(t)
	for _, q := range statements {
		res, err := db.Exec(q)
		if err != nil {
			t.Fatalf("%s: %v", q, err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			t.Fatalf("%s: %d rows, %v", q, n, err)
		}
	}
	db.Close()
}

// query returns the rows of a query, a line each.
func (o *office) query(t testing.TB, q string) (lines []string) {
	t.Helper()
	db := o.raw(t)
	defer db.Close()
	rows, err := db.Query(q)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return lines
}

// cases are those that a filter selects.
func (o *office) cases(f intake.CaseFilter) (cs []intake.Case, err error) {
	err = o.store.View(context.Background(), func(tx intake.Tx) error {
		cs, err = tx.Cases(f)
		return err
	})
	return cs, err
}

// bureau is an app with one account and its session.
type bureau struct {
	intake.Credentials
	token string
	who   intake.Caller
}

func (o *office) admit(t testing.TB, name string) *bureau {
	t.Helper()
	c, err := o.CreateApp(t.Context(), intake.Actor("cli:root"), intake.AppSpec{Name: name, Accounts: []string{"张三"}})
	if err != nil {
		t.Fatal(err)
	}
	b := &bureau{Credentials: c}
	b.logIn(t, o)
	return b
}

func (b *bureau) request() api.LoginRequest {
	return api.LoginRequest{AppKey: b.AppKey, AppSecret: b.AppSecret, Account: b.Accounts[0]}
}

func (b *bureau) logIn(t testing.TB, o *office) {
	t.Helper()
	ticket, err := o.Login(t.Context(), b.request())
	if err != nil {
		t.Fatal(err)
	}
	b.token = ticket.Token
	if b.who, err = o.Recognise(t.Context(), ticket.Token); err != nil {
		t.Fatal(err)
	}
}

func encode(t testing.TB, c api.Case) []byte {
	t.Helper()
	data, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// submission is the submission that the HTTP layer makes of a body.
func (o *office) submission(t testing.TB, data []byte, charset charset.Charset) intake.Submission {
	t.Helper()
	in := intake.Submission{Body: o.NewBody(), Charset: charset, RequestID: "r-1", Source: "192.0.2.1"}
	t.Cleanup(func() { in.Body.Close() })
	_, err := in.Body.Write(data)
	if err == nil {
		in.Bytes, in.SHA256, err = in.Body.Sum()
	}
	if err == nil {
		in.Decoded, err = api.ReadCase(charset.Reader(bytes.NewReader(data)), 0, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// send sends a case that must be accepted or repeated.
func (o *office) send(t testing.TB, b *bureau, c api.Case) intake.Acceptance {
	t.Helper()
	in := o.submission(t, encode(t, c), charset.UTF8)
	r, err := o.Submit(t.Context(), b.who, in)
	if err != nil {
		t.Fatal(err)
	}
	in.Body.Close()
	return r
}

// verify runs a new verifier until nothing waits.
func (o *office) verify(t testing.TB) {
	t.Helper()
	if err := verify.New(o.Desk, nil).Pass(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// found is the findings of a case.
func (o *office) found(t testing.TB, acceptID string) []rules.Finding {
	t.Helper()
	c, err := o.CaseFile(t.Context(), intake.System, acceptID)
	if err != nil {
		t.Fatal(err)
	}
	fs, err := o.Findings(t.Context(), intake.System, c.No)
	if err != nil {
		t.Fatal(err)
	}
	return fs
}

// derived is everything that the verifier wrote, but for the time and the epoch.
func (o *office) derived(t testing.TB) []string {
	t.Helper()
	return slices.Concat(
		o.query(t, "SELECT 'entity ' || json_array(case_no, pos, pripid, uniscid, legal, enttype) FROM entity ORDER "+
			"BY case_no, pos"),
		o.query(
			t,
			"SELECT 'key ' || json_array(kind, value, case_no, pos) FROM entity_key ORDER BY kind, value, case_no, pos",
		),
		o.query(t, "SELECT 'finding ' || json_array(case_no, pos, rule, field, detail) FROM finding ORDER BY case_no,"+
			" pos, rule, field"),
		o.query(t, "SELECT 'verification ' || json_array(case_no, rules, items, severe, warnings, notices) FROM "+
			"verification ORDER BY case_no"),
		o.query(t, "SELECT 'counterpart ' || json_array(case_no, pos, rule, other_no, other_pos) FROM counterpart "+
			"ORDER BY case_no, pos, rule, other_no, other_pos"),
		o.query(t, "SELECT 'pair ' || json_array(other_no, case_no, severe, warnings) FROM counterpart_case ORDER BY "+
			"other_no, case_no"),
		o.query(t, "SELECT 'docket ' || json_array(kind, since, case_no) FROM docket ORDER BY kind, since, case_no"))
}

// leftOut is true of all but a few of many like tests where the race detector slows everything down: SQLite is Go here.
func leftOut(i int) bool { return raceEnabled && i%8 != 0 }

// sameRows compares two of them, naming the first differences.
func sameRows(t testing.TB, what string, got, want []string) {
	t.Helper()
	if slices.Equal(got, want) {
		return
	}
	var diff []string
	for _, side := range []struct {
		sign       string
		rows, over []string
	}{{"-", want, got}, {"+", got, want}} {
		have := make(map[string]bool, len(side.over))
		for _, r := range side.over {
			have[r] = true
		}
		for _, r := range side.rows {
			if !have[r] && len(diff) < 20 {
				diff = append(diff, side.sign+r)
			}
		}
	}
	t.Errorf("%s: %d rows, want %d:\n%s", what, len(got), len(want), strings.Join(diff, "\n"))
}

// inspect returns the faults of the store.
func (o *office) inspect(t testing.TB) (faults []string, n verify.Inspection) {
	t.Helper()
	n, err := o.Inspect(t.Context(), intake.System, func(f verify.Fault) {
		faults = append(faults, fmt.Sprintf("%d %s", f.CaseNo, f.What))
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if n.Faults != int64(len(faults)) {
		t.Errorf("%d faults counted, %d reported", n.Faults, len(faults))
	}
	return faults, n
}

func holdClean(t testing.TB, o *office) {
	t.Helper()
	if faults, _ := o.inspect(t); len(faults) > 0 {
		t.Errorf("faults: %s", strings.Join(faults[:min(len(faults), 10)], "\n"))
	}
}

// refusedWith checks that err is a refusal with just that code.
func refusedWith(t testing.TB, err error, code api.Code) {
	t.Helper()
	r, ok := errors.AsType[*api.Refusal](err)
	if !ok || len(r.Problems) != 1 || r.Problems[0].Code != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

// entity is row n of made-up entities without fault, unlike any other n.
func entity(n int) api.Entity {
	org := fmt.Sprintf("MA0%05d", n%100_000)
	first := fmt.Sprintf("9115%04d", n/100_000) + org + string(rules.OrgCodeCheck(org))
	return api.Entity{
		PripID:  fmt.Sprintf("1501%020d", n+1),
		UniscID: first + string(rules.CreditCodeCheck(first)),
		Legal:   "苏日娜",
		EntType: "1130",
	}
}

// entities is rows from to to, to not included.
func entities(from, to int) (list []api.Entity) {
	for n := from; n < to; n++ {
		list = append(list, entity(n))
	}
	return list
}

// caseOf is a case without fault.
func caseOf(caseID string, list ...api.Entity) api.Case {
	return api.Case{
		CaseID:           caseID,
		CaseName:         "名",
		CaseIntroduction: "由",
		Illegality:       "违",
		Penalty:          "吊销营业执照",
		PenaltyDate:      "2026-03-16",
		PenaltyOrg:       "呼和浩特市市场监督管理局",
		PenaltyList:      list,
	}
}

// Without a clock and randomness of its own, a desk has the system's.
func TestNewDesk(t *testing.T) {
	o := openOffice(t)
	d := intake.NewDesk(intake.Config{Store: o.store})
	before := time.Now().Truncate(time.Millisecond)
	a, err := d.CreateApp(context.Background(), intake.Actor("cli:root"), intake.AppSpec{
		Name:     "甲",
		Accounts: []string{"u"},
	})
	if err != nil {
		t.Fatal(err)
	}
	b, err := d.CreateApp(context.Background(), intake.Actor("cli:root"), intake.AppSpec{
		Name:     "乙",
		Accounts: []string{"u"},
	})
	if err != nil || a.AppKey == b.AppKey || a.AppSecret == b.AppSecret {
		t.Errorf("%v, %v, %v", a, b, err)
	}
	got, err := d.App(context.Background(), intake.System, a.AppKey)
	if err != nil || got.Created.Before(before) || got.Created.After(time.Now()) {
		t.Errorf("%+v, %v", got, err)
	}
}
