package checks

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"diaoxiao/api"
	"diaoxiao/conformance/internal/sample"
	"diaoxiao/conformance/internal/trial"
	"diaoxiao/conformance/internal/wire"
	"diaoxiao/internal/beijingtime"
)

// queryChecks are those of S22, the extension queryCaseinfo. A target without it offers none of them.
func queryChecks() []trial.Check {
	return []trial.Check{
		should("S22-01", "按受理号、按案件编号查询（扩展 queryCaseinfo）", func(t *trial.Trial) {
			c := t.NewCase()
			caseID := t.CaseID()
			id := t.Send(c).Accepted()
			for _, a := range []*trial.Answer{queryCase(t, "acceptid", id), queryCase(t, "caseid", caseID)} {
				a.Succeeds().Also("受理号 "+id+"，案件编号 "+caseID, a.AcceptID() == id && a.Text("caseid") == caseID)
			}
		}),
		should("S22-02", "查询告诉状态、接收时间和户数", func(t *trial.Trial) {
			id := t.Send(t.NewCase().With("penaltylist", sample.Items(t.Seed(), 3))).Accepted()
			a := queryCase(t, "acceptid", id).Succeeds()
			_, err := time.Parse(time.RFC3339, a.Text("receivedAt"))
			states := []string{api.StateAccepted, api.StateVerified, api.StateReturned}
			a.Also(
				"state 为已受理、已核验、已退回之一，receivedAt 为时间，items 为 3",
				slices.Contains(states, a.Text("state")) && err == nil && string(a.Members["items"]) == "3",
			)
		}),
		must("S22-03", "没有的案件查询不到", func(t *trial.Trial) {
			queryCase(t, "caseid", t.CaseID()+"没有").Refused()
			queryCase(t, "acceptid", "000000000000000000").Refused()
		}),
		must("S22-04", "查询须有令牌", func(t *trial.Trial) {
			queryCase(t, "caseid", "x")
			t.Do(wire.Request{Call: api.Query, Body: []byte(`{"caseid":"x"}`)}).Refused(api.InvalidToken)
		}),
		must("S22-05", "只能查本应用的案件", func(t *trial.Trial) {
			queryCase(t, "caseid", "x")
			stranger := t.StrangerSession()
			c := t.NewCase()
			caseID := t.CaseID()
			id := t.Send(c).Accepted()
			for _, body := range []sample.Object{
				sample.Object{}.With("acceptid", id),
				sample.Object{}.With("caseid", caseID),
			} {
				t.Do(wire.Request{Call: api.Query, Token: stranger, Body: body.Bytes()}).Refused()
			}
		}),
		must("S22-06", "查询的案件编号须完全一致", func(t *trial.Trial) {
			c := t.NewCase()
			caseID := t.CaseID()
			t.Send(c).Accepted()
			queryCase(t, "caseid", caseID+" ").Refused()
			queryCase(t, "caseid", caseID[:len(caseID)-1]).Refused()
		}),
		should("S22-08", "退回的理由和条目只在已退回的案件中给出，写法正确", returns),
		should("S22-09", "查询给出各状态的户数的，每一户只在一个状态中", firmCounts),
	}
}

