package httpapi_test

import (
	"strings"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
)

// tallied puts the firms of a case into states.
func (d *door) tallied(t tester, caseNo int64, n release.Tally) {
	t.Helper()
	if err := d.store.Update(bg, func(tx intake.Tx) error {
		return tx.PutTallies([]intake.CaseTally{{CaseNo: caseNo, Tally: n}})
	}); err != nil {
		t.Fatalf("%v", err)
	}
}

// countsOf are the counts that an answer tells; nil: none.
func countsOf(t tester, a answer) *api.FirmCounts {
	t.Helper()
	read, err := api.ReadAnswer(a.Body, api.Query)
	if err != nil || read.Status == nil {
		t.Fatalf("%v: %s", err, a.Body)
	}
	return read.Status.Firms
}

// S22: the firms by state reach the sender of the case; their sum is the length of the list, whatever the state.
func TestS22FirmCounts(t *testing.T) {
	d := openDoor(t)
	s, other := d.sender(t, api.All), d.sender(t, api.All)
	id := s.accept(t, wide("一案", 7))
	ask := jsonOf(map[string]string{"acceptid": id})
	hold := func(what string, want api.FirmCounts) {
		t.Helper()
		got := countsOf(t, s.query(t, ask))
		if got == nil || *got != want || got.Total() != 7 {
			t.Errorf("%s: %+v, want %+v", what, got, want)
		}
	}
	hold("accepted", api.FirmCounts{Pending: 7})
	d.verify(t)
	if got := countsOf(t, s.query(t, ask)); got == nil || got.Total() != 7 || got.Pending > 0 {
		t.Errorf("as the verifier counted them: %+v", got)
	}
	d.tallied(t, 1, release.Tally{Clear: 1, Ready: 1, Held: 2, Released: 2, Withheld: 1, Published: 1, Flagged: 3})
	hold("verified", api.FirmCounts{Ready: 2, Held: 2, Released: 2, Withheld: 1, Published: 1})
	if a := other.query(t, ask); strings.Contains(string(a.Body), "firmCounts") {
		t.Errorf("another app: %s", a.Body)
	}
	if a := d.post(t, s.call(api.List), "{}"); strings.Contains(string(a.Body), "firmCounts") {
		t.Errorf("listCaseinfo: %s", a.Body)
	}
	d.tallied(t, 1, release.Tally{Ready: 3})
	if got := countsOf(t, s.query(t, ask)); got != nil {
		t.Errorf("counts that are not those of the list were told: %+v", got)
	}
	d.tallied(t, 1, release.Tally{Ready: 7})
	d.returnRows(t, id, "由", "1")
	hold("returned", api.FirmCounts{Returned: 7})
}

// S22: a strict reader gets the counts only if it asks for them, and then in its own spelling; all else stays.
func TestS22FirmCountsStrictly(t *testing.T) {
	d := openDoor(t)
	for i, dialect := range []api.Dialect{api.Table, api.Example, api.Overview} {
		s := d.sender(t, dialect)
		s.accept(t, bodyOf("一案"))
		d.verify(t)
		d.tallied(t, int64(i+1), release.Tally{Held: 1})
		first := membersOf(t, s.query(t, `{"caseid":"一案"}`).Body)
		for _, body := range []string{`{"caseid":"一案","returnDetails":"1"}`, `{"caseid":"一案","firmCounts":"0"}`,
			`{"caseid":"一案","firmCounts":""}`} {
			if got := membersOf(t, s.query(t, body).Body); len(got) != len(first) || got["firmCounts"] != nil {
				t.Errorf("%s %s: %v", dialect, body, got)
			}
		}
		asked := membersOf(t, s.query(t, `{"caseid":"一案","firmCounts":"1"}`).Body)
		want := `{"pending":0,"ready":0,"held":1,"released":0,"withheld":0,"returned":0,"published":0}`
		if string(asked["firmCounts"]) != want || len(asked) != len(first)+1 {
			t.Errorf("%s: %v", dialect, asked)
		}
		for name, value := range first {
			if string(asked[name]) != string(value) {
				t.Errorf("%s %s: %s, was %s", dialect, name, asked[name], value)
			}
		}
		if a := s.query(t, `{"caseid":"一案","firmCounts":1}`); a.codes() != "19002" {
			t.Errorf("a number: %s", a.Body)
		}
	}
}
