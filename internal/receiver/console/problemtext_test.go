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
	a := clerk.do("POST", at+"/correctday", form("day", "昨天", "text", " "))
	if a.Status != http.StatusBadRequest {
		t.Errorf("no day and no reason: %d", a.Status)
	}
	wants(t, text(a.Body), "公示日期“昨天”应为2026-03-15的形式", "须写明更正的理由")
	clerk.propose(at, "return", "text", "报错")
	path := reviewer.proposalOf(at)
	was := shownFor(reviewer.see(path))
	clerk.post(path + "/withdraw")
	a = reviewer.do("POST", path+"/decide", form("choice", "agree", "shown", was))
	if a.Status != http.StatusConflict {
		t.Errorf("decided on what was withdrawn: %d", a.Status)
	}
	wants(t, text(a.Body), "已有结果：已撤回")
	lacks(t, a.Body, "already exists")
}
