package conformance

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/beijingtime"
)

// queryChecks are those of S22, the extension queryCaseinfo. A target without it offers none of them.
func queryChecks() []Check {
	return []Check{
		should("S22-01", "按受理号、按案件编号查询（扩展 queryCaseinfo）", func(t *trial) {
			c := t.newCase()
			caseID := t.caseID()
			id := t.send(c).accepted()
			for _, a := range []*answer{queryCase(t, "acceptid", id), queryCase(t, "caseid", caseID)} {
				a.succeeds().also("受理号 "+id+"，案件编号 "+caseID, a.acceptID() == id && a.text("caseid") == caseID)
			}
		}),
		should("S22-02", "查询告诉状态、接收时间和户数", func(t *trial) {
			id := t.send(t.newCase().with("penaltylist", items(t.seed(), 3))).accepted()
			a := queryCase(t, "acceptid", id).succeeds()
			_, err := time.Parse(time.RFC3339, a.text("receivedAt"))
			states := []string{api.StateAccepted, api.StateVerified, api.StateReturned}
			a.also("state 为已受理、已核验、已退回之一，receivedAt 为时间，items 为 3", slices.Contains(states, a.text("state")) && err == nil && string(a.members["items"]) == "3")
		}),
		must("S22-03", "没有的案件查询不到", func(t *trial) {
			queryCase(t, "caseid", t.caseID()+"没有").refused()
			queryCase(t, "acceptid", "000000000000000000").refused()
		}),
		must("S22-04", "查询须有令牌", func(t *trial) {
			queryCase(t, "caseid", "x")
			t.do(request{call: api.Query, body: []byte(`{"caseid":"x"}`)}).refused(api.InvalidToken)
		}),
		must("S22-05", "只能查本应用的案件", func(t *trial) {
			queryCase(t, "caseid", "x")
			stranger := t.stranger()
			c := t.newCase()
			caseID := t.caseID()
			id := t.send(c).accepted()
			for _, body := range []object{object{}.with("acceptid", id), object{}.with("caseid", caseID)} {
				t.do(request{call: api.Query, token: stranger, body: body.bytes()}).refused()
			}
		}),
		must("S22-06", "查询的案件编号须完全一致", func(t *trial) {
			c := t.newCase()
			caseID := t.caseID()
			t.send(c).accepted()
			queryCase(t, "caseid", caseID+" ").refused()
			queryCase(t, "caseid", caseID[:len(caseID)-1]).refused()
		}),
		should("S22-08", "退回的理由和条目只在已退回的案件中给出，写法正确", returns),
	}
}

// listChecks are those of S24, the extension listCaseinfo.
func listChecks() []Check {
	return []Check{
		should("S24-01", "列出本应用的案件（扩展 listCaseinfo）", func(t *trial) {
			c := t.newCase()
			caseID := t.caseID()
			id := t.send(c).accepted()
			findListed(t, object{}, func(e listed) bool { return e.is("acceptid", id) && e.is("caseid", caseID) }, "案件 "+id)
		}),
		must("S24-02", "列出的案件不多不少，翻页不重复", func(t *trial) {
			var ids []string
			for range 3 {
				ids = append(ids, t.send(t.newCase()).accepted())
			}
			seen := findListed(t, object{}.with("limit", "2"), func(e listed) bool { return e.is("acceptid", ids[2]) }, "案件 "+ids[2])
			sorted := slices.Sorted(slices.Values(seen))
			whole := len(slices.Compact(sorted)) == len(seen) && !slices.ContainsFunc(ids, func(id string) bool { return !slices.Contains(seen, id) })
			t.last().also("三件都在，没有重复", whole)
		}),
		must("S24-03", "只列出本应用的案件", func(t *trial) {
			stranger := t.stranger()
			id := t.send(t.newCase()).accepted()
			listCases(t, object{})
			a := t.do(request{call: api.List, token: stranger, body: []byte("{}")})
			a.expect("没有案件 "+id, a.object && !slices.Contains(listedIn(a).ids(), id))
		}),
		should("S24-04", "列出的 digest、sha256、户数与报送的相符", func(t *trial) {
			body := t.newCase().with("penaltylist", items(t.seed(), 2)).bytes()
			id := t.send(body).accepted()
			sum := sha256.Sum256(body)
			read, _ := api.ReadCase(bytes.NewReader(body), 0, nil)
			findListed(t, object{}, func(e listed) bool {
				return e.is("acceptid", id) && e.is("sha256", hex.EncodeToString(sum[:])) && e.is("digest", hex.EncodeToString(read.Digest[:])) && string(e["items"]) == "2"
			}, "案件 "+id+"，其 sha256、digest、items 相符")
		}),
		must("S24-05", "列出案件须有令牌", func(t *trial) {
			listCases(t, object{})
			t.do(request{call: api.List, body: []byte("{}")}).refused(api.InvalidToken)
		}),
	}
}

type listed map[string]json.RawMessage

func (e listed) is(name, value string) bool {
	_, there := e[name]
	return there && e.text(name) == value
}

func (e listed) text(name string) string { return valueText(e[name]) }

type page []listed

func listedIn(a *answer) (p page) {
	json.Unmarshal(a.members["cases"], &p)
	return p
}

func (p page) ids() (ids []string) {
	for _, e := range p {
		ids = append(ids, e.text("acceptid"))
	}
	return ids
}

// listCases asks for a page of today's and yesterday's cases. A target without listCaseinfo ends the check.
func listCases(t *trial, with object) *answer {
	if !t.known("list", func() bool { return t.call(api.List, "{}").offered() }) {
		t.notOffered("没有扩展接口 listCaseinfo")
	}
	yesterday := t.Now().Add(-24 * time.Hour).In(beijingtime.Zone).Format(time.DateOnly)
	return t.call(api.List, append(object{}.with("from", yesterday), with...))
}

// findListed turns pages until the list ends, demands one entry that fits, and returns all acceptids.
func findListed(t *trial, with object, fits func(listed) bool, what string) (ids []string) {
	found := false
	last := turnPages(t, with, func(p page) {
		ids = append(ids, p.ids()...)
		found = found || slices.ContainsFunc(p, fits)
	})
	last.also("其中有"+what, found)
	return ids
}

// turnPages hands over page after page until the list ends, and returns the last answer.
func turnPages(t *trial, with object, each func(page)) *answer {
	n := 0
	for after := ""; ; {
		ask := with
		if after != "" {
			ask = with.with("after", after)
		}
		a := listCases(t, ask).succeeds()
		each(listedIn(a))
		n += len(listedIn(a))
		if after = a.text("next"); after == "" || n > 100000 {
			return a
		}
	}
}

// queryCase asks how a case stands, by acceptid or caseid. A target without queryCaseinfo ends the check.
func queryCase(t *trial, member, value string) *answer {
	if !t.known("query", func() bool { return t.call(api.Query, "{}").offered() }) {
		t.notOffered("没有扩展接口 queryCaseinfo")
	}
	return t.call(api.Query, object{}.with(member, value))
}