// listChecks are those of S24, the extension listCaseinfo.
func listChecks() []trial.Check {
	return []trial.Check{
		should("S24-01", "列出本应用的案件（扩展 listCaseinfo）", func(t *trial.Trial) {
			c := t.NewCase()
			caseID := t.CaseID()
			id := t.Send(c).Accepted()
			findListed(
				t,
				sample.Object{},
				func(e listed) bool { return e.is("acceptid", id) && e.is("caseid", caseID) },
				"案件 "+id,
			)
		}),
		must("S24-02", "列出的案件不多不少，翻页不重复", func(t *trial.Trial) {
			var ids []string
			for range 3 {
				ids = append(ids, t.Send(t.NewCase()).Accepted())
			}
			seen := findListed(
				t,
				sample.Object{}.With("limit", "2"),
				func(e listed) bool { return e.is("acceptid", ids[2]) },
				"案件 "+ids[2],
			)
			sorted := slices.Sorted(slices.Values(seen))
			whole := len(slices.Compact(sorted)) == len(seen) &&
				!slices.ContainsFunc(ids, func(id string) bool { return !slices.Contains(seen, id) })
			t.Last().Also("三件都在，没有重复", whole)
		}),
		must("S24-03", "只列出本应用的案件", func(t *trial.Trial) {
			stranger := t.StrangerSession()
			id := t.Send(t.NewCase()).Accepted()
			listCases(t, sample.Object{})
			a := t.Do(wire.Request{Call: api.List, Token: stranger, Body: []byte("{}")})
			a.Expect("没有案件 "+id, a.Object && !slices.Contains(listedIn(a).ids(), id))
		}),
		should("S24-04", "列出的 digest、sha256、户数与报送的相符", func(t *trial.Trial) {
			body := t.NewCase().With("penaltylist", sample.Items(t.Seed(), 2)).Bytes()
			id := t.Send(body).Accepted()
			sum := sha256.Sum256(body)
			read, _ := api.ReadCase(bytes.NewReader(body), 0, nil)
			findListed(t, sample.Object{}, func(e listed) bool {
				return e.is("acceptid", id) && e.is("sha256", hex.EncodeToString(sum[:])) &&
					e.is("digest", hex.EncodeToString(read.Digest[:])) && string(e["items"]) == "2"
			}, "案件 "+id+"，其 sha256、digest、items 相符")
		}),
		must("S24-05", "列出案件须有令牌", func(t *trial.Trial) {
			listCases(t, sample.Object{})
			t.Do(wire.Request{Call: api.List, Body: []byte("{}")}).Refused(api.InvalidToken)
		}),
	}
}

type listed map[string]json.RawMessage

func (e listed) is(name, value string) bool {
	_, there := e[name]
	return there && e.text(name) == value
}

func (e listed) text(name string) string { return trial.ValueText(e[name]) }

type page []listed

func listedIn(a *trial.Answer) (p page) {
	json.Unmarshal(a.Members["cases"], &p)
	return p
}

func (p page) ids() (ids []string) {
	for _, e := range p {
		ids = append(ids, e.text("acceptid"))
	}
	return ids
}

// listCases asks for a page of today's and yesterday's cases. A target without listCaseinfo ends the check.
func listCases(t *trial.Trial, with sample.Object) *trial.Answer {
	if !t.Known("list", func() bool { return t.Call(api.List, "{}").Offered() }) {
		t.NotOffered("没有扩展接口 listCaseinfo")
	}
	yesterday := t.Now().Add(-24 * time.Hour).In(beijingtime.Zone).Format(time.DateOnly)
	return t.Call(api.List, append(sample.Object{}.With("from", yesterday), with...))
}

// findListed turns pages until the list ends, demands one entry that fits, and returns all acceptids.
func findListed(t *trial.Trial, with sample.Object, fits func(listed) bool, what string) (ids []string) {
	found := false
	last := turnPages(t, with, func(p page) {
		ids = append(ids, p.ids()...)
		found = found || slices.ContainsFunc(p, fits)
	})
	last.Also("其中有"+what, found)
	return ids
}

// turnPages hands over page after page until the list ends, and returns the last answer.
func turnPages(t *trial.Trial, with sample.Object, each func(page)) *trial.Answer {
	n := 0
	for after := ""; ; {
		ask := with
		if after != "" {
			ask = with.With("after", after)
		}
		a := listCases(t, ask).Succeeds()
		each(listedIn(a))
		n += len(listedIn(a))
		if after = a.Text("next"); after == "" || n > 100000 {
			return a
		}
	}
}

// needQuery ends the check where the receiver does not offer the extension.
func needQuery(t *trial.Trial) {
	if !t.Known("query", func() bool { return t.Call(api.Query, "{}").Offered() }) {
		t.NotOffered("没有扩展接口 queryCaseinfo")
	}
}

// queryCase asks for the state of a case, by acceptid or caseid. A target without queryCaseinfo ends the check.
func queryCase(t *trial.Trial, member, value string) *trial.Answer {
	needQuery(t)
	return t.Call(api.Query, sample.Object{}.With(member, value))
}
