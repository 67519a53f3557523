package console_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
)

// caseLink is a link to a case.
var caseLink = regexp.MustCompile(`href="/console/cases/([0-9]{18})(?:\?[^"]*)?"`)

func acceptids(page string) (ids []string) {
	for _, m := range caseLink.FindAllStringSubmatch(page, -1) {
		ids = append(ids, m[1])
	}
	return ids
}

func wants(t *testing.T, page string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(page, p) {
			t.Errorf("the page lacks %q:\n%s", p, text(page))
		}
	}
}

// sendMany reports n cases a second apart, of twenty different days.
func (s *sender) sendMany(n int) (ids []string) {
	for i := range n {
		c := aCase(fmt.Sprintf("内市监处罚〔2026〕%d号", i+1))
		c.PenaltyDate = fmt.Sprintf("2026-11-%02d", 20-i%20)
		ids = append(ids, s.send(c))
		s.wait(time.Second)
	}
	return ids
}

// An acceptid is found however it was copied: the field holds all of it, with blanks around, in full width.
func TestAcceptIDAsPasted(t *testing.T) {
	h := openHouse(t)
	v := h.enter(intake.Clerk, "qiqige")
	id := h.admit("甲").sendMany(1)[0]
	wide := strings.Map(func(r rune) rune { return r - '0' + '０' }, id)
	for _, typed := range []string{" " + id + "\t", id[:8] + " " + id[8:], wide} {
		if got := acceptids(v.see("/cases?acceptid=" + url.QueryEscape(typed))); len(got) != 1 || got[0] != id {
			t.Errorf("%q: %q", typed, got)
		}
	}
	if strings.Contains(v.see("/cases"), `maxlength="18"`) {
		t.Error("a blank before a pasted acceptid takes its last digit away")
	}
}

// A caseid is found by whatever brackets it is typed with; what selects the list is then the one that was sent.
func TestCaseIDInOtherBrackets(t *testing.T) {
	h := openHouse(t)
	v := h.enter(intake.Clerk, "qiqige")
	s := h.admit("甲")
	for _, sent := range []string{"呼市监处罚〔2026〕17号", "包市监处罚(2026)17号"} {
		id := s.send(aCase(sent))
		for _, typed := range []string{sent, strings.NewReplacer("〔", "[", "〕", "]", "(", "（", ")", "）").Replace(sent),
			strings.NewReplacer("〔", "【", "〕", "】", "(", "〔", ")", "〕").Replace(sent)} {
			a := v.do("GET", "/cases?order=asc&caseid="+url.QueryEscape(typed), nil)
			if typed != sent {
				if want := "/cases?caseid=" + url.QueryEscape(sent) + "&order=asc"; a.Status != 303 ||
					a.Location != want {
					t.Errorf("%s: %d %s", typed, a.Status, a.Location)
					continue
				}
				a = v.do("GET", a.Location, nil)
			}
			if got := acceptids(a.Body); len(got) != 1 || got[0] != id {
				t.Errorf("%s: %q", typed, got)
			}
		}
	}
	if a := v.do("GET", "/cases?caseid="+url.QueryEscape("呼市监处罚[2026]18号"), nil); a.Status != 200 ||
		len(acceptids(a.Body)) != 0 {
		t.Errorf("one that was never sent: %d", a.Status)
	}
}

// Once its case is verified, a caseid is found however its blanks, width and brackets are typed, and a case whose
// caseid is that of another but for these says so.
func TestCaseIDWrittenOtherwise(t *testing.T) {
	h := openHouse(t)
	v := h.enter(intake.Clerk, "qiqige")
	s := h.admit("甲")
	const sent = "呼市监处罚〔2026〕17号\u200b"
	id := s.send(aCase(sent))
	h.verify()
	for _, typed := range []string{"呼市监处罚〔2026〕17号", "呼市监处罚 [2026] 17号", "呼市监处罚（２０２６）１７号", "呼市监处罚「2026」17号"} {
		a := v.do("GET", "/cases?caseid="+url.QueryEscape(typed), nil)
		if want := "/cases?caseid=" + url.QueryEscape(sent); a.Status != 303 || a.Location != want {
			t.Errorf("%s: %d %s", typed, a.Status, a.Location)
			continue
		}
		if got := acceptids(v.do("GET", a.Location, nil).Body); len(got) != 1 || got[0] != id {
			t.Errorf("%s: %q", typed, got)
		}
	}
	later := s.send(aCase("呼市监处罚〔2026〕17号", api.Entity{PripID: "150103000022004041376942",
		UniscID: "91150103MA0R9M0D7K", Legal: "宋娟", EntType: "1130"}))
	h.verify()
	wants(t, text(v.see("/cases/"+later)), "案件编号与另一案件只是写法不同", "（ 受理号"+id+" ）", "另案在本案第15位处多U+200B（零宽空格）")
	wants(t, text(v.see("/cases/"+id)), "案件编号与另一案件只是写法不同", "（ 受理号"+later+" ）", "后来的案件与本案重复或者矛盾 受理号 "+later)
}

