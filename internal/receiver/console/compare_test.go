package console_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
)

// flaggedCase is a list of n firms of which some are written wrongly, and the register that has them right.
func flaggedCase(caseID string, n, wrong int) (api.Case, []register.Firm) {
	list, right := firms(100_000, n), ordinary(n)
	for i := range list {
		list[i].UniscID = unisc(200_000 + i)
		f := &right[i]
		f.PripID, f.UniscID, f.Legal, f.EntType, f.RegNo = list[i].PripID, list[i].UniscID, list[i].Legal,
			list[i].EntType, ""
	}
	for i := range wrong {
		e := &list[i*n/wrong]
		e.UniscID = "O" + e.UniscID[1:]
	}
	return aCase(caseID, list...), right
}

// counted is how many pages the window has loaded since it was asked before.
func (s *screen) counted() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.loads
	s.loads = 0
	return n
}

// keyed waits until a firm that is compared has been in view long enough for a key to be meant for it.
func (s *screen) keyed() {
	s.Helper()
	for begin := time.Now(); time.Since(begin) < time.Minute; time.Sleep(20 * time.Millisecond) {
		if evaluate[bool](s, "!!document.querySelector('#compare[data-keyed]')") {
			return
		}
	}
	s.Fatal("no firm takes keys: " + s.read())
}

// Thirty-five flagged firms are compared with a key each and two pages; what was found is the reason of the return.
func TestWalkCompare(t *testing.T) {
	long(t)
	h := openHouse(t)
	c, right := flaggedCase("1号", 300, 35)
	h.importRegister("2026-11-20", right...)
	id := h.admit("甲").send(c)
	h.verify()
	clerk := h.sit(intake.Clerk, "wulan")
	clerk.open("/cases/" + id)
	clerk.reads("已核对 0/35", "暂缓35")
	clerk.counted()
	clerk.press("逐户核对")
	clerk.reads("清单第1条")
	clerk.press("显示姓名，开始核对")
	keys := 0
	for n := range 35 {
		key := "1"
		if n == 3 || n == 4 {
			key = "2"
		}
		clerk.keyed()
		clerk.do("press "+key, chromedp.KeyEvent(key))
		keys++
		clerk.until(fmt.Sprintf("已核对 %d/35", n+1))
	}
	clerk.reads("没有待核对的市场主体")
	if n := clerk.counted(); n > 2 || keys > 40 {
		t.Errorf("%d pages and %d keys", n, keys)
	}
	clerk.press("返回案件")
	clerk.reads("已核对 35/35", "可放行298", "暂缓2")
	clerk.unfold("退回案件")
	if rows := evaluate[string](clerk, "document.getElementById('return-rows').value"); rows != "26、35" {
		t.Errorf("the rows of the return: %q", rows)
	}
}

// Of 1,254 firms of which 20 are wrong the clear ones are released by two persons and published; nothing is typed but
// what cannot be known.
func TestWalkRelease(t *testing.T) {
	long(t)
	h := openHouse(t)
	c, right := flaggedCase("1号", 1254, 20)
	h.importRegister("2026-11-20", right...)
	id := h.admit("甲").send(c)
	h.verify()
	clerk, reviewer := h.sit(intake.Clerk, "wulan"), h.sit(intake.Reviewer, "bao")
	clerk.open("/cases/" + id)
	clerk.press("申请放行（1,234户可放行）")
	clerk.reads("放行1,234户", "暂缓20")
	clerk.press("确认申请放行")
	clerk.reads("已申请放行，等待复核员决定")

	reviewer.open("/proposals")
	reviewer.press("第1号")
	reviewer.reads("1,234户")
	reviewer.check("同意")
	reviewer.press("下一步，核对决定")
	reviewer.press("确认同意放行")
	reviewer.reads("已同意，决定已生效")

	clerk.open("/cases/" + id + "?list=state%3Dtocheck")
	clerk.reads("放行1,234", "暂缓20", "返回列表")
	clerk.unfold("登记公示")
	clerk.press("确认登记公示")
	clerk.reads("已登记公示，公示日期2026-11-24")
	if !strings.Contains(clerk.url(), "list=state%3Dtocheck") {
		t.Error("the list is lost: " + clerk.url())
	}
}

// On a case n and p go to its neighbours in the list from which it was opened, and c to comparing.
func TestWalkKeys(t *testing.T) {
	long(t)
	h := openHouse(t)
	s := h.admit("甲")
	var ids []string
	for i := range 3 {
		list := firms(50*i+3, 2)
		list[0].UniscID = "O" + list[0].UniscID[1:]
		ids = append(ids, s.send(aCase(fmt.Sprintf("%d号", i+1), list...)))
	}
	h.verify()
	clerk := h.sit(intake.Clerk, "wulan")
	clerk.open("/cases/" + ids[1] + "?list=order%3Dasc")
	for _, step := range [][2]string{{"n", ids[2]}, {"p", ids[1]}, {"p", ids[0]}} {
		clerk.turn("press "+step[0], 200, chromedp.KeyEvent(step[0]))
		if !strings.Contains(clerk.url(), step[1]) {
			t.Errorf("%s leads to %s", step[0], clerk.url())
		}
	}
	clerk.turn("press c", 200, chromedp.KeyEvent("c"))
	clerk.reads("逐户核对", "已核对 0/")
}
