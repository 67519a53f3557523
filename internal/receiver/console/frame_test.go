package console_test

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"diaoxiao/internal/receiver/console"
	"diaoxiao/internal/receiver/intake"
)

// focused is the label of what has the focus.
const focused = `(e => e.labels ? e.labels[0].innerText : e.tagName)(document.activeElement)`

// later lets the clock of the page go on by a number of minutes; what it does every two seconds comes by itself.
func (s *screen) later(minutes string) {
	s.Helper()
	evaluate[bool](s, `(() => { const at = Date.now() + `+minutes+` * 60000; Date.now = () => at; return true })()`)
}

// A user name is taken in capitals and with blanks, after a failure the password has the focus. Five minutes before the
// session ends for want of use, a bar says so, and its button keeps the session without leaving the page.
func TestWalkIdle(t *testing.T) {
	long(t)
	h := openHouse(t, func(c *console.Config) {
		c.Unit, c.Support, c.Version = "呼和浩特市市场监督管理局", "0471-1234567", "1.2.3"
	})
	h.enter(intake.Clerk, "wangxm")
	h.wait(time.Minute)
	s := h.browse()
	s.open("/login")
	s.fill("用户名", " WangXM ")
	s.fill("密码", "wrong")
	s.fill("动态口令", h.code())
	s.pressAt("登录", "", 400)
	if got := evaluate[string](s, focused); got != "密码" {
		t.Errorf("the focus is on %q", got)
	}
	h.wait(time.Minute)
	s.fill("密码", password)
	s.fill("动态口令", h.code())
	s.press("登录")
	s.reads("业务员wangxm", "呼和浩特市市场监督管理局批量吊销案件管理系统", "版本 1.2.3", "技术支持 0471-1234567")
	s.open("/account")
	s.fill("原密码", "half typed")
	if strings.Contains(s.read(), "将自动退出") {
		t.Error("the bar is there at once")
	}
	h.wait(26 * time.Minute)
	s.later("26")
	bar := chromedp.CSS("#idle")
	s.do("the bar", chromedp.WaitVisible(bar))
	s.reads("长时间未操作，3分钟后将自动退出。")
	s.do("keep", chromedp.Click(s.mark(js("pressed", "继续使用", ""))), chromedp.WaitNotVisible(bar))
	if got := evaluate[string](s, "document.getElementById('old').value"); got != "half typed" {
		t.Errorf("what was typed is %q", got)
	}
	h.wait(20 * time.Minute) // beyond the end that was before
	s.open("/account")
	s.reads("我的在线会话")
	h.wait(31 * time.Minute)
	s.later("26")
	s.do("the bar", chromedp.WaitVisible(bar))
	s.do("too late", chromedp.Click(s.mark(js("pressed", "继续使用", ""))),
		chromedp.WaitNotVisible(chromedp.CSS("#idle button")))
	s.reads("登录已失效，或者网络不通。已填写的内容仍在本页")
}

// Help lists all that there is and is reached from each page and from what it explains; a page says in the title of its
// window what is shown; what was done is said once; two links before the menu lead over it.
func TestWalkHelp(t *testing.T) {
	long(t)
	h := openHouse(t)
	s := h.sit(intake.SecurityAdmin, "helped")
	s.open("/policies")
	s.fill("无操作退出", "25")
	s.press("保存")
	s.reads("安全策略已保存，立即生效。")
	if u := s.url(); strings.Contains(u, "done") {
		t.Errorf("the address asks for the notice again: %s", u)
	}
	s.open("/policies?done=policies")
	if strings.Contains(s.read(), "已保存") {
		t.Error("an address that was sent on says that something was done")
	}
	s.press("帮助")
	s.reads("可放行", "暂缓", "不予公示", "未与主体库比对", "待查", "跳到清单")
	s.press("核验规则")
	s.reads("101", "601", "严重", "主体库没有法定代表人")
	s.press("错误代码")
	s.reads("12002", "19005", "14008")
	s.press("主体类型")
	s.reads("1151", "9999")
	s.do("over the menu", chromedp.KeyEvent("\t"), chromedp.KeyEvent("\t"), chromedp.KeyEvent("\r"))
	if at := evaluate[string](s, "location.hash + document.activeElement.tagName"); at != "#tableTABLE" {
		t.Errorf("the second link leads to %s", at)
	}
	c := h.sit(intake.Clerk, "titled")
	c.open("/cases?name=" + "停业")
	if got := evaluate[string](c, "document.title"); got != "案件：停业 - 批量吊销案件管理系统" {
		t.Errorf("the title is %q", got)
	}
}
