package console_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/receiver/intake"
)

// record writes calls into the log, as the front door's log does.
func (h *house) record(cs ...intake.Call) {
	h.Helper()
	h.must(h.store.Background(h.Context(), func(tx intake.Tx) error { return tx.PutCalls(cs) }))
}

// has fails where a page does not read what it should.
func has(t testing.TB, page string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(page, want) {
			t.Errorf("page does not say %q:\n%s", want, text(page))
		}
	}
}

// lacks fails where a page reads what it should not.
func lacks(t testing.TB, page string, others ...string) {
	t.Helper()
	for _, other := range others {
		if strings.Contains(page, other) {
			t.Errorf("page says %q:\n%s", other, text(page))
		}
	}
}

// appID is the number of an app.
func (h *house) appID(key string) int64 {
	h.Helper()
	a, err := h.App(h.Context(), intake.System, key)
	h.must(err)
	return a.ID
}

func TestCalls(t *testing.T) {
	h := openHouse(t)
	a, b := h.admit("甲局办案系统"), h.admit("乙局<办案>系统")
	one, two := h.appID(a.AppKey), h.appID(b.AppKey)
	h.record(
		intake.Call{At: h.now().Add(-2 * time.Hour), Name: "login", AppID: one, Account: "经办人", Outcome: "SUCCESS",
			Status: 200, RequestID: "r-1", Source: "192.0.2.1", Took: 1500 * time.Microsecond},
		intake.Call{At: h.now().Add(-time.Hour), Name: "receiveCaseinfo", AppID: one, Account: "经办人", CaseID: "案1",
			AcceptID: "20261124000000001X", Outcome: "accepted", Status: 200, Bytes: 12345, Items: 1200,
			RequestID: "r-2", Source: "192.0.2.1", Took: 2 * time.Second},
		intake.Call{At: h.now(), Name: "receiveCaseinfo", AppID: two, CaseID: "案2", Outcome: "refused",
			Codes: "14000,14008", Status: 200, RequestID: "r-3", Source: "192.0.2.9"},
		intake.Call{At: h.now(), Name: "/x", AppKey: "dxunknown", Outcome: "FAILURE", Codes: "19011", Status: 404,
			RequestID: "r-4", Source: "192.0.2.7"},
	)
	clerk, admin := h.enter(intake.Clerk, "clerk"), h.enter(intake.SystemAdmin, "admin")
	all := clerk.see("/calls")
	has(t, text(all), "2026-11-24 09:30:00",
		"2026-11-24 08:30:00 报送案件 甲局办案系统 案1 20261124000000001X 受理 1,200 2.00 秒 r-2 192.0.2.1",
		"登录 甲局办案系统", "1.5 毫秒", "乙局<办案>系统", "拒绝 14000 14008 案件编号不能为空", "失败 HTTP 404 19011 接口不存在",
		"未知应用 dxunknown")
	has(t, all, `href="/console/cases/20261124000000001X"`,
		`<a href="/console/calls" class="here" aria-current="page">`)
	lacks(t, admin.see("/calls"), `href="/console/cases/`)
	for query, want := range map[string]string{"failed=1": "r-4 r-3", "app=" + fmt.Sprint(two): "r-3",
		"call=login": "r-1", "code=14008": "r-3", "request=r-2": "r-2", "caseid=案2": "r-3",
		"source=192.0.2.1": "r-2 r-1", "from=2026-11-24T08:30&to=2026-11-24T08:30": "r-2", "to=2026-11-24T08:00": "r-1",
		"app=99": ""} {
		if got := requests(clerk.see("/calls?" + query)); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	has(t, clerk.see("/calls?failed=1&code=14008&caseid=%22%3E%3Cb%3E"), ` checked`, `<option value="14008" selected>`,
		`value="&#34;&gt;&lt;b&gt;"`)
	for _, query := range []string{"from=gestern", "app=x", "after=x", "before=1-"} {
		if a := clerk.do("GET", "/calls?"+query, nil); a.Status != 400 || !strings.Contains(a.Body, `role="alert"`) {
			t.Errorf("%s: %d %s", query, a.Status, text(a.Body))
		}
	}
}

// requests is the request ids of the rows of a page.
func requests(page string) string {
	var ids []string
	for part := range strings.SplitSeq(page, `<td class="code">`) {
		if strings.HasPrefix(part, "r-") {
			ids = append(ids, part[:strings.Index(part, "<")])
		}
	}
	return strings.Join(ids, " ")
}

// Pages of calls that came at one moment miss none and show none twice, in either direction.
func TestCallsTurned(t *testing.T) {
	h := openHouse(t)
	var cs []intake.Call
	for i := range 120 {
		cs = append(cs, intake.Call{At: h.now(), Name: "login", Outcome: "SUCCESS", Status: 200,
			RequestID: fmt.Sprint("r-", i)})
	}
	h.record(cs...)
	v := h.enter(intake.Clerk, "clerk")
	testTurned(t, v, "/calls?call=login", requests, 120)
}

// testTurned turns a list's pages to its end and back.
func testTurned(t *testing.T, v *visitor, path string, rows func(page string) string, want int) {
	t.Helper()
	var pages []string
	seen := make(map[string]bool)
	for path != "" {
		body := v.see(path)
		pages = append(pages, rows(body))
		for _, id := range strings.Fields(rows(body)) {
			if seen[id] {
				t.Errorf("%s twice", id)
			}
			seen[id] = true
		}
		if path = turnTo(body, "next"); path == "" {
			path = turnTo(body, "prev")
			break
		}
	}
	if len(seen) != want {
		t.Errorf("%d rows, want %d", len(seen), want)
	}
	for i := len(pages) - 2; i >= 0; i-- {
		body := v.see(path)
		if got := rows(body); got != pages[i] {
			t.Errorf("page %d backwards: %s, want %s", i, got, pages[i])
		}
		path = turnTo(body, "prev")
	}
	if path != "" {
		t.Errorf("before the first page: %s", path)
	}
}

// turnTo is where a page's link to the next or previous one leads.
func turnTo(page, rel string) string {
	head, _, ok := strings.Cut(page, `" rel="`+rel+`"`)
	if !ok {
		return ""
	}
	return strings.ReplaceAll(strings.TrimPrefix(head[strings.LastIndex(head, `"`)+1:], "/console"), "&amp;", "&")
}

func TestCallErrors(t *testing.T) {
	h := openHouse(t)
	a := h.admit("甲局办案系统")
	one := h.appID(a.AppKey)
	refused := intake.Call{At: h.now().Add(-time.Minute), Name: "receiveCaseinfo", AppID: one, Outcome: "refused",
		Codes: "14008", Status: 200, RequestID: "r-1", Source: "192.0.2.1"}
	old, both, stranger := refused, refused, refused
	old.At, old.RequestID = h.now().AddDate(0, 0, -8), "r-0"
	both.Codes, both.RequestID, both.At = "14000,14008", "r-2", h.now()
	stranger.AppID, stranger.AppKey, stranger.Codes, stranger.RequestID, stranger.Source = 0, "dxnobody", "12002",
		"r-3", "198.51.100.7"
	h.record(old, refused, both, stranger)
	v := h.enter(intake.SystemAdmin, "admin")
	week := v.see("/calls/errors")
	has(t, text(week), "甲局办案系统 14008 吊销市场主体清单内容不能有空 清单每一条的", "2 2026-11-24 09:30:00 r-2 乌云其木格 0471-1234567 查看记录",
		"14000 案件编号不能为空 填写 caseid。 1",
		"未知应用 dxnobody 12002 appKey无效", "来自 198.51.100.7")
	has(t, text(v.see("/calls/errors?period=30")), "3 2026-11-24 09:30:00")
	href := `href="/console/calls?app=` + fmt.Sprint(one) + `&amp;code=14008&amp;from=2026-11-18T00%3A00"`
	has(t, week, href)
	if got := requests(v.see("/calls?" + "app=" + fmt.Sprint(one) +
		"&code=14008&from=2026-11-18T00%3A00")); got != "r-2 r-1" {
		t.Errorf("the calls of a group: %s", got)
	}
	h.wait(48 * time.Hour)
	has(t, text(h.enter(intake.Clerk, "clerk").see("/calls/errors?period=today")), "今天没有失败的调用")
}
