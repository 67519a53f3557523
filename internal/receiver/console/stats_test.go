package console_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/xuri/excelize/v2"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
	"diaoxiao/internal/receiver/statistics"
	"diaoxiao/internal/receiver/workday"
)

// aYear has what three senders sent from June to November 2026, most of it published in time, the months before
// November closed as far as they can be.
func aYear(t testing.TB) (h *house, s *statistics.Statistics) {
	h = openHouse(t)
	first := time.Date(2026, 6, 3, 9, 30, 0, 0, beijingtime.Zone)
	h.clock.Store(int64(first.Sub(opening)))
	var senders []*sender
	for _, name := range []string{"呼和浩特市局行政处罚系统", "包头市局行政处罚系统", "呼伦贝尔市局执法办案平台"} {
		senders = append(senders, h.admit(name))
	}
	n := 0
	for month := range 6 {
		for day := range 3 + month {
			h.clock.Store(int64(first.AddDate(0, month, 3*day).Sub(opening)))
			from := senders[(month+day)%len(senders)]
			from.login()
			c := regionalCase(n, h.now())
			c.PenaltyDate = beijingtime.Day(h.now().AddDate(0, 0, -4))
			c.PenaltyList = firms(40*n, 12+n%30)
			if n%4 == 1 { // the name of another organ is a part of it
				c.PenaltyOrg += "新城区分局 "
			}
			id := from.send(c)
			h.verify()
			if n%5 == 3 {
				h.must(h.ReturnCase(context.Background(), id, "法定代表人栏有误"))
			} else if month < 5 {
				h.publishAll(id, len(c.PenaltyList), beijingtime.Day(h.now().AddDate(0, 0, 3+9*(n%4))))
			}
			n++
		}
	}
	senders[0].call("/security/receiveCaseinfo", "?access_token=x", "{}")
	h.recordCalls()
	h.clock.Store(0)
	s = statistics.New(h.Desk, workday.Default())
	h.must(s.Pass(context.Background()))
	return h, s
}

// publishAll has two persons release and publish all firms of a case, behind the desk's back.
func (h *house) publishAll(id string, firms int, day string) {
	h.Helper()
	f, err := h.CaseFile(context.Background(), intake.Actor("cli:x"), id)
	h.must(err)
	h.must(h.store.Update(context.Background(), func(tx intake.Tx) error {
		no, err := tx.InsertProposal(intake.Proposal{CaseNo: f.No, Kind: release.Release, Rows: "1", Count: firms,
			At: h.now(), By: "console:a"})
		return errors.Join(err, tx.AnswerProposal(intake.Proposal{No: no, Answer: release.Confirmed,
			Answered: h.now(), AnsweredBy: "console:b"}), tx.PutFirmSpans(f.No, []intake.FirmSpan{{CaseNo: f.No,
			To: firms - 1, Decision: release.ToRelease, Published: day, ProposalNo: no}}),
			intake.UpdateWorklist(tx, f.No, f.No, false),
			tx.InsertCaseEvent(intake.CaseEvent{CaseNo: f.No, At: h.now(), By: "console:b", Kind: "release"}))
	}))
}

// The page shows each month with its state, numbers and formulas; its links lead to the very cases that it counts; a
// correction is beside the number that the month was closed with.
func TestStatsPage(t *testing.T) {
	h, s := aYear(t)
	clerk := h.enter(intake.Clerk, "clerk")
	open := clerk.see("/stats")
	wants(t, text(open), "2026年11月 未结", "受理案件 8件 受理时间（北京时间）在当月的案件", "被拒调用 1次", "2026年9月 （已结）",
		"呼伦贝尔市局执法办案平台", "分母不足30的，只列分子和分母", "待核验 0户")
	closed := clerk.see("/stats?month=2026-09")
	wants(t, text(closed), "2026年9月 已结", "数字截至2026-11-03", "受理案件 6件", "内容摘要（SHA-256）")
	lacks(t, text(closed), "更正为", "待核验", "截至2026-11-24")
	followStats(t, clerk, closed)

	h.publishAll(h.caseOfMonth(t, "2026-09"), 5, "2026-09-25")
	h.must(s.Pass(context.Background()))
	corrected := clerk.see("/stats?month=2026-09")
	wants(t, text(corrected), "数字截至2026-11-03", "结账数字保持不变", "更正为")
	wants(t, text(open), "2026年9月（已结）")
	wants(t, text(clerk.see("/stats")), "2026年9月（已结，有更正）")
	if a := clerk.do("GET", "/stats?month=2026-13", nil); a.Status != 400 || !strings.Contains(a.Body, "2026-11的形式") {
		t.Errorf("no month: %d", a.Status)
	}
	if a := clerk.do("GET", "/stats?month=2027-01", nil); a.Status != 400 || !strings.Contains(a.Body, "还没有到") {
		t.Errorf("a month to come: %d", a.Status)
	}
}