// Where a deadline lies in a year whose holidays nobody knows yet, the list says so.
func TestDeadlinesThatAreGuessed(t *testing.T) {
	h := openHouse(t)
	v := h.enter(intake.Clerk, "qiqige")
	s := h.admit("甲")
	c := aCase("1号")
	s.send(c)
	lacks(t, v.see("/cases"), "放假安排尚未公布")
	c.CaseID, c.PenaltyDate = "2号", "2026-12-10"
	s.send(c)
	wants(t, v.see("/cases"), "2027年的放假安排尚未公布，到那一年的公示期限只算周末。")
}

func TestCasesAreTurnedForwardAndBackward(t *testing.T) {
	h := openHouse(t)
	v := h.enter(intake.Clerk, "qiqige")
	ids := h.admit("呼和浩特案件系统").sendMany(120)
	next := regexp.MustCompile(`<a href="([^"]*)" rel="next">`)
	previous := regexp.MustCompile(`<a href="([^"]*)" rel="prev">`)
	for _, query := range []string{"", "?order=asc", "?sort=penaltydate", "?sort=penaltydate&order=asc", "?org=呼和浩特"} {
		var seen []string
		page := v.see("/cases" + query)
		var pages [][]string
		for {
			pages = append(pages, acceptids(page))
			seen = append(seen, acceptids(page)...)
			m := next.FindStringSubmatch(page)
			if m == nil {
				break
			}
			page = v.see(strings.ReplaceAll(strings.TrimPrefix(m[1], "/console"), "&amp;", "&"))
		}
		if len(seen) != len(ids) || len(pages) != 3 {
			t.Fatalf("%s: %d cases on %d pages", query, len(seen), len(pages))
		}
		if query == "" && (seen[0] != ids[119] || seen[119] != ids[0]) {
			t.Error("the newest do not come first")
		}
		m := previous.FindStringSubmatch(page)
		page = v.see(strings.ReplaceAll(strings.TrimPrefix(m[1], "/console"), "&amp;", "&"))
		if got := acceptids(page); fmt.Sprint(got) != fmt.Sprint(pages[1]) {
			t.Errorf("%s: going back shows another page\n%v\n%v", query, got, pages[1])
		}
	}
}

func TestCasesAreFound(t *testing.T) {
	h := openHouse(t)
	first := h.admit("甲系统").send(aCase("甲〔2026〕1号"))
	h.wait(48 * time.Hour)
	b, v := h.admit("乙系统"), h.enter(intake.Clerk, "qiqige")
	old := aCase("乙〔2026〕1号", api.Entity{PripID: "无", UniscID: "91150104MA0N967167", Legal: "张三", EntType: "1151"})
	old.PenaltyDate, old.PenaltyOrg = "2026-10-01", "包头市市场监督管理局"
	second := b.send(old)
	h.verify()
	for query, want := range map[string]string{
		"caseid=甲〔2026〕1号": first, "acceptid=" + second: second, "org=包头": second, "decidedto=2026-10-31": second,
		"to=2026-11-24": first, "from=2026-11-26&to=2026-11-26": second, "state=tocheck": second,
		"state=overdue": second, "app=1": first,
		"name=停业&app=2": second, "state=returned": "", "caseid=甲": "",
	} {
		if got := strings.Join(acceptids(v.see("/cases?"+query)), " "); got != want {
			t.Errorf("%s: found %q, want %q", query, got, want)
		}
	}
	page := text(v.see("/cases"))
	wants(t, page, "12个工作日", "已超期", "公示超期", "警示", "待核对")
	for _, query := range []string{"from=2026-13-01", "decidedfrom=昨天", "state=x", "sort=x", "after=x", "app=x"} {
		if got := v.do("GET", "/cases?"+query, nil); got.Status != http.StatusBadRequest ||
			!strings.Contains(got.Body, "重置") {
			t.Errorf("%s: %d", query, got.Status)
		}
	}
}

