package console_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
)

// seenText is the text of a page that takes up room.
const seenText = `Array.from(document.querySelectorAll('main td, main dd, main p, main .said'))
	.filter(e => e.offsetHeight > 0).map(e => e.innerText).join(' ').replace(/\s+/g, ' ')`

// sees fails the test unless each part is to be seen without a click.
func (s *screen) sees(parts ...string) {
	s.Helper()
	seen := evaluate[string](s, seenText)
	for _, p := range parts {
		if !strings.Contains(seen, p) {
			s.Errorf("%s: %q is not to be seen in %s", s.url(), p, seen)
		}
	}
}

// doubtful sends a case of n firms of which the codes of the second lead to two firms, and the third has a severe
// finding.
func (h *house) doubtful(caseID string, n int) (id string, first, second register.Firm) {
	h.Helper()
	c, right := flaggedCase(caseID, n, 1)
	c.PenaltyList[0].UniscID = "9" + c.PenaltyList[0].UniscID[1:]
	c.PenaltyList[1].UniscID = right[3].UniscID
	right[1].Name, right[3].Name = "苏尼特右旗甲商贸有限公司", "苏尼特右旗乙商贸有限公司"
	c.PenaltyList[2].UniscID = "O" + c.PenaltyList[2].UniscID[1:]
	h.importRegister("2026-11-20", right...)
	id = h.admit("甲").send(c)
	h.verify()
	return id, right[1], right[3]
}

