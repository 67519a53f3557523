package intake_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"diaoxiao/api"
	"diaoxiao/internal/acceptid"
	"diaoxiao/internal/charset"
	"diaoxiao/internal/iso7064"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/verify"
	"diaoxiao/sandbox"
)

// attempts is all of them.
func (o *office) attempts(t testing.TB) (as []intake.Attempt) {
	t.Helper()
	err := o.store.View(t.Context(), func(tx intake.Tx) (err error) {
		as, err = tx.Attempts(intake.AttemptFilter{})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return as
}

// The first sending of a case is accepted, and its record is true to the body.
func TestSubmit(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	o.wait(1234567 * time.Nanosecond)
	c := sandbox.Batch(1, 120)
	in := o.submission(t, encode(t, c), charset.UTF8)
	r, err := o.Submit(t.Context(), b.who, in)
	if err != nil || r.Outcome != intake.Accepted {
		t.Fatalf("%+v, %v", r, err)
	}
	if no, ok := acceptid.CaseNo(r.AcceptID); no != 1 || !ok || !strings.HasPrefix(r.AcceptID, "20260320") {
		t.Errorf("%s, %d", r.AcceptID, no)
	}
	now := o.now().Truncate(time.Millisecond).UTC()
	got := o.caseRow(t, r.AcceptID)
	want := intake.Case{
		No:          1,
		AcceptID:    r.AcceptID,
		AppID:       b.who.AppID,
		AppKey:      b.AppKey,
		Account:     "张三",
		CaseID:      c.CaseID,
		CaseName:    c.CaseName,
		PenaltyDate: c.PenaltyDate,
		PenaltyOrg:  c.PenaltyOrg,
		Items:       120,
		Received:    now,
		Bytes:       in.Bytes,
		SHA256:      in.SHA256,
		Digest:      in.Decoded.Digest,
		Charset:     charset.UTF8,
		Pack:        got.Pack,
		Offset:      got.Offset,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	wantAttempt := []intake.Attempt{
		{No: 1, At: now, AppID: b.who.AppID, Account: "张三", CaseID: c.CaseID, CaseNo: 1, Outcome: intake.Accepted,
			Bytes: in.Bytes, SHA256: in.SHA256, RequestID: "r-1", Source: "192.0.2.1"},
	}
	if diff := cmp.Diff(wantAttempt, o.attempts(t)); diff != "" {
		t.Error(diff)
	}
	holdClean(t, o)
}

// The same values get the first acceptid for ever, in whatever way they are written; others are refused, and nothing
// changes.
func TestSubmitAgain(t *testing.T) {
	o := openOffice(t)
	one, two := o.admit(t, "甲"), o.admit(t, "乙")
	c := caseOf("a", entity(1), entity(2))
	first := o.send(t, one, c)
	row := o.caseRow(t, first.AcceptID)

	var indented bytes.Buffer
	json.Indent(&indented, encode(t, c), " ", "\t")
	escaped := bytes.ReplaceAll(encode(t, c), []byte("吊"), []byte(`\u540a`))
	unknown := bytes.Replace(encode(t, c), []byte("{"), []byte(`{"remark":[1,{}],`), 1)
	for what, data := range map[string][]byte{
		"the same":               encode(t, c),
		"indented":               indented.Bytes(),
		"escaped":                escaped,
		"with an unknown member": unknown,
	} {
		o.wait(24 * time.Hour)
		one.logIn(t, o)
		r, err := o.Submit(t.Context(), one.who, o.submission(t, data, charset.UTF8))
		if err != nil || r.Outcome != intake.Repeated || r.AcceptID != first.AcceptID {
			t.Errorf("%s: %+v, %v", what, r, err)
		}
	}
	other := caseOf("a", entity(1), entity(3))
	_, err := o.Submit(t.Context(), one.who, o.submission(t, encode(t, other), charset.UTF8))
	refusedWith(t, err, api.Conflict)
	if !strings.Contains(err.Error(), first.AcceptID) {
		t.Errorf("%v does not name %s", err, first.AcceptID)
	}
	two.logIn(t, o)
	if r := o.send(t, two, c); r.Outcome != intake.Accepted || r.AcceptID == first.AcceptID {
		t.Errorf("another app's case of that name: %+v", r)
	}
	var got []string
	for _, a := range o.attempts(t) {
		got = append(got, fmt.Sprint(a.Outcome, a.CaseNo, a.Codes, a.Fields))
	}
	want := []string{
		"accepted1", "repeated1", "repeated1", "repeated1", "repeated1", "refused019005caseid", "accepted2",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(row, o.caseRow(t, first.AcceptID)); diff != "" {
		t.Errorf("the first has changed: %s", diff)
	}
	holdClean(t, o)
}

// A refused request leaves an attempt with its codes and fields, and never counts.
func TestSubmitRefused(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	bad := caseOf("a", entity(1), api.Entity{})
	bad.PenaltyDate, bad.CaseName = "2026-02-30", "\u3000"
	_, err := o.Submit(t.Context(), b.who, o.submission(t, encode(t, bad), charset.UTF8))
	r, ok := errors.AsType[*api.Refusal](err)
	if !ok || len(r.Problems) != 6 {
		t.Fatalf("got %v", err)
	}
	_, err = o.Submit(t.Context(), b.who, o.submission(t, []byte("no JSON"), charset.UTF8))
	refusedWith(t, err, api.InvalidJSON)
	long := caseOf(strings.Repeat("案", 300), entity(1))
	_, err = o.Submit(t.Context(), b.who, o.submission(t, encode(t, long), charset.UTF8))
	refusedWith(t, err, api.TooLong)
	as := o.attempts(t)
	if a := as[0]; a.Codes != "14001,19003,14008" ||
		a.Fields != "casename,penaltydate,penaltylist[1].pripid,penaltylist[1].uniscid,penaltylist[1].legal,"+
			"penaltylist[1].enttype" ||
		a.CaseID != "a" || a.CaseNo != 0 || a.Outcome != intake.Refused || a.Bytes == 0 {
		t.Errorf("%+v", a)
	}
	if a := as[1]; a.Codes != "19001" || a.CaseID != "" {
		t.Errorf("%+v", a)
	}
	if a := as[2]; a.Codes != "19004" || a.CaseID != strings.Repeat("案", 200) {
		t.Errorf("%+v", a)
	}
	if r := o.send(t, b, caseOf("a", entity(1))); r.Outcome != intake.Accepted {
		t.Errorf("%+v", r)
	}
	if in, err := o.Inspect(t.Context(), intake.System, func(f verify.Fault) { t.Error(f) }, nil); err != nil ||
		in.Attempts != 4 || in.Cases != 1 {
		t.Errorf("%+v, %v", in, err)
	}
}

// One case sent by many at once is accepted once; everybody gets its acceptid. Another one under its name is refused.
func TestSubmitAtOnce(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	data := [][]byte{encode(t, caseOf("a", entity(1))), encode(t, caseOf("a", entity(2)))}
	var mu sync.Mutex
	ids, outcomes := [2]map[string]bool{{}, {}}, make(map[intake.Outcome]int)
	var wg sync.WaitGroup
	for i := range 60 {
		in := o.submission(t, data[i%2], charset.UTF8)
		wg.Go(func() {
			r, err := o.Submit(t.Context(), b.who, in)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				refusedWith(t, err, api.Conflict)
				outcomes[intake.Refused]++
				return
			}
			ids[i%2][r.AcceptID] = true
			outcomes[r.Outcome]++
		})
	}
	wg.Wait()
	if len(ids[0])+len(ids[1]) != 1 || outcomes[intake.Accepted] != 1 || outcomes[intake.Repeated] != 29 ||
		outcomes[intake.Refused] != 30 {
		t.Errorf("%v, %v", ids, outcomes)
	}
	if as := o.attempts(t); len(as) != 60 {
		t.Errorf("%d attempts", len(as))
	}
	holdClean(t, o)
}

// After it was returned, a caseid may be sent again with other values, and gets a new acceptid linked to the first.
func TestReturnCase(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	first := o.send(t, b, caseOf("a", entity(1)))
	for what, c := range map[string]struct {
		id, reason string
		want       error
	}{
		"blank reason": {first.AcceptID, "\u3000", intake.ErrInvalid},
		"long reason":  {first.AcceptID, strings.Repeat("长", 667), intake.ErrInvalid},
		"no such case": {"202603200000000020", "重报", intake.ErrNotFound},
		"no acceptid":  {"x", "重报", intake.ErrNotFound},
	} {
		if err := o.ReturnCase(t.Context(), c.id, c.reason); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := o.ReturnCase(t.Context(), first.AcceptID, "清单有误"); err != nil {
		t.Fatal(err)
	}
	if err := o.ReturnCase(t.Context(), first.AcceptID, "清单有误"); !errors.Is(err, intake.ErrExists) {
		t.Errorf("returned again: %v", err)
	}
	if c := o.caseRow(t, first.AcceptID); c.State() != "已退回" {
		t.Errorf("%+v", c)
	}
	second := o.send(t, b, caseOf("a", entity(2)))
	c := o.caseRow(t, second.AcceptID)
	if second.Outcome != intake.Accepted || second.AcceptID == first.AcceptID || c.Revision != 1 ||
		c.Supersedes != first.AcceptID {
		t.Errorf("%+v, %+v", second, c)
	}
	if r := o.send(t, b, caseOf("a", entity(2))); r.Outcome != intake.Repeated || r.AcceptID != second.AcceptID {
		t.Errorf("%+v", r)
	}
	_, err := o.Submit(t.Context(), b.who, o.submission(t, encode(t, caseOf("a", entity(1))), charset.UTF8))
	refusedWith(t, err, api.Conflict) // what the first said
	if err := o.ReturnCase(t.Context(), second.AcceptID, "再报"); err != nil {
		t.Fatal(err)
	}
	third := o.send(t, b, caseOf("a", entity(1)))
	if c := o.caseRow(t, third.AcceptID); third.Outcome != intake.Accepted || c.Revision != 2 ||
		c.Supersedes != second.AcceptID {
		t.Errorf("%+v, %+v", third, c)
	}
	o.verify(t)
	holdClean(t, o)
}

// A sender learns of its own cases only.
func TestStatus(t *testing.T) {
	o := openOffice(t)
	one, two := o.admit(t, "甲"), o.admit(t, "乙")
	first := o.send(t, one, caseOf("a", entity(1)))
	for _, q := range []api.QueryRequest{
		{AcceptID: first.AcceptID},
		{CaseID: "a"},
		{AcceptID: first.AcceptID, CaseID: "a"},
	} {
		if c, err := o.Status(t.Context(), one.who, q); err != nil || c.AcceptID != first.AcceptID {
			t.Errorf("%+v: %+v, %v", q, c, err)
		}
		_, err := o.Status(t.Context(), two.who, q)
		refusedWith(t, err, api.NoSuchCase)
	}
	otherDay := "20260321" + first.AcceptID[8:17]
	for _, q := range []api.QueryRequest{
		{AcceptID: first.AcceptID, CaseID: "b"},
		{CaseID: "b"},
		{AcceptID: "x"},
		{AcceptID: otherDay + string(iso7064.Mod11_10(otherDay))},
		{},
	} {
		_, err := o.Status(t.Context(), one.who, q)
		refusedWith(t, err, api.NoSuchCase)
	}
	if err := o.ReturnCase(t.Context(), first.AcceptID, "重报"); err != nil {
		t.Fatal(err)
	}
	second := o.send(t, one, caseOf("a", entity(2)))
	if c, err := o.Status(t.Context(), one.who, api.QueryRequest{CaseID: "a"}); err != nil ||
		c.AcceptID != second.AcceptID {
		t.Errorf("%+v, %v", c, err)
	}
	if c, err := o.Status(t.Context(), one.who, api.QueryRequest{AcceptID: first.AcceptID}); err != nil ||
		c.State() != "已退回" {
		t.Errorf("%+v, %v", c, err)
	}
}

// Where the store does not acknowledge, neither does the desk, and the identical request succeeds after a restart.
func TestSubmitUnavailable(t *testing.T) {
	o := openOffice(t)
	b := o.admit(t, "甲")
	c := caseOf("a", entity(1))
	in := o.submission(t, encode(t, c), charset.UTF8)
	o.store.Close()
	if r, err := o.Submit(t.Context(), b.who, in); !errors.Is(err, intake.ErrUnavailable) || r.AcceptID != "" {
		t.Errorf("%+v, %v", r, err)
	}
	if err := o.Refuse(t.Context(), b.who, in, []api.Problem{{Code: api.BodyTooLarge}}); !errors.Is(
		err,
		intake.ErrUnavailable,
	) {
		t.Errorf("got %v", err)
	}
	if _, err := o.Login(t.Context(), b.request()); !errors.Is(err, intake.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
	o.open(t)
	if r := o.send(t, b, c); r.Outcome != intake.Accepted {
		t.Errorf("%+v", r)
	}
}

func TestState(t *testing.T) {
	now := time.Now()
	for want, c := range map[string]intake.Case{
		"已受理": {},
		"已核验": {Verified: now},
		"已退回": {Verified: now, Returned: now},
	} {
		if got := c.State(); got != want {
			t.Errorf("%+v is %s", c, got)
		}
	}
}
