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
	a := clerk.do("POST", at+"/askpublish", form("day", "昨天", "text", " "))
	if a.Status != http.StatusBadRequest {
		t.Errorf("no day and no reason: %d", a.Status)
	}
	wants(t, text(a.Body), "公示日期\"昨天\"应为2026-03-15的形式", "须写明不经核对登记公示的理由")
	clerk.post(at+"/ask", "text", "报错")
	was := reviewer.see(at)
	clerk.post(at + "/withdraw")
	choice := form("choice", "agree", "asked", askedFor(was), "seen", seenFor(was))
	if a = reviewer.do("POST", at+"/decide", choice); a.Status != http.StatusConflict {
		t.Errorf("decided on what was withdrawn: %d", a.Status)
	}
	wants(t, text(a.Body), "申请已经撤回、决定或者重新提出")
	lacks(t, a.Body, "already exists")
}
