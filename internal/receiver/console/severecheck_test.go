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
