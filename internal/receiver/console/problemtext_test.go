package console_test

import (
	"net/http"
	"testing"

	"diaoxiao/internal/receiver/intake"
)

// A page says everything that is wrong with a form, and that something exists already, in Chinese.
func TestProblemsAreSaidInChinese(t *testing.T) {
	h := openHouse(t)
	at := "/cases/" + h.admit("甲").send(aCase("1号", rightFirm, wrongFirm))
	h.verify()
	clerk, reviewer := h.enter(intake.Clerk, "clerk"), h.enter(intake.Reviewer, "reviewer")
	a := clerk.do("POST", at+"/publish", form("day", "昨天"))
	if a.Status != http.StatusBadRequest {
		t.Errorf("no day: %d", a.Status)
	}
	wants(t, text(a.Body), "公示日期\"昨天\"应为2026-03-15的形式")
	a = clerk.do("POST", at+"/release", form("rows", "1", "text", " ", "seen", seenFor(clerk.see(at))))
	if a.Status != http.StatusBadRequest {
		t.Errorf("no reason: %d", a.Status)
	}
	wants(t, text(a.Body), "放行须写明理由")
	clerk.post(at+"/ask", "text", "报错")
	was := reviewer.see(at)
	clerk.post(at + "/withdraw")
	choice := form("choice", "agree", "asked", askedFor(was), "shown", shownFor(was))
	if a = reviewer.do("POST", at+"/decide", choice); a.Status != http.StatusConflict {
		t.Errorf("decided on what was withdrawn: %d", a.Status)
	}
	wants(t, text(a.Body), "申请已经撤回或者决定")
	lacks(t, a.Body, "already exists")
}
