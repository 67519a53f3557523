package console_test

import (
	"context"
	"encoding/base32"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"diaoxiao/internal/receiver/credential"
)

// The harness hears what it is to fail for.
func TestBrowserComplains(t *testing.T) {
	h := openHouse(t)
	s := h.browse()
	s.open("/login")
	for _, c := range [][2]string{ // the last leaves the page
		{"exception: Uncaught", "setTimeout(() => { throw new Error('x') })"},
		{"console: ", "console.error('x')"},
		{"Content Security Policy", "document.body.setAttribute('style', 'color: red')"},
		{"dialog: x", "setTimeout(() => alert('x'))"},
		{"asks elsewhere: ", "location.href = 'https://127.0.0.2:1/'"},
	} {
		evaluate[bool](s, c[1]+"; true")
		s.forgive(c[0])
	}
	s.forgive("failed: ")
	s.mu.Lock()
	s.problems = nil // some complain twice
	s.mu.Unlock()
	for range 100 {
		h.mu.Lock()
		reported := len(h.violations)
		h.violations = nil
		h.mu.Unlock()
		if reported > 0 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Error("a violation was not reported to the server")
}

// The first administrator comes by the link, reads the secret off the page, changes the password and signs in again.
func TestWalkFirstRun(t *testing.T) {
	h := openHouse(t)
	link, err := h.FirstInvitation(context.Background())
	h.must(err)
	s := h.browse()
	s.follow(link)
	s.reads("设置第一位系统管理员", "扫描")
	typed := strings.ReplaceAll(evaluate[string](s, "document.querySelector('code').innerText"), " ", "")
	device, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(typed)
	h.must(err)
	s.fill("用户名", "admin1")
	s.fill("姓名", "苏日娜")
	s.fill("身份证号或工号", "工号1")
	s.fill("密码", password)
	s.fill("再输入一次密码", password)
	s.fill("验证器显示的6位数字", "000000")
	s.pressAt("保存并登录", "", 400)
	s.reads("动态口令不对")
	if evaluate[string](s, "document.querySelector('[name=secret]').value") != typed {
		t.Fatal("the secret changed under the user's hands")
	}
	s.fill("身份证号或工号", "工号1")
	s.fill("密码", password)
	s.fill("再输入一次密码", password)
	s.fill("验证器显示的6位数字", credential.Code(device, h.now()))
	s.press("保存并登录")
	s.reads("苏日娜（系统管理员）")

	s.press("苏日娜（系统管理员）")
	s.fill("原密码", password)
	s.fill("新密码", password+"2")
	s.fill("再输入一次新密码", password+"2")
	s.press("修改密码")
	s.reads("密码已修改")

	s.press("退出")
	s.reads("您已退出")
	h.wait(time.Minute)
	s.fill("用户名", "admin1")
	s.fill("密码", password)
	s.fill("动态口令", credential.Code(device, h.now()))
	s.pressAt("登录", "", 400)
	s.reads("安全管理员解锁")
	s.fill("密码", password+"2")
	s.fill("动态口令", credential.Code(device, h.now()))
	s.do("the key", chromedp.KeyEvent("\r"), chromedp.WaitVisible(chromedp.CSS(".who")))
	s.open("/account")
	s.reads("苏日娜（系统管理员）", "当前会话")
}