// caseOfMonth is the first case of a month that is not returned.
func (h *house) caseOfMonth(t *testing.T, m statistics.Month) string {
	t.Helper()
	rows, err := h.SearchCases(context.Background(), intake.Actor("cli:x"),
		intake.CaseQuery{ReceivedFrom: m.Begin(), ReceivedTo: m.End()})
	h.must(err)
	for _, r := range rows.Rows {
		if r.Returned.IsZero() {
			return r.AcceptID
		}
	}
	t.Fatal("no case")
	return ""
}

// followStats follows the links of the page to cases: each list has as many as the page says.
func followStats(t *testing.T, v *visitor, page string) {
	t.Helper()
	links := regexp.MustCompile(`<a href="/console(/cases\?[^"]*)">([0-9,]+)</a>`).FindAllStringSubmatch(page, -1)
	if len(links) < 6 {
		t.Fatalf("%d links", len(links))
	}
	for _, l := range links {
		path := html.UnescapeString(l[1])
		if got := fmt.Sprint(len(unique(acceptids(v.see(path))))); got != l[2] {
			t.Errorf("%s: %s cases, the page says %s", path, got, l[2])
		}
	}
}

func unique(all []string) map[string]bool {
	set := make(map[string]bool)
	for _, s := range all {
		set[s] = true
	}
	return set
}

// The workbook has a sheet for each table with the formulas beside, and the audit knows who took it.
func TestStatsExport(t *testing.T) {
	h, _ := aYear(t)
	clerk := h.enter(intake.Clerk, "clerk")
	a := clerk.do("POST", "/stats/export", form("month", "2026-09"))
	f, err := excelize.OpenReader(bytes.NewReader([]byte(a.Body)))
	h.must(err)
	defer f.Close()
	if got := strings.Join(f.GetSheetList(), " "); got != "按月 按报送单位 按机关 规则 口径" {
		t.Errorf("sheets %s", got)
	}
	for sheet, want := range map[string][]string{
		"按月":    {"月份", "受理案件（件）", "2026-09", "已结"},
		"按报送单位": {"呼伦贝尔市局执法办案平台", "退回率：分母"},
		"按机关":   {"市场监督管理局"},
		"规则":    {"比对结论（户）", "查无此户"},
		"口径":    {statistics.FigureCalled("timely20").Formula, "内容摘要（SHA-256）", "2026-11-03"},
	} {
		rows, err := f.GetRows(sheet)
		h.must(err)
		text := fmt.Sprint(rows)
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s lacks %q: %s", sheet, w, text)
			}
		}
	}
	auditor := h.enter(intake.Auditor, "auditor")
	wants(t, text(auditor.see("/audit")), "统计", "2026年9月", "月度统计结账")
	for _, role := range []intake.Role{intake.SystemAdmin, intake.Auditor} {
		v := h.enter(role, "u."+string(role))
		if a := v.do("POST", "/stats/export", form("month", "2026-09")); a.Status != 403 {
			t.Errorf("%s: %d", role, a.Status)
		}
	}
}

// In the browser and on paper nothing of the page is cut off. With SCREEN in the environment it is saved there.
func TestStatsSeen(t *testing.T) {
	h, s := aYear(t)
	h.publishAll(h.caseOfMonth(t, "2026-09"), 5, "2026-09-25")
	h.must(s.Pass(context.Background()))
	w := h.sit(intake.Reviewer, "reviewer")
	for _, size := range [][2]int64{{1366, 768}, {1920, 1080}} {
		h.must(chromedp.Do(w.ctx, chromedp.EmulateViewport(size[0], size[1])))
		for _, path := range []string{"/stats", "/stats?month=2026-09"} {
			w.open(path)
			w.reads("统计", "口径")
			if wide := evaluate[bool](w, "document.documentElement.scrollWidth > innerWidth"); wide {
				t.Errorf("%s scrolls sideways at %d", path, size[0])
			}
			w.shoot(fmt.Sprintf("stats-%d-%d", size[0], len(path)))
		}
	}
	h.onPaper(t, w, []sheet{{"/stats?month=2026-09", 1047, 700}})
}

// shoot saves the whole page where SCREEN says.
func (s *screen) shoot(name string) {
	s.Helper()
	to := os.Getenv("SCREEN")
	if to == "" {
		return
	}
	shot, err := chromedp.Run(s.ctx, chromedp.CaptureScreenshot())
	s.must(err)
	s.must(os.WriteFile(to+"/"+name+".png", shot, 0o644))
	height := evaluate[int](s, "document.documentElement.scrollHeight")
	for y := 700; y < height; y += 700 {
		evaluate[bool](s, fmt.Sprintf("(scrollTo(0, %d), true)", y))
		shot, err := chromedp.Run(s.ctx, chromedp.CaptureScreenshot())
		s.must(err)
		s.must(os.WriteFile(fmt.Sprintf("%s/%s-%d.png", to, name, y), shot, 0o644))
	}
}
