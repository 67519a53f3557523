package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"diaoxiao/internal/receiver/intake"
)

// rowsShown are the rows of a case's list that a page shows.
func rowsShown(page string) string {
	var nos []string
	for _, m := range regexp.MustCompile(`/entities/(\d+)">(\d+)</a></td>`).FindAllStringSubmatch(page, -1) {
		nos = append(nos, m[2])
	}
	return strings.Join(nos, " ")
}

// A firm is found in the list of a case by a part of either code, however it is typed, or by its number; with a filter
// beside it, and on paper too.
func TestFindInACase(t *testing.T) {
	h := openHouse(t)
	c, right := flaggedCase("1号", 90, 9)
	odd := &c.PenaltyList[44]
	odd.UniscID = " " + strings.ToLower(odd.UniscID[:9]) + "-" + odd.UniscID[9:]
	h.importRegister("2026-11-20", right...)
	id := h.admit("甲").send(c)
	h.verify()
	clerk := h.enter(intake.Clerk, "clerk")
	at := "/cases/" + id
	u, p := c.PenaltyList[60].UniscID, c.PenaltyList[20].PripID
	for typed, want := range map[string]string{
		u: "61", u[3:]: "61", " " + strings.ToLower(u[3:9]) + " " + u[9:]: "61", p[8:]: "21", "72": "72", "7Q7Q": "",
		"９１１５": "", right[44].UniscID: "45",
	} {
		page := clerk.see(at + "?q=" + url.QueryEscape(typed))
		got := rowsShown(page)
		if typed == "９１１５" { // a part that nearly all have
			if len(strings.Fields(got)) != 50 || !strings.Contains(page, "q="+url.QueryEscape(typed)) {
				t.Errorf("%q: %s", typed, got)
			}
		} else if typed == "72" {
			if !strings.Contains(" "+got+" ", " 72 ") {
				t.Errorf("%q: %s", typed, got)
			}
		} else if got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
	wants(t, text(clerk.see(at+"?q=7Q7Q")), "没有符合筛选条件的市场主体")
	if got := rowsShown(clerk.see(at + "?severity=severe&q=" + c.PenaltyList[10].PripID[6:])); got != "11" {
		t.Errorf("with a filter that it passes: %q", got)
	}
	if got := rowsShown(clerk.see(at + "?severity=severe&q=" + c.PenaltyList[11].PripID[6:])); got != "" {
		t.Errorf("with a filter that it does not pass: %q", got)
	}
	if page := clerk.see(at + "?print=1&q=" + u); strings.Count(page, "<td class=\"number\">") != 1 {
		t.Error("another row is printed")
	}
	if page := clerk.see(at + "?q=" + u); !strings.Contains(page, `severity=severe`) ||
		!strings.Contains(page, "q="+u+"&amp;severity=severe") {
		t.Error("a filter forgets what is searched")
	}
}

// 核对无误 is not offered while a person's 不一致 or 待查 is open, and the server refuses it with the next step.
func TestCheckWaitsForOpenFirms(t *testing.T) {
	h := openHouse(t)
	c, right := flaggedCase("1号", 20, 0)
	c.PenaltyList[5].Legal = "斯琴高娃"
	h.importRegister("2026-11-20", right...)
	id := h.admit("甲").send(c)
	h.verify()
	clerk, at := h.enter(intake.Clerk, "clerk"), "/cases/"+id
	wants(t, clerk.see(at), at+"/check\"", "登记核对无误")
	for _, outcome := range []string{"differs", "unclear"} {
		asks := clerk.do("POST", at+"/checkfirms", form("seen", seenFor(clerk.see(at)), "rows", "6", "outcome", outcome,
			"text", "待登记科答复"))
		if strings.Contains(asks.Body, `name="sure"`) {
			asks = clerk.do("POST", at+"/checkfirms", form(hidden(asks.Body)...))
		}
		p := clerk.see(at)
		lacks(t, p, "登记核对无误")
		wants(t, text(p), "第6条 不一致或待查，尚不能核对无误")
		a := clerk.do("POST", at+"/check", form("seen", seenFor(p), "text", "无误"))
		if a.Status != http.StatusBadRequest {
			t.Errorf("%s: %d", outcome, a.Status)
		}
		wants(t, text(a.Body), "清单第6条核对结果为", "不能登记核对无误；请先核对清楚，或者申请不予公示、退回")
	}
}

// The person who confirms sees what the digest covers: the details of each finding, names masked; a large set is summed
// up by rule, and turned page by page.
func TestProposalShowsDetails(t *testing.T) {
	h := openHouse(t)
	c, right := flaggedCase("1号", 150, 75)
	for i := range right {
		if i%3 == 0 {
			right[i].Legal = "那顺巴雅尔"
		}
	}
	c.PenaltyList[1].EntType, c.PenaltyList[1].Legal = "阿拉坦仓", c.PenaltyList[1].EntType
	h.importRegister("2026-11-20", right...)
	id := h.admit("甲").send(c)
	h.verify()
	clerk, reviewer, at := h.enter(intake.Clerk, "clerk"), h.enter(intake.Reviewer, "reviewer"), "/cases/"+id
	clerk.propose(at, "release", "rows", "1-140", "text", "已向登记科核实")
	path := reviewer.proposalOf(at)
	p := reviewer.see(path)
	wants(t, text(p), "信用代码含I、O、S、V或Z ：第1位“O”", "报送“", "主体库为“那***”", "阿***", "下一页")
	lacks(t, p, "那顺巴雅尔", "阿拉坦仓")
	m := regexp.MustCompile(`href="/console(/proposals/\d+\?rule=\d+)"><span[^>]*>法定代表人与主体库不一致</span>(\d+)`).
		FindStringSubmatch(p)
	if m == nil {
		t.Fatal("no sum by rule: " + text(p))
	}
	rows := strings.Fields(rowsShown(reviewer.see(m[1])))
	if fmt.Sprint(len(rows)) != m[2] {
		t.Errorf("%s firms are said to have it, %d are shown", m[2], len(rows))
	}
	if got := rowsShown(reviewer.see(path + "?only=found&at=135")); got == "" || strings.Contains(got, "141") {
		t.Errorf("firms that are not proposed: %s", got)
	}
}
