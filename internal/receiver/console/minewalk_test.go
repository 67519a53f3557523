package console_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"diaoxiao/internal/receiver/intake"
)

// A clerk claims a case with one click, and finds a proposal that was refused with one more, from any page.
func TestWalkMine(t *testing.T) {
	long(t)
	h, ids := aRegion(t)
	other, reviewer := h.enter(intake.Clerk, "alatan"), h.enter(intake.Reviewer, "qiqige")
	v := h.enter(intake.Clerk, "wulan")
	v.propose("/cases/"+ids[0], "return", "text", "清单第1条的信用代码与登记系统不符")
	reviewer.decide("/cases/"+ids[0], "refuse", "该户信用代码已于2025年变更，登记系统已更正，请再核对")
	v.propose("/cases/"+ids[2], "return", "text", "报错了机关")
	other.post("/cases/" + ids[1] + "/claim")
	clerk := h.window(v)
	clerk.open("/cases/" + ids[3])
	clerk.press("认领")
	clerk.reads("案件已认领")
	clerk.reads("由您认领")
	clerk.press("我的待办2")
	clerk.reads("该户信用代码已于2025年变更")
	clerk.shots("mine")
	clerk.open("/cases/" + ids[1])
	clerk.reads("业务员alatan（alatan）刚刚认领")
	clerk.shots("claimed")
	clerk.open("/overview")
	clerk.shots("overview-clerk")
	clerk.open("/cases")
	clerk.shots("cases-claimed")
	for role, name := range map[*visitor]string{reviewer: "reviewer", h.enter(intake.SystemAdmin, "admin"): "admin",
		h.enter(intake.SecurityAdmin, "security"): "security", h.enter(intake.Auditor, "auditor"): "auditor"} {
		s := h.window(role)
		s.open("/overview")
		s.shots("overview-" + name)
	}
}

// shots keeps pictures of the page at both sizes, and fails where it is wider than the window.
func (s *screen) shots(name string) {
	s.Helper()
	for _, size := range sizes {
		s.do("size", chromedp.EmulateViewport(size.width, size.height))
		if beyond := evaluate[int](s, "document.documentElement.scrollWidth - innerWidth"); beyond > 0 {
			s.Errorf("%s at %d: %d pixels are beyond the edge", name, size.width, beyond)
		}
		s.keepAs(fmt.Sprint(name, size.width, ".png"))
	}
}
