package console_test

import (
	"net/http"
	"strings"
	"testing"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
)

// severeCase is a verified case of four firms: rows 2 and 3 have the codes of two firms each, row 4 has another
// legal representative than the registry. It returns the path of the case.
func (h *house) severeCase() string {
	h.Helper()
	fs := ordinary(6)
	list := []register.Firm{fs[0], fs[1], fs[2], fs[3]}
	list[1].UniscID, list[2].UniscID = fs[4].UniscID, fs[5].UniscID
	list[3].Legal = "斯琴高娃"
	h.importRegister("2026-11-20", fs...)
	id := h.admit("甲").send(aCase("1号", sent(list[0]), sent(list[1]), sent(list[2]), sent(list[3])))
	h.verify()
	return "/cases/" + id
}

// compare records an outcome of one firm as the page on which firms are compared does, and returns the answer.
func (v *visitor) compare(at, no, outcome, remark string) answer {
	v.Helper()
	path := at + "/compare?at=" + no
	return v.do("POST", path, form(append(outcomeFields(v.see(path)), "outcome", outcome, "text", remark)...))
}

// outcomeFields are the hidden fields of the form of outcomes.
func outcomeFields(page string) []string {
	_, form, _ := strings.Cut(page, `id="outcome"`)
	return hiddenIn(form)
}

// A case is not checked as a whole while nobody compared each firm with a severe finding: neither offered nor taken.
func TestCheckWaitsForSevereFirms(t *testing.T) {
	h := openHouse(t)
	at := h.severeCase()
	clerk := h.enter(intake.Clerk, "clerk")
	for _, step := range []struct{ row, offered, refused string }{
		{"2", "2户有严重提示，尚未 逐户核对 为一致，尚不能核对无误", "清单有2户有严重提示（最前为第2条），尚未逐户核对为一致，不能登记核对无误；请先逐户核对"},
		{"3", "1户有严重提示", "清单有1户有严重提示（最前为第3条）"},
	} {
		p := clerk.see(at)
		lacks(t, p, "登记核对无误")
		wants(t, text(p), step.offered)
		a := clerk.do("POST", at+"/check", form("seen", seenFor(p), "text", "无误"))
		if a.Status != http.StatusBadRequest {
			t.Errorf("checked as a whole: %d", a.Status)
		}
		wants(t, text(a.Body), step.refused)
		if a := clerk.compare(at, step.row, "agrees", "电话核实"); a.Status != http.StatusSeeOther {
			t.Fatalf("%d %s", a.Status, text(a.Body))
		}
	}
	wants(t, clerk.see(at), "登记核对无误")
	wants(t, text(clerk.post(at+"/check", "seen", seenFor(clerk.see(at)))), "已登记核对无误", "可放行 4")
}

// An outcome of before something new came up does not count: a later case that names a firm of the list otherwise.
func TestCheckWaitsForFirmsOfLaterRows(t *testing.T) {
	h := openHouse(t)
	id := h.admit("甲").send(aCase("1号", firms(1, 1)[0], rightFirm))
	h.verify()
	clerk, at := h.enter(intake.Clerk, "clerk"), "/cases/"+id
	wants(t, clerk.see(at), "登记核对无误")
	clerk.post(at+"/check", "seen", seenFor(clerk.see(at)))
	h.admit("乙").send(aCase("2号", wrongFirm))
	h.verify()
	p := clerk.see(at)
	lacks(t, p, "登记核对无误")
	a := clerk.do("POST", at+"/check", form("seen", seenFor(p)))
	wants(t, text(a.Body), "清单有1户有严重提示（最前为第2条）")
	clerk.compare(at, "2", "agrees", "电话核实")
	clerk.post(at+"/check", "seen", seenFor(clerk.see(at)))
}

// pick begins to record an outcome of chosen firms together: the answer is the page that shows them before.
func (v *visitor) pick(at, rows, outcome, remark string) answer {
	v.Helper()
	return v.do("POST", at+"/checkfirms", form("seen", seenFor(v.see(at)), "rows", rows, "outcome", outcome, "text",
		remark))
}

// 一致 of firms that were chosen together leaves out what has to be looked at by itself, and says so before and after.
func TestChosenFirmsLeaveOut(t *testing.T) {
	h := openHouse(t)
	at := h.severeCase()
	one, two := h.enter(intake.Clerk, "one"), h.enter(intake.Clerk, "two")
	one.post(at+"/reveal", "text", "核对")
	one.compare(at, "1", "unclear", "等登记科答复")
	two.post(at+"/reveal", "text", "核对")
	asks := two.pick(at, "1-4", "agrees", "")
	wants(t, text(asks.Body), "4户：清单第1-4条，其中有提示3户， 有严重提示 2户", "清单第1条： 待查 （业务员one（one））",
		"3户：清单第1-3条", "须 逐户核对", "确认登记（1户）")
	wants(t, text(two.post(at+"/checkfirms", hidden(asks.Body)...)), "另有3户没有登记：清单第1-3条，有严重提示或者他人登记了不一致、待查，请逐户核对",
		"可放行 1", "暂缓 3")
	asks = two.pick(at, "1-3", "agrees", "")
	lacks(t, asks.Body, "确认登记（")
	if a := two.do("POST", at+"/checkfirms", form(hidden(asks.Body)...)); a.Status != http.StatusBadRequest {
		t.Errorf("all are left out: %d", a.Status)
	}
	asks = two.pick(at, "2-3", "differs", "不是这一户")
	wants(t, text(asks.Body), "有严重提示 2户", "确认登记（2户）")
	wants(t, text(two.post(at+"/checkfirms", hidden(asks.Body)...)), "核对结果已登记。")
}