// The doubts about a firm, both firms to which its codes lead, why it is held and what a person found are seen on
// the page before proposing and on that of the proposal, without a click and without a script, on a screen and printed.
func TestWalkDoubtsAreSeen(t *testing.T) {
	h := openHouse(t)
	id, one, other := h.doubtful("1号", 6)
	at := "/cases/" + id
	v := h.enter(intake.Clerk, "wulan")
	v.compare(at, "3", "differs", "执照影印件不清")
	clerk, reviewer := h.window(v), h.withoutScript(intake.Reviewer, "bao")
	parts := []string{"身份代码与信用代码指向两户", one.Name, other.Name, "暂缓原因：严重提示", "信用代码含I、O、S、V或Z", "第1位“O”",
		"不一致：执照影印件不清"}
	_, err := chromedp.Call(clerk.ctx, emulation.SetScriptExecutionDisabled,
		emulation.SetScriptExecutionDisabledParams{Value: true})
	h.must(err)
	clerk.resize([2]int64{1366, 768})
	clerk.open(at)
	clerk.unfold("指定条目放行")
	clerk.fill("清单序号", "1-4")
	clerk.press("下一步，核对申请")
	clerk.sees(parts...)
	clerk.fill("理由（必填：其中3户有疑点）", "已向登记科核实")
	clerk.press("确认申请放行")
	reviewer.resize([2]int64{1366, 768})
	reviewer.open("/proposals")
	reviewer.press("第1号")
	reviewer.sees(parts...)
	_, err = chromedp.Call(reviewer.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	h.must(err)
	reviewer.sees(parts...)
}

// longKnown makes accounts ones with which nothing was done lately.
func (h *house) longKnown(names ...string) {
	h.Helper()
	h.must(h.store.Update(h.Context(), func(tx intake.Tx) error {
		for _, name := range names {
			o, err := tx.Operator(name)
			if o.Renewed = (intake.Change{}); err == nil {
				err = tx.UpdateOperator(o)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}))
}

// agreeMany chooses proposals in the list and agrees: the page that asks once more, and what its form does.
func (v *visitor) agreeMany(paths ...string) (asks, done string) {
	v.Helper()
	f := []string{"choice", "agree"}
	for _, p := range paths {
		f = append(f, "no", strings.TrimPrefix(p, "/proposals/"))
	}
	a := v.do("POST", "/proposals/decide", form(f...))
	if a.Status != http.StatusOK {
		v.Fatalf("%v: %d %s", paths, a.Status, text(a.Body))
	}
	return a.Body, v.do("POST", "/proposals/decide", form(hidden(a.Body)...)).Body
}

// Proposals in which something is doubtful, or which a person cleared, are not agreed to together with others, by no
// form: each is opened. Clean ones are, and several may be refused whatever they are.
func TestDoubtsAreOpenedOneByOne(t *testing.T) {
	h := openHouse(t)
	s := h.admit("甲")
	c, right := flaggedCase("核1号", 12, 2)
	d, more := flaggedCase("净1号", 5, 0)
	for i := range d.PenaltyList {
		e := ordinary(200 + i)[199+i]
		d.PenaltyList[i].PripID, d.PenaltyList[i].UniscID = e.PripID, e.UniscID
		d.PenaltyList[i].Legal, d.PenaltyList[i].EntType = e.Legal, e.EntType
		more[i] = e
	}
	h.importRegister("2026-11-20", append(right, more...)...)
	cleared, clean := "/cases/"+s.send(c), "/cases/"+s.send(d)
	h.verify()
	clerk, reviewer := h.enter(intake.Clerk, "clerk"), h.enter(intake.Reviewer, "reviewer")
	for _, no := range []string{"1", "7"} {
		clerk.compare(cleared, no, "agrees", "")
	}
	clerk.post(cleared+"/check", "text", "", "seen", seenFor(clerk.see(cleared)))
	wants(t, text(clerk.see(cleared)), "处严重提示，由", "登记核对无误")
	ask := clerk.offers(cleared, "release", "ready", "1")
	wants(t, text(ask.Body), "必填：其中2户有严重提示", "其中2户有严重提示，由")
	if a := clerk.do("POST", cleared+"/propose", form(append(hidden(ask.Body), "text", "")...)); a.Status != 400 {
		t.Errorf("severe ones that a person cleared, without a reason: %d", a.Status)
	}
	clerk.propose(cleared, "release", "ready", "1", "text", "已逐户核实")
	clerk.propose(clean, "release", "ready", "1")
	p, q := reviewer.proposalOf(cleared), reviewer.proposalOf(clean)
	asks, done := reviewer.agreeMany(q)
	wants(t, text(asks), "须逐件打开：申请人的账户近期有变动", "打开第2号申请")
	lacks(t, text(done), "第2号申请（放行）： 同意")
	h.longKnown("clerk")
	shown := shownFor(reviewer.see(p))
	wants(t, text(reviewer.see(p)), "其中2户有严重提示，由", "核对一致")
	lacks(t, text(reviewer.see(q)), "有严重提示，由", "没有写（其中没有暂缓的）")
	for with, want := range map[string]string{shown: "有了变化", "": "请打开申请的页面再决定"} {
		a := reviewer.do("POST", "/proposals/decide", form("choice", "agree", "sure", "1", "no", "2", "shown.2", with))
		wants(t, text(a.Body), "第2号申请（放行）： 未办理", want)
	}
	asks, done = reviewer.agreeMany(p, q)
	wants(t, text(asks), "须逐件打开：其中2户有严重提示", "打开第1号申请", "确认同意")
	lacks(t, asks, shown)
	wants(t, text(done), "第2号申请（放行）： 同意")
	lacks(t, text(done), "第1号申请（放行）： 同意")
	forged := reviewer.do("POST", "/proposals/decide",
		form("choice", "agree", "sure", "1", "no", "1", "shown.1", shown))
	wants(t, text(forged.Body), "第1号申请（放行）： 未办理", "须逐件打开", "待复核")
	wants(t, text(reviewer.do("POST", "/proposals/decide", form("choice", "refuse", "text", "请补材料", "sure", "1", "no",
		"1")).Body), "第1号申请（放行）： 不同意")
	clerk.propose(cleared, "release", "rows", "1-2", "text", "已逐户核实")
	wants(t, text(reviewer.decide(cleared, "agree", "")), "已同意，决定已生效")
}

// Characters that turn a text around or hide in it are seen by their numbers, on every page that shows a reason.
func TestReasonsAreMadeVisible(t *testing.T) {
	h := openHouse(t)
	id, _, _ := h.doubtful("1号", 6)
	clerk, reviewer, at := h.enter(intake.Clerk, "clerk"), h.enter(intake.Reviewer, "reviewer"), "/cases/"+id
	const reason = "甲\u202e乙\u200b丙\u2066丁"
	hidesNothing := func(what, page string) {
		t.Helper()
		page = hiddenField.ReplaceAllString(page, "")
		if strings.ContainsAny(page, "\u202e\u200b\u2066") {
			t.Errorf("%s: raw in %q", what, text(page))
		}
		wants(t, page, `甲\u202e乙`)
	}
	hidesNothing("before proposing", clerk.offers(at, "release", "rows", "3-4", "text", reason).Body)
	clerk.propose(at, "release", "rows", "3-4", "text", reason)
	path := reviewer.proposalOf(at)
	hidesNothing("the list", reviewer.see("/proposals"))
	hidesNothing("the proposal", reviewer.see(path))
	shown := shownFor(reviewer.see(path))
	hidesNothing("for it", reviewer.do("POST", path+"/decide", form("choice", "agree", "shown", shown)).Body)
	hidesNothing("against it", reviewer.do("POST", path+"/decide", form("choice", "refuse", "text", reason)).Body)
	hidesNothing("several", reviewer.do("POST", "/proposals/decide", form("choice", "agree", "no", "1")).Body)
	hidesNothing("the case", reviewer.see(at))
	hidesNothing("decided", reviewer.decide(at, "refuse", reason))
	if a := clerk.offers(at, "return", "text", " "); a.Status != http.StatusBadRequest {
		t.Errorf("a return without a reason, at the first step: %d", a.Status)
	}
}
