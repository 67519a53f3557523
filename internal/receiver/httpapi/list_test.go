package httpapi_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"diaoxiao/api"
)

// list asks for a page of listCaseinfo.
func (s *sender) list(t tester, body string) api.Answer {
	t.Helper()
	raw := s.d.post(t, s.call(api.List), body)
	a, err := api.ReadAnswer(raw.Body, api.List)
	if err != nil || raw.Status != 200 {
		t.Fatalf("list %s: %v: %s", body, err, raw.Body)
	}
	return a
}

func acceptIDs(a api.Answer) (ids []string) {
	for _, c := range a.Cases {
		ids = append(ids, c.AcceptID)
	}
	return ids
}

// S24: an app's own cases, by pages, each with what it takes to compare.
func TestS24List(t *testing.T) {
	d := openDoor(t)
	s, other := d.sender(t, api.All), d.sender(t, api.Example)
	if a := s.list(t, `{}`); len(a.Cases) != 0 || a.Next != "" {
		t.Errorf("an app without cases: %+v", a)
	}
	var want []string
	for i := range 7 {
		want = append(want, s.accept(t, bodyOf(fmt.Sprint(i))))
		other.accept(t, bodyOf(fmt.Sprint(i)))
	}
	s.send(t, without("7", "casename"))
	s.accept(t, bodyOf("3")) // a repeat is no case
	var got []string
	pages := 0
	for after := ""; ; pages++ {
		a := s.list(t, `{"limit":"3","after":"`+after+`"}`)
		got = append(got, acceptIDs(a)...)
		if after = a.Next; after == "" {
			break
		}
	}
	if !slices.Equal(got, want) || pages != 2 {
		t.Errorf("%d pages with %v, want %v", pages+1, got, want)
	}
	first := s.list(t, `{"limit":"1"}`).Cases[0]
	sum, digest := sha256.Sum256([]byte(bodyOf("0"))), d.cases(t)[0].Digest
	entry := api.CaseEntry{
		AcceptID:   want[0],
		Account:    s.account,
		Digest:     hex.EncodeToString(digest[:]),
		SHA256:     hex.EncodeToString(sum[:]),
		CaseStatus: api.CaseStatus{CaseID: "0", State: "已受理", ReceivedAt: "2026-03-15T09:30:00+08:00", Items: 1},
	}
	if diff := cmp.Diff(entry, first); diff != "" {
		t.Errorf("(-sent +listed)\n%s", diff)
	}
	if raw := other.d.post(t, other.call(api.List), `{"limit":"7"}`); !json.Valid(raw.Body) ||
		len(acceptIDs(other.list(t, `{}`))) != 7 {
		t.Errorf("the dialect example: %s", raw.Body)
	}
}

// S24: days are those of receipt in Beijing, both included.
func TestS24Days(t *testing.T) {
	d := openDoor(t) // 2026-03-15 09:30
	s := d.sender(t, api.All)
	var ids []string
	for _, wait := range []time.Duration{
		0,
		14*time.Hour + 30*time.Minute - time.Millisecond,
		time.Millisecond,
		24 * time.Hour,
	} {
		d.wait(wait)
		s.login(t)
		ids = append(ids, s.accept(t, bodyOf(fmt.Sprint(len(ids)))))
	}
	for body, want := range map[string][]string{
		`{}`:                    ids,
		`{"from":"2026-03-16"}`: ids[2:],
		`{"to":"2026-03-15"}`:   ids[:2],
		`{"from":"2026-03-16","to":"2026-03-16"}`:                          ids[2:3],
		`{"from":"2026-03-18"}`:                                            nil,
		`{"from":"2026-03-17","to":"2026-03-15"}`:                          nil,
		`{"from":"2026-03-15","after":"` + ids[1] + `","to":"2026-03-16"}`: ids[2:3],
		`{"from":"","to":null,"after":""}`:                                 ids,
	} {
		if got := acceptIDs(s.list(t, body)); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", body, got, want)
		}
	}
}

// S24: what is asked wrongly is told with its field.
func TestS24Refusals(t *testing.T) {
	d := openDoor(t)
	s := d.sender(t, api.All)
	for body, want := range map[string]string{
		`{"from":"2026-02-30"}`:          "19003 from",
		`{"to":"2026/03/15"}`:            "19003 to",
		`{"from":"昨天","to":"x"}`:         "19003 from",
		`{"limit":"0"}`:                  "19002 limit",
		`{"limit":"1001"}`:               "19002 limit",
		`{"limit":"-1"}`:                 "19002 limit",
		`{"limit":5}`:                    "19002 limit",
		`{"limit":"five"}`:               "19002 limit",
		`{"after":"1"}`:                  "19013 after",
		`{"after":"202603150000000018"}`: "19013 after",
		`[]`:                             "19001 ",
		``:                               "19001 ",
	} {
		a := d.post(t, s.call(api.List), body)
		if len(a.Errors) == 0 || a.Errors[0].ErrorCode+" "+a.Errors[0].Field != want || a.Errors[0].Name != "查询对账清单失败" {
			t.Errorf("%s: %s, want %s", body, a.Body, want)
		}
	}
}
