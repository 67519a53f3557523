package console_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"diaoxiao/internal/receiver/intake"
)

// twoCases are one of thirty firms, one of them wrong, and one that is to be returned.
func (h *house) twoCases() (flagged, wrong string) {
	h.Helper()
	c, right := flaggedCase("呼市监处罚〔2026〕38号", 30, 1)
	h.importRegister("2026-11-20", right...)
	s := h.admit("呼伦贝尔市局执法办案平台")
	flagged, wrong = s.send(c), s.send(aCase("退回1号", firms(6100, 2)...))
	h.verify()
	return flagged, wrong
}

// withoutScript opens a window in which no page's script runs.
func (h *house) withoutScript(role intake.Role, name string) *screen {
	h.Helper()
	s := h.sit(role, name)
	_, err := chromedp.Call(s.ctx, emulation.SetScriptExecutionDisabled,
		emulation.SetScriptExecutionDisabledParams{Value: true})
	h.must(err)
	return s
}

// Without a script a firm is compared, a case is released by two, published in bulk, and another returned: by the forms
// that the pages offer.
func TestWalkWithoutScript(t *testing.T) {
	long(t)
	h := openHouse(t)
	flagged, wrong := h.twoCases()
	clerk, reviewer := h.withoutScript(intake.Clerk, "wulan"), h.withoutScript(intake.Reviewer, "bao")
	clerk.open("/cases/" + flagged)
	clerk.press("逐户核对")
	clerk.press("显示姓名，开始核对")
	clerk.press("一致 1")
	clerk.reads("已核对 1/1")
	clerk.press("返回案件")
	clerk.press("申请放行（30户可放行）")
	clerk.fill("理由（必填：其中1户有严重提示）", "已与登记系统核对一致")
	clerk.press("确认申请放行")
	clerk.reads("已申请放行，等待复核员决定")
	clerk.open("/cases/" + wrong)
	clerk.unfold("退回案件")
	clerk.fill("退回的理由（报送单位须据此更正）", "第1条代码有误")
	clerk.press("下一步，核对申请")
	clerk.press("确认申请退回")
	for _, kind := range []string{"放行", "退回"} {
		reviewer.open("/proposals")
		reviewer.pressIn(kind, evaluate[string](reviewer, "document.querySelector('main tbody a').innerText"))
		reviewer.check("同意")
		reviewer.press("下一步，核对决定")
		reviewer.press("确认同意" + kind)
		reviewer.reads("已同意，决定已生效")
	}
	clerk.open("/cases")
	clerk.press("全选")
	clerk.press("登记公示")
	clerk.reads("不在其内：1件", wrong)
	clerk.press("确认登记公示1件")
	clerk.reads("已登记公示1件")
	clerk.open("/cases/" + flagged)
	clerk.reads("已于 2026-11-24 公示")
}

// focusWords is the words of what has the focus, or its label.
const focusWords = `(() => { const e = document.activeElement;
	return (e.getAttribute('aria-label') || e.innerText || (e.labels && e.labels[0] && e.labels[0].innerText) || '')
		.replace(/\s+/g, ' ').trim() })()`

// tab goes on with the Tab key to what begins with the words, and says how often it took.
func (s *screen) tab(said string) (n int) {
	s.Helper()
	for n = 1; n <= 80; n++ {
		s.do("Tab", chromedp.KeyEvent("\t"))
		if strings.HasPrefix(evaluate[string](s, focusWords), said) {
			return n
		}
	}
	s.Fatalf("80 Tabs do not lead to %s: %s", said, s.read())
	return n
}

// key presses a key that leads to another page.
func (s *screen) key(key string) {
	s.Helper()
	s.turn(fmt.Sprintf("key %q", key), 200, chromedp.KeyEvent(key))
}

// With the keyboard alone a case is found, checked, released by two and published. It took 38 Tabs to the first case
// and 140 to a deed, once.
func TestWalkKeyboard(t *testing.T) {
	long(t)
	h := openHouse(t)
	flagged, _ := h.twoCases()
	clerk, reviewer := h.sit(intake.Clerk, "wulan"), h.sit(intake.Reviewer, "bao")
	clerk.open("/cases?order=asc")
	toRow := clerk.tab("跳到清单")
	clerk.do("Enter", chromedp.KeyEvent("\r"))
	clerk.do("down", chromedp.KeyEvent(kb.ArrowDown))
	if got := evaluate[string](clerk, focusWords); got != flagged {
		t.Fatalf("the focus is on %q", got)
	}
	clerk.key("\r")
	toDeeds := clerk.tab("跳到办理")
	clerk.do("Enter", chromedp.KeyEvent("\r"))
	toDeeds += clerk.tab("申请放行")
	t.Logf("%d Tabs to the first row, %d to the release", toRow, toDeeds)
	if toRow > 5 || toDeeds > 15 {
		t.Errorf("%d Tabs to the first row, %d to the release", toRow, toDeeds)
	}
	clerk.key("\r")
	clerk.tab("跳到正文")
	clerk.do("Enter", chromedp.KeyEvent("\r"))
	clerk.tab("确认申请放行")
	clerk.key("\r")
	clerk.reads("已申请放行，等待复核员决定")

	reviewer.open("/proposals")
	reviewer.tab("第1号")
	reviewer.key("\r")
	reviewer.tab("同意")
	reviewer.do("space", chromedp.KeyEvent(" "))
	reviewer.tab("下一步，核对决定")
	reviewer.key("\r")
	reviewer.tab("确认同意放行")
	reviewer.key("\r")
	reviewer.reads("已同意，决定已生效")

	clerk.open("/cases/" + flagged)
	clerk.tab("跳到办理")
	clerk.do("Enter", chromedp.KeyEvent("\r"))
	clerk.tab("登记公示")
	clerk.do("Enter", chromedp.KeyEvent("\r"))
	clerk.until("确认登记公示")
	clerk.tab("确认登记公示")
	clerk.key("\r")
	clerk.reads("已登记公示，公示日期2026-11-24")
}
