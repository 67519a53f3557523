package console_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
)

var (
	rightFirm = api.Entity{PripID: "150104000022017071732290", UniscID: "91150104MA0N967166", Legal: "阿拉坦仓",
		EntType: "1151"}
	wrongFirm = api.Entity{PripID: "150104000022017071732290", UniscID: "91150103MA0R9M0D7K", Legal: "宋娟",
		EntType: "1130"}
)

// A case that a later one contradicts comes back on all pages on which a clerk would miss it, with links there and
// back; when the later one is returned, it goes.
func TestContradictedAfterPublication(t *testing.T) {
	h := openHouse(t)
	first, second := h.admit("甲"), h.admit("乙")
	earlier := first.send(aCase("1号", firms(1, 1)[0], rightFirm))
	h.verify()
	clerk, reviewer := h.enter(intake.Clerk, "clerk"), h.enter(intake.Reviewer, "reviewer")
	clerk.post("/cases/"+earlier+"/publish", "day", "2026-11-20")
	lacks(t, clerk.see("/overview"), "新的严重提示")
	h.wait(time.Minute)
	later := second.send(aCase("2号", wrongFirm))
	h.verify()
	at := "/cases/" + earlier
	wants(t, clerk.see(at), "公示后出现新的严重提示", `<a href="/console/cases/`+later+`">`+later+`</a>（案件编号 2号，乙）`)
	list := clerk.see(at + "?only=found")
	wants(t, list, `<a href="/console/cases/`+later+`/entities/1">案件“2号”（受理号`+later+`）清单第1条</a>`,
		"9115010<mark>4</mark>MA0<mark>N</mark>9<mark>67166</mark>")
	lacks(t, text(list), firms(1, 1)[0].UniscID)
	wants(t, clerk.see("/cases/"+later),
		`<a href="/console/cases/`+earlier+`/entities/2">案件“1号”（受理号`+earlier+`）清单第2条</a>`)
	for _, who := range []*visitor{clerk, reviewer} {
		wants(t, text(who.see("/overview")), "1件案件在核对或者公示以后出现新的严重提示", "公示后新的严重提示")
		wants(t, who.see("/cases"), "有案件在核对或者公示以后出现新的严重提示")
		wants(t, who.see("/cases?state=alarmed"), earlier)
		wants(t, who.see("/cases?state=tocheck"), earlier, later)
	}
	if p := clerk.see("/overview"); strings.Index(p, "/cases/"+earlier) > strings.Index(p, "/cases/"+later) {
		t.Error("the published case is not named first")
	}
	clerk.post("/cases/"+later+"/ask", "text", "报错主体")
	reviewer.decide("/cases/"+later, "decide", "agree", "")
	p := clerk.see(at)
	lacks(t, p, "新的严重提示", "只看有提示的</a></p>")
	wants(t, text(p), "已于 2026-11-24 09:31:00 退回，不再计入", "没有核验提示")
	lacks(t, clerk.see("/cases/"+later), `class="alarm severe"`)
	lacks(t, clerk.see("/overview"), "新的严重提示")
}

// In a list the rows that others point to are listed and linked both ways.
func TestCounterpartsInTheList(t *testing.T) {
	h := openHouse(t)
	id := h.admit("甲").send(aCase("1号", append(firms(1, 3), rightFirm, wrongFirm)...))
	h.verify()
	p := h.enter(intake.Clerk, "clerk").see("/cases/" + id + "?only=found")
	wants(t, p, `<a href="/console/cases/`+id+`/entities/5">清单第5条</a>为“`,
		`<a href="/console/cases/`+id+`/entities/4">清单第4条</a>为“`)
	lacks(t, p, firms(1, 1)[0].UniscID)
}

// A case with severe findings that nobody has checked is not published by one person, with or without scripts: somebody
// else agrees to a written reason. Severe findings of later cases count as well.
func TestPublishUncheckedTakesTwo(t *testing.T) {
	h := openHouse(t)
	s := h.admit("甲")
	earlier := s.send(aCase("1号", rightFirm))
	later := s.send(aCase("2号", wrongFirm))
	h.verify()
	clerk, other, reviewer := h.enter(intake.Clerk, "clerk"), h.enter(intake.Clerk, "other"),
		h.enter(intake.Reviewer, "reviewer")
	for _, id := range []string{earlier, later} {
		at := "/cases/" + id
		lacks(t, clerk.see(at), at+`/publish"`)
		if a := clerk.do("POST", at+"/publish", form("day", "2026-11-20")); a.Status != http.StatusConflict ||
			!strings.Contains(text(a.Body), "没有可以登记公示的市场主体") {
			t.Errorf("published alone: %d %s", a.Status, text(a.Body))
		}
		ask := func(fields ...string) answer {
			return clerk.do("POST", at+"/release", form(append(fields, "seen", seenFor(clerk.see(at)))...))
		}
		for what, f := range map[string][]string{"no reason": {"rows", "1", "text", " "}, "none is ready": {"text", "由"},
			"no such row": {"rows", "2", "text", "由"}} {
			if a := ask(f...); a.Status != http.StatusBadRequest {
				t.Errorf("%s: %d", what, a.Status)
			}
		}
		ask("rows", "1", "text", "已电话核实")
		wants(t, text(clerk.see(at)), "放行待复核", "已电话核实", "撤回放行申请")
		for _, v := range []*visitor{clerk, other} {
			page := reviewer.see(at)
			if a := v.do("POST", at+"/decide", form("choice", "agree", "sure", "1", "asked", askedFor(page), "shown",
				shownFor(page))); a.Status != http.StatusForbidden {
				t.Errorf("a clerk agrees: %d", a.Status)
			}
		}
		if a := ask("rows", "1", "text", "由"); a.Status != http.StatusConflict {
			t.Errorf("proposed while the reviewer is asked: %d", a.Status)
		}
		for _, deed := range []string{"ask", "publish"} {
			if a := clerk.do("POST", at+"/"+deed, form("day", "2026-11-20", "text", "由")); a.Status !=
				http.StatusConflict {
				t.Errorf("%s while the reviewer is asked: %d", deed, a.Status)
			}
		}
		wants(t, reviewer.see("/cases?state=toconfirm"), id)
		wants(t, text(reviewer.decide(at, "decide", "refuse", "请先逐户核对")), "请先逐户核对", "不同意放行")
		ask("rows", "1", "text", "已电话核实")
		clerk.post(at + "/withdraw")
		h.wait(time.Second)
		ask("rows", "1", "text", "登记系统截图在卷")
		wants(t, text(reviewer.decide(at, "decide", "agree", "")), "登记系统截图在卷", "放行")
		p := text(clerk.post(at+"/publish", "day", "2026-11-20"))
		wants(t, p, "已于 2026-11-20 公示")
		lacks(t, p, "新的严重提示")
		clerk.post(at+"/unpublish", "text", "重新核对")
	}
	audit := text(h.enter(intake.Auditor, "auditor").see("/audit"))
	wants(t, audit, "申请放行", "撤回放行申请", "不同意放行", "同意放行")
}

