package console_test

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"diaoxiao/internal/receiver/intake"
)

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([\w.]+)" value="([^"]*)"`)

// hidden are the fields that a page sends along, of the form that makes sure.
func hidden(page string) (fields []string) {
	_, form, _ := strings.Cut(page, `<input type="hidden" name="sure"`)
	return hiddenIn(`<input type="hidden" name="sure"` + form)
}

// hiddenIn is the hidden fields of a part of a page.
func hiddenIn(part string) (fields []string) {
	for _, m := range hiddenField.FindAllStringSubmatch(part, -1) {
		fields = append(fields, m[1], html.UnescapeString(m[2]))
	}
	return fields
}

// offers begins a proposal about a case: the answer is the page that shows it before it is made, or what is wrong.
func (v *visitor) offers(at, kind string, fields ...string) answer {
	v.Helper()
	return v.do("POST", at+"/propose", form(append(fields, "kind", kind, "seen", seenFor(v.see(at)))...))
}

// propose makes a proposal by way of the page that shows it before, and returns the page of the case.
func (v *visitor) propose(at, kind string, fields ...string) string {
	v.Helper()
	asks := v.offers(at, kind, fields...)
	if asks.Status != http.StatusOK || !strings.Contains(asks.Body, `name="sure"`) {
		v.Fatalf("propose %s: %d %s", kind, asks.Status, text(asks.Body))
	}
	sure := hidden(asks.Body)
	for i := 0; i < len(fields); i += 2 {
		if fields[i] == "text" {
			sure = append(sure, "text", fields[i+1])
		}
	}
	return v.post(at+"/propose", sure...)
}

var proposalLink = regexp.MustCompile(`href="/console(/proposals/\d+)"`)

// proposalOf is the path of the proposal that waits on a case.
func (v *visitor) proposalOf(at string) string {
	v.Helper()
	m := proposalLink.FindStringSubmatch(v.see(at))
	if m == nil {
		v.Fatalf("%s: no proposal waits", at)
	}
	return m[1]
}

// decide makes the decision of the second person on what waits on a case: it chooses, and confirms what the page shows
// once more. It returns the page of the proposal.
func (v *visitor) decide(at, choice, reason string) string {
	v.Helper()
	path := v.proposalOf(at)
	asks := v.do("POST", path+"/decide", form("choice", choice, "text", reason, "shown", shownFor(v.see(path))))
	if asks.Status != http.StatusOK || !strings.Contains(asks.Body, `name="sure"`) {
		v.Fatalf("%s %s: %d %s", path, choice, asks.Status, text(asks.Body))
	}
	return v.post(path+"/decide", hidden(asks.Body)...)
}

var shownField = regexp.MustCompile(`name="shown" value="([0-9a-f]+)"`)

// shownFor is the digest of what a page shows.
func shownFor(page string) string {
	if m := shownField.FindStringSubmatch(page); m != nil {
		return m[1]
	}
	return ""
}

// One person proposes the release of all that are ready, sees what is left out and why, and another releases exactly
// these; then one person publishes them. The one who proposed cannot agree, by no way.
func TestReleaseByTwo(t *testing.T) {
	h := openHouse(t)
	c, right := flaggedCase("1号", 30, 3)
	h.importRegister("2026-11-20", right...)
	id := h.admit("甲").send(c)
	h.verify()
	clerk, reviewer := h.enter(intake.Clerk, "clerk"), h.enter(intake.Reviewer, "reviewer")
	at := "/cases/" + id
	lacks(t, clerk.see(at), at+`/publish`)
	if a := clerk.do("POST", at+"/publish", form("day", "2026-11-20")); a.Status != http.StatusConflict {
		t.Errorf("published alone: %d", a.Status)
	}
	wants(t, text(clerk.offers(at, "release", "ready", "1").Body), "放行27户 （清单共30户）", "不在其中 暂缓 3")
	clerk.propose(at, "release", "ready", "1")
	path := clerk.proposalOf(at)
	mine := clerk.see(path)
	wants(t, mine, "撤回申请")
	lacks(t, mine, "同意")
	wants(t, text(reviewer.see("/overview")), "复核 1")
	wants(t, text(reviewer.see("/proposals")), "第1号", "放行", "27", "1号")
	shown := shownFor(reviewer.see(path))
	for who, v := range map[string]*visitor{"the clerk": clerk} {
		if a := v.do("POST", path+"/decide", form("choice", "agree", "sure", "1", "shown", shown)); a.Status != 403 {
			t.Errorf("%s agrees: %d", who, a.Status)
		}
	}
	for what, f := range map[string][]string{
		"no choice": {"text", "没有报错"}, "for, with a reason": {"choice", "agree", "text", "没有报错", "sure", "1"},
		"against, without one": {"choice", "refuse", "text", " "}, "no digest": {"choice", "agree", "sure", "1"},
		"a choice that is none": {"choice", "yes", "sure", "1"},
	} {
		if a := reviewer.do("POST", path+"/decide", form(f...)); a.Status != http.StatusBadRequest {
			t.Errorf("%s: %d", what, a.Status)
		}
	}
	wants(t, text(reviewer.decide(at, "agree", "")), "已同意，决定已生效")
	wants(t, text(clerk.see(at)), "放行 27", "暂缓 3")
	wants(t, text(clerk.post(at+"/publish", "day", "2026-11-20")), "已登记公示，公示日期2026-11-20")
	wants(t, text(clerk.post(at+"/correctday", "day", "2026-11-19", "text", "录入有误")), "公示日期已更正",
		"已于 2026-11-19 公示")
	if a := clerk.offers(at, "release", "rows", "1"); a.Status != http.StatusOK || !strings.Contains(text(a.Body),
		"必填：其中1户有疑点") {
		t.Errorf("a held one: %d %s", a.Status, text(a.Body))
	}
	a := clerk.do("POST", at+"/propose", form(append(hidden(clerk.offers(at, "release", "rows", "1").Body), "text",
		" ")...))
	if a.Status != http.StatusBadRequest {
		t.Errorf("a held one without a reason: %d", a.Status)
	}
	clerk.propose(at, "release", "rows", "1", "text", "已向登记科核实")
	wants(t, text(reviewer.see(reviewer.proposalOf(at))), "已向登记科核实", "有疑点 1户", "暂缓原因")
	wants(t, text(reviewer.decide(at, "refuse", "请附材料")), "请附材料", "不同意")
	clerk.propose(at, "withhold", "rows", "1", "text", "主体已注销")
	path = clerk.proposalOf(at)
	wants(t, text(clerk.post(path+"/withdraw")), "申请已撤回")
}

// No agreement covers a change since the page was read.
func TestAgreementOfWhatWasRead(t *testing.T) {
	h := openHouse(t)
	s := h.admit("甲")
	h.importRegister("2026-11-20", ordinary(1)...)
	id := s.send(aCase("1号", rightFirm))
	h.verify()
	clerk, reviewer := h.enter(intake.Clerk, "clerk"), h.enter(intake.Reviewer, "reviewer")
	at := "/cases/" + id
	clerk.propose(at, "release", "rows", "1", "text", "已核实")
	path := reviewer.proposalOf(at)
	shown := shownFor(reviewer.see(path))
	h.wait(time.Minute)
	s.send(aCase("2号", wrongFirm))
	h.verify()
	for _, sure := range []string{"", "1"} {
		a := reviewer.do("POST", path+"/decide", form("choice", "agree", "sure", sure, "shown", shown))
		if a.Status != http.StatusConflict {
			t.Errorf("agreed to what nobody has read: %d %s", a.Status, text(a.Body))
		}
	}
	wants(t, text(reviewer.see(path)), "不能再同意这一申请")
	wants(t, text(reviewer.decide(at, "refuse", "情况有变")), "情况有变")
}

// Several proposals are decided on in one act, after a page that lists each; each has a result of its own.
func TestSeveralProposals(t *testing.T) {
	h := openHouse(t)
	s := h.admit("甲")
	var fields []string
	clerk, reviewer := h.enter(intake.Clerk, "clerk"), h.enter(intake.Reviewer, "reviewer")
	for _, name := range []string{"1号", "2号"} {
		id := s.send(aCase(name, firms(len(fields)+7, 1)...))
		h.verify()
		clerk.propose("/cases/"+id, "return", "text", "报错"+name)
		fields = append(fields, "no", strings.TrimPrefix(clerk.proposalOf("/cases/"+id), "/proposals/"))
	}
	h.longKnown("clerk")
	asks := reviewer.do("POST", "/proposals/decide", form(append(fields, "choice", "agree")...))
	wants(t, text(asks.Body), "报错1号", "报错2号", "确认同意")
	sure := hidden(asks.Body)
	clerk.post("/proposals/" + fields[1] + "/withdraw")
	a := reviewer.do("POST", "/proposals/decide", form(sure...))
	if a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, text(a.Body))
	}
	wants(t, text(a.Body), "第"+fields[1]+"号申请（退回）： 未办理", "第"+fields[3]+"号申请（退回）： 同意")
}

// Chosen firms get an outcome in one act, after a page that lists them.
func TestChosenFirmsAreChecked(t *testing.T) {
	h := openHouse(t)
	id := h.admit("甲").send(aCase("1号", firms(1, 20)...))
	h.verify()
	clerk := h.enter(intake.Clerk, "clerk")
	at := "/cases/" + id
	seen := seenFor(clerk.see(at))
	asks := clerk.do("POST", at+"/checkfirms", form("row", "3", "row", "5", "rows", "7-9", "outcome", "differs",
		"text", "名称不符", "seen", seen))
	wants(t, text(asks.Body), "5户：清单第3、5、7-9条", "不一致", "名称不符")
	wants(t, text(clerk.post(at+"/checkfirms", hidden(asks.Body)...)), "核对结果已登记")
	if a := clerk.do("POST", at+"/checkfirms", form("row", "3", "outcome", "unclear", "seen", seen)); a.Status != 400 {
		t.Errorf("without a remark: %d", a.Status)
	}
	if a := clerk.do("POST", at+"/checkfirms", form("outcome", "agrees", "seen", seen)); a.Status != 400 {
		t.Errorf("without firms: %d", a.Status)
	}
	p := clerk.see(at)
	wants(t, p, `value="3、5、7-9"`)
}
