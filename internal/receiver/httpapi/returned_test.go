package httpapi_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/receivertest"
)

// returnRows returns a case by two persons, for a reason that names rows.
func (d *door) returnRows(t tester, acceptID, reason, rows string) {
	t.Helper()
	if err := receivertest.Decide(d.desk).AskReturn(bg, intake.Actor("console:a"), acceptID, reason, rows); err != nil {
		t.Fatalf("%v", err)
	}
	if err := receivertest.Decide(d.desk).ConfirmReturn(bg, intake.Actor("console:b"), acceptID); err != nil {
		t.Fatalf("%v", err)
	}
}

// S22: why a case was returned, and which rows, reaches its sender in queryCaseinfo, and nobody else.
func TestS22Returned(t *testing.T) {
	d := openDoor(t)
	s, other := d.sender(t, api.All), d.sender(t, api.All)
	id := s.accept(t, wide("一案", 5))
	d.verify(t)
	before := s.query(t, jsonOf(map[string]string{"acceptid": id}))
	const reason = "第2至3条的身份代码\n与登记系统不符"
	d.returnRows(t, id, reason, "5、2-3")
	for _, body := range []string{
		`{"caseid":"一案"}`,
		jsonOf(map[string]string{"acceptid": id}),
		jsonOf(map[string]string{"acceptid": id, "returnDetails": "1"}),
	} {
		a := s.query(t, body)
		got, err := api.ReadAnswer(a.Body, api.Query)
		if err != nil || got.Status.Return == nil {
			t.Fatalf("%s: %v %s", body, err, a.Body)
		}
		r := got.Status.Return
		if r.Reason != reason || r.RowCount != 3 || !strings.HasSuffix(r.At, "+08:00") {
			t.Errorf("%s: %+v", body, r)
		}
		if diff := cmp.Diff([]int{2, 3, 5}, positions(r.Rows)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", body, diff)
		}
		if sent := itemsOf(
			t,
			wide("一案", 5),
		); r.Rows[2] != (api.ReturnedRow{Position: 5, PripID: sent[4].PripID, UniscID: sent[4].UniscID}) {
			t.Errorf("%s: %+v", body, r.Rows)
		}
		for name, value := range membersOf(t, before.Body) {
			if now := membersOf(t, a.Body)[name]; name != "state" && name != "firmCounts" &&
				string(now) != string(value) {
				t.Errorf("%s was %s, is %s", name, value, now)
			}
		}
	}
	for _, body := range []string{`{"caseid":"一案"}`, jsonOf(map[string]string{"acceptid": id, "returnDetails": "1"})} {
		if a := other.query(t, body); a.codes() != "19013" || strings.Contains(string(a.Body), "return") {
			t.Errorf("another app: %s", a.Body)
		}
	}
	if a := d.post(t, s.call(api.List), "{}"); strings.Contains(string(a.Body), "return") ||
		!strings.Contains(string(a.Body), `\u5df2\u9000\u56de`) {
		t.Errorf("listCaseinfo: %s", a.Body)
	}
	again := s.accept(t, wide("一案", 5))
	if a := s.query(t, jsonOf(map[string]string{"acceptid": again})); strings.Contains(string(a.Body), `"returnR`) {
		t.Errorf("sent again: %s", a.Body)
	}
	if a := s.query(
		t,
		jsonOf(map[string]string{"acceptid": id}),
	); !strings.Contains(string(a.Body), `"returnRowCount":3`) {
		t.Errorf("the first, after it was sent again: %s", a.Body)
	}
}

// S22: a reader that refuses members it does not know reads of a returned case what it read before, until it asks for
// more.
func TestS22ReturnedStrictly(t *testing.T) {
	d := openDoor(t)
	for _, dialect := range []api.Dialect{api.Table, api.Example, api.Overview} {
		s := d.sender(t, dialect)
		s.accept(t, bodyOf("一案"))
		first := s.query(t, `{"caseid":"一案"}`)
		before := membersOf(t, first.Body)
		read, err := api.ReadAnswer(first.Body, api.Query)
		if err != nil {
			t.Fatalf("%v", err)
		}
		id := read.AcceptID
		d.returnRows(t, id, "由", "")
		for _, details := range []string{"", "0"} {
			body := map[string]string{"acceptid": id}
			if details != "" {
				body["returnDetails"] = details
			}
			after := membersOf(t, s.query(t, jsonOf(body)).Body)
			if string(after["state"]) != `"\u5df2\u9000\u56de"` || len(after) != len(before) {
				t.Errorf("%s: %v", dialect, after)
			}
		}
		asked := s.query(t, jsonOf(map[string]string{"acceptid": id, "returnDetails": "1"}))
		if m := membersOf(t, asked.Body); string(m["returnReason"]) != `"\u7531"` || string(m["returnRows"]) != "[]" ||
			string(m["returnRowCount"]) != "0" {
			t.Errorf("%s: %s", dialect, asked.Body)
		}
	}
}

// S22: of many rows the first are told, and their number.
func TestS22ManyReturnedRows(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	id := s.accept(t, wide("一案", 1500))
	d.returnRows(t, id, "由", "1-1500")
	a := s.query(t, jsonOf(map[string]string{"acceptid": id}))
	got, err := api.ReadAnswer(a.Body, api.Query)
	if err != nil || got.Status.Return == nil {
		t.Fatalf("%v %s", err, a.Body)
	}
	r := got.Status.Return
	if r.RowCount != 1500 || len(r.Rows) != api.MaxReturnedRows || r.Rows[999].Position != 1000 {
		t.Errorf("%d rows, %d told", r.RowCount, len(r.Rows))
	}
}

func itemsOf(t tester, body string) (items []api.Entity) {
	t.Helper()
	_, err := api.ReadCase(strings.NewReader(body), 0, func(_ int, e api.Entity) { items = append(items, e) })
	if err != nil {
		t.Fatalf("%v", err)
	}
	return items
}

func positions(rows []api.ReturnedRow) (ns []int) {
	for _, r := range rows {
		ns = append(ns, r.Position)
	}
	return ns
}

func membersOf(t tester, b []byte) (m map[string]json.RawMessage) {
	t.Helper()
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatalf("%v: %s", err, b)
	}
	return m
}