// An agreement does not cover findings that came after the page was read, nor any that came after the request.
func TestAgreementOfWhatWasRead(t *testing.T) {
	h := openHouse(t)
	s := h.admit("甲")
	id := s.send(aCase("1号", rightFirm))
	h.verify()
	clerk, reviewer := h.enter(intake.Clerk, "clerk"), h.enter(intake.Reviewer, "reviewer")
	at := "/cases/" + id
	clerk.post(at+"/release", "rows", "1", "text", "今日须公示", "seen", seenFor(clerk.see(at)))
	page := reviewer.see(at)
	s.send(aCase("2号", wrongFirm))
	h.verify()
	for what, shown := range map[string]string{"of then": shownFor(page), "of now": shownFor(reviewer.see(at))} {
		if a := reviewer.do("POST", at+"/decide", form("choice", "agree", "sure", "1", "asked", askedFor(page), "shown",
			shown)); a.Status != http.StatusConflict || !strings.Contains(text(a.Body), "有了变化") {
			t.Errorf("agreed to what nobody has read, %s: %d %s", what, a.Status, text(a.Body))
		}
	}
	reviewer.decide(at, "decide", "refuse", "情况有变")
	clerk.post(at+"/release", "rows", "1", "text", "已核实", "seen", seenFor(clerk.see(at)))
	wants(t, text(reviewer.decide(at, "decide", "agree", "")), "已同意申请")
}

// A refusal is never taken for an agreement: nothing is chosen beforehand, a reason against does not go with a choice
// for, and nothing is done before the page that shows the choice once more.
func TestDecisionForm(t *testing.T) {
	h := openHouse(t)
	s := h.admit("甲")
	returned, published := s.send(aCase("1号", rightFirm)), s.send(aCase("2号", wrongFirm))
	h.verify()
	clerk, reviewer := h.enter(intake.Clerk, "clerk"), h.enter(intake.Reviewer, "reviewer")
	clerk.post("/cases/"+returned+"/ask", "text", "报错主体")
	clerk.post("/cases/"+published+"/release", "rows", "1", "text", "已核实", "seen",
		seenFor(clerk.see("/cases/"+published)))
	for at, deed := range map[string]string{"/cases/" + returned: "decide", "/cases/" + published: "decide"} {
		page := reviewer.see(at)
		lacks(t, page, " checked", at+`/confirm"`, at+`/refuse"`)
		if strings.Count(page, `action="/console`+at+`/`+deed+`"`) != 1 {
			t.Errorf("not one form: %s", text(page))
		}
		send := func(more ...string) answer {
			return reviewer.do("POST", at+"/"+deed, form(append(more, "asked", askedFor(page), "shown",
				shownFor(page))...))
		}
		for what, f := range map[string][]string{
			"no choice":              {"text", "没有报错"},
			"no choice, sure":        {"text", "没有报错", "sure", "1"},
			"for, with a reason":     {"choice", "agree", "text", "没有报错", "sure", "1"},
			"against, without one":   {"choice", "refuse", "text", " "},
			"a choice that is none":  {"choice", "yes", "sure", "1"},
			"a reason and no choice": {"choice", "", "text", "没有报错"},
		} {
			a := send(f...)
			if a.Status != http.StatusBadRequest {
				t.Errorf("%s %s: %d", deed, what, a.Status)
			}
			if strings.Contains(what, "reason") {
				wants(t, a.Body, ">没有报错</textarea>")
			}
		}
		asks := send("choice", "agree")
		if wants(t, text(asks.Body), "您选择了 同意"); asks.Status != http.StatusOK ||
			!strings.Contains(reviewer.see(at), askedFor(page)) {
			t.Errorf("%s: %d: something was done", deed, asks.Status)
		}
		if asks := send("choice", "refuse", "text", "没有报错"); !strings.Contains(text(asks.Body), "您选择了 不同意") {
			t.Errorf("%s: %s", deed, text(asks.Body))
		}
		wants(t, text(reviewer.decide(at, deed, "refuse", "没有“报错” <b>")), `没有“报错” <b>`)
		lacks(t, reviewer.see(at), "已退回", "已于 2026-11-20 公示")
	}
}
