package console_test

import (
	"strings"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
)

// The first page counts what came in and what waits, names what to do next, and whom to ask about silence.
func TestOverview(t *testing.T) {
	h := openHouse(t)
	h.admit("包头市执法办案系统")
	s := h.admit("呼和浩特市执法办案系统")
	wrong := api.Entity{PripID: "150104000022017071732290", UniscID: "91150103MA0R9M0D7K", Legal: "宋娟", EntType: "1130"}
	late := aCase("旧案", firms(1, 1)...)
	late.PenaltyDate = "2026-10-13"
	ids := []string{s.send(late), s.send(aCase("1号")), s.send(aCase("2号", wrong))}
	h.verify()
	ids = append(ids, s.send(aCase("3号", wrong, wrong)))
	clerk := h.enter(intake.Clerk, "clerk")
	if a := clerk.do("GET", "/", nil); a.Location != "/overview" {
		t.Errorf("the first page of a clerk: %q", a.Location)
	}
	p := clerk.see("/overview")
	for _, want := range []string{"今日受理 4件 5户", "本月受理 4件 5户", "待核验 1件 最早于2026-11-24 09:30:00受理", "待核对 2件", "公示超期 1件",
		"我的待办 0项",
		"公示未完成 3件", "已超期10个工作日", "同一身份代码对应不同信用代码"} {
		if !strings.Contains(text(p), want) {
			t.Errorf("no %q in %s", want, text(p))
		}
	}
	lacks(t, p, "七天以上没有调用") // the apps are of today
	if !strings.Contains(text(p), "优先办理") {
		t.Error("nothing is to be done first")
	}
	if first, second := strings.Index(p, `/cases/`+ids[2]), strings.Index(p, `/cases/`+ids[0]); first < 0 ||
		first > second {
		t.Error("the case with a severe finding is not named first")
	}
	if !strings.Contains(p, `<title>2026-11-24：4件，5户</title>`) {
		t.Error("the chart has no bar of today")
	}
	h.wait(9 * 24 * time.Hour)
	if p := text(h.enter(intake.Reviewer, "reviewer").see("/overview")); !strings.Contains(p, "今日受理 0件") ||
		!strings.Contains(p, "七天以上没有调用的报送应用") || !strings.Contains(p, "乌云其木格 0471-1234567") {
		t.Error(p)
	}
}