// An outcome of a page that shows another outcome of the firm than the present one is refused, and nothing is lost.
func TestOutcomeOfAStalePage(t *testing.T) {
	h := openHouse(t)
	at := h.severeCase()
	one, two := h.enter(intake.Clerk, "one"), h.enter(intake.Clerk, "two")
	path := at + "/compare?at=2"
	stale := outcomeFields(two.see(path))
	picked := two.pick(at, "2", "unclear", "待答复")
	one.compare(at, "2", "differs", "决定书上是另一户")
	a := two.do("POST", path, form(append(stale, "outcome", "agrees", "text", "我写的说明")...))
	if a.Status != http.StatusConflict {
		t.Errorf("overwritten: %d", a.Status)
	}
	wants(t, a.Body, `value="我写的说明"`)
	wants(t, text(a.Body), "核对结果有了变化", "不一致（业务员one（one）", "决定书上是另一户")
	p := two.do("POST", at+"/checkfirms", form(hidden(picked.Body)...))
	wants(t, text(p.Body), "其中的核对结果有了变化，没有登记", "清单第2条： 不一致 （业务员one（one））", "待答复", "确认登记（1户）")
	if a := two.compare(at, "2", "agrees", "看过决定书"); a.Status != http.StatusSeeOther {
		t.Errorf("after looking: %d", a.Status)
	}
	if a := two.do("POST", path, form("seen", seenFor(two.see(path)), "outcome", "agrees")); a.Status != 400 {
		t.Errorf("not said which outcome was shown: %d", a.Status)
	}
}

// A doubt is recorded also of a firm that is in a proposal that waits; then the proposal cannot be confirmed.
func TestDoubtWhileAProposalWaits(t *testing.T) {
	h := openHouse(t)
	at := h.severeCase()
	one, two := h.enter(intake.Clerk, "one"), h.enter(intake.Clerk, "two")
	reviewer := h.enter(intake.Reviewer, "reviewer")
	one.propose(at, "release", "rows", "1-2", "text", "已核实")
	path := reviewer.proposalOf(at)
	asks := reviewer.do("POST", path+"/decide", form("choice", "agree", "shown", shownFor(reviewer.see(path))))
	if a := two.compare(at, "2", "agrees", ""); a.Status != http.StatusConflict {
		t.Errorf("一致: %d", a.Status)
	} else {
		wants(t, text(a.Body), "已在等待复核的申请中，只能登记不一致、待查")
	}
	if a := two.compare(at, "2", "differs", "决定书上是另一户"); a.Status != http.StatusSeeOther {
		t.Fatalf("不一致: %d %s", a.Status, text(a.Body))
	}
	if a := reviewer.do("POST", path+"/decide", form(hidden(asks.Body)...)); a.Status == http.StatusSeeOther {
		t.Error("confirmed")
	}
	wants(t, text(reviewer.see(path)), "不能再同意这一申请", "决定书上是另一户")
	wants(t, text(two.see(at)), "暂缓 3")
}

// 一致 of a firm of which the legal representative is doubtful takes a look at the name.
func TestAgreeingTakesTheName(t *testing.T) {
	h := openHouse(t)
	at := h.severeCase()
	one := h.enter(intake.Clerk, "one")
	for _, a := range []answer{one.compare(at, "4", "agrees", ""),
		one.do("POST", at+"/checkfirms", form(hidden(one.pick(at, "1,4", "agrees", "").Body)...))} {
		if a.Status != http.StatusBadRequest {
			t.Errorf("the name is masked: %d", a.Status)
		}
		wants(t, text(a.Body), "清单第4条的提示涉及法定代表人，姓名还没有显示", "先选择目的")
	}
	if a := one.compare(at, "4", "unclear", "待答复"); a.Status != http.StatusSeeOther {
		t.Errorf("a doubt: %d", a.Status)
	}
	one.see(at + "/entities/4") // shows the name
	if a := one.compare(at, "4", "agrees", ""); a.Status != http.StatusSeeOther {
		t.Errorf("the name was seen on its page: %d %s", a.Status, text(a.Body))
	}
	two := h.enter(intake.Clerk, "two")
	if a := two.compare(at, "4", "agrees", ""); a.Status != http.StatusBadRequest {
		t.Errorf("seen by another: %d", a.Status)
	}
	two.post(at+"/compare/reveal", "text", "核对")
	if a := two.compare(at, "4", "agrees", ""); a.Status != http.StatusSeeOther {
		t.Errorf("the names are shown: %d", a.Status)
	}
}
