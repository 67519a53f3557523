package console_test

import (
	"strings"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
)

// A case that was sent again says why the one before was returned, and what is different now, firm by firm. Names stay
// masked.
func TestResentCase(t *testing.T) {
	h := openHouse(t)
	s := h.admit("呼和浩特市执法办案系统")
	var list []api.Entity
	for _, f := range ordinary(6) {
		list = append(list, sent(f))
	}
	list[1].Legal, list[4].Legal = "斯琴高娃", "阿拉坦仓"
	first := s.send(aCase("呼市监处罚〔2026〕1号", list...))
	h.verify()
	h.wait(time.Minute)
	h.must(h.AskReturn(t.Context(), intake.Actor("console:a"), first, "两户的法定代表人有误", "2、5"))
	h.must(h.ConfirmReturn(t.Context(), intake.Actor("console:b"), first))
	list[1].Legal, list[2].EntType = "巴特尔", "4500"
	second := s.send(aCase("呼市监处罚〔2026〕1号", append(list[1:6:6], sent(ordinary(9)[8]))...))
	h.verify()
	clerk := h.enter(intake.Clerk, "clerk")
	sum := "与上次相比：改动2户，减少1户，增加1户，相同3户；上次指出的条目中，本次清单第4条未改。"
	wants(t, text(clerk.see("/cases/"+second)), "第2次报送", "两户的法定代表人有误", sum, "逐户查看改动")
	p := clerk.see("/cases/" + second + "/resent")
	wants(t, text(p), sum, "退回理由：两户的法定代表人有误", "斯***", "1 2 改动 退回指出", "2 3 改动", "6 新增", "1 删除")
	for _, name := range []string{"斯琴高娃", "巴特尔", "阿拉坦仓"} {
		if strings.Contains(p, name) {
			t.Errorf("the name is whole: %s", name)
		}
	}
	if !strings.Contains(p, "<mark>") {
		t.Error("what changed is not marked")
	}
	if a := clerk.do("GET", "/cases/"+first+"/resent", nil); a.Status != 404 {
		t.Errorf("a first case: %d", a.Status)
	}
}