func TestChosenColumnsAreShownAndExported(t *testing.T) {
	h := openHouse(t)
	v := h.enter(intake.Clerk, "qiqige")
	s := h.admit("甲系统")
	c := aCase("=1+1")
	c.CaseName = "@SUM(1)<script>alert(1)</script>\u202e\"'"
	id := s.send(c)
	page := v.post("/cases/columns?name=SUM", "column", "caseid", "column", "casename", "column", "items", "column",
		"nothing")
	wants(t, page, `@SUM(1)&lt;script&gt;alert(1)&lt;/script&gt;\u202e&#34;&#39;`)
	if strings.Contains(text(page), "处罚决定日期 处罚决定日期") || strings.Contains(page, "\u202e") {
		t.Error("columns that were not chosen, or hidden characters, are shown")
	}
	got := v.do("POST", "/cases/export?name=SUM", form("kind", "csv"))
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(got.Body, "\uFEFF"))).ReadAll()
	if err != nil || !strings.HasPrefix(got.Body, "\uFEFF") {
		t.Fatalf("%v %q", err, got.Body)
	}
	want := [][]string{{"受理号", "案件编号", "案件名称", "户数"}, {"'" + id, "'=1+1", "'" + c.CaseName, "1"}}
	if fmt.Sprint(rows) != fmt.Sprint(want) {
		t.Errorf("CSV: %q, want %q", rows, want)
	}
	got = v.do("POST", "/cases/export?name=SUM", form("kind", "xlsx"))
	f, err := excelize.OpenReader(bytes.NewReader([]byte(got.Body)))
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := f.GetRows("案件")
	if err != nil || len(sheet) != 4 || fmt.Sprint(sheet[3]) != fmt.Sprint([]string{id, "=1+1", c.CaseName, "1"}) {
		t.Errorf("XLSX: %v %q", err, sheet)
	}
	for cell, want := range map[string]excelize.CellType{"A4": excelize.CellTypeInlineString,
		"B4": excelize.CellTypeInlineString, "D4": excelize.CellTypeUnset} {
		if kind, _ := f.GetCellType("案件", cell); kind != want {
			t.Errorf("%s is of type %v", cell, kind)
		}
		if formula, _ := f.GetCellFormula("案件", cell); formula != "" {
			t.Errorf("%s is the formula %s", cell, formula)
		}
	}
	if p, err := f.GetSheetProps("案件"); err != nil || !*p.FitToPage {
		t.Errorf("on paper it is not as wide as the sheet: %v", err)
	}
	if p := v.post("/cases/columns", "default", "1"); !regexp.MustCompile(`>户数\s*</label>`).MatchString(p) {
		t.Error("no columns to choose")
	}
	es, err := h.EntriesAfter(context.Background(), intake.System, 0, 100)
	h.must(err)
	n := 0
	for _, e := range es {
		if e.Action == "export" {
			n++
			wants(t, string(e.By)+" "+e.Target+" "+e.Detail, "console:qiqige 案件", "1行；条件：案件名称=SUM")
		}
	}
	if n != 2 {
		t.Errorf("%d exports in the audit", n)
	}
}

func TestExportBeyondTheLimit(t *testing.T) {
	h := openHouse(t)
	v := h.enter(intake.Clerk, "qiqige")
	h.must(h.SetPolicies(context.Background(), intake.Actor("cli:root"), intake.Policies{intake.ExportRows: 1000}))
	s := h.admit("甲系统")
	for i := range 1001 {
		s.send(aCase(fmt.Sprintf("%d号", i)))
	}
	got := v.do("POST", "/cases/export", form("kind", "xlsx"))
	if got.Status != http.StatusBadRequest {
		t.Errorf("%d", got.Status)
	}
	wants(t, text(got.Body), "超过1000行，不能导出为XLSX", "导出CSV")
	got = v.do("POST", "/cases/export", form("kind", "csv"))
	if n := strings.Count(got.Body, "\r\n"); got.Status != http.StatusOK || n != 1002 {
		t.Errorf("%d, %d lines", got.Status, n)
	}
	if got := v.do("POST", "/cases/export", form("kind", "exe")); got.Status != http.StatusNotFound {
		t.Errorf("%d", got.Status)
	}
}
