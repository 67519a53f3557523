package console_test

import (
	"encoding/base32"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/credential"
	"diaoxiao/internal/receiver/intake"
)

// long is at the head of walks that the race detector does without: the first walk is enough for it.
func long(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("the first walk is enough for the race detector")
	}
}

// The system administrator lets a sender and an operator in; the one can send with what was shown once, the other comes
// by the link.
func TestWalkAdmin(t *testing.T) {
	long(t)
	h := openHouse(t)
	s := h.sit(intake.SystemAdmin, "admin")
	s.open("/apps")
	s.press("新建应用")
	s.fill("应用名称", "呼伦贝尔市局行政处罚系统")
	s.fill("联系人", "敖登")
	s.fill("电话", "0470-8220000")
	s.fill("接入账号，每行一个", "经办人甲")
	s.press("创建")
	s.reads("只在这一页显示这一次", "经办人甲")
	sent := &sender{house: h, Credentials: intake.Credentials{AppKey: s.said("#key"), AppSecret: s.said("#secret"),
		Accounts: []string{"经办人甲"}}}
	sent.login()
	sent.send(aCase("呼市监处罚〔2026〕1号"))
	s.press("已妥善保存，返回")
	if s.reads("经办人甲"); strings.Contains(s.read(), sent.AppSecret) {
		t.Error("the secret is shown again")
	}
	s.consent("停用应用")
	s.reads("已停用")
	if a := sent.call(api.Receive, "?access_token="+sent.token, "{}"); a.Problems[0].Code != api.InvalidToken {
		t.Error("a disabled app may send")
	}

	s.press("操作员")
	s.press("新建操作员")
	s.fill("用户名", "wurina")
	s.fill("姓名", "乌日娜")
	s.fill("身份证号或工号", "工号7")
	s.check("复核员")
	s.press("创建")
	s.reads("一次性链接只在这一页显示这一次")
	link := s.said("#link")
	if s.press("已交付本人，返回"); strings.Contains(s.read(), link) {
		t.Error("the link is shown again")
	}
	h.enrol(link)
}

// enrol comes by a link in a window of one's own.
func (h *house) enrol(link string) {
	h.Helper()
	_, path, _ := strings.Cut(link, "/console")
	s := h.browse()
	s.open(path)
	s.do("the form", chromedp.WaitVisible(chromedp.CSS("#password"))) // the page sends the code by itself
	s.reads("乌日娜", "复核员")
	device, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ReplaceAll(s.said("code"), " ",
		""))
	h.must(err)
	s.fill("密码", password)
	s.fill("再输入一次密码", password)
	s.fill("验证器显示的6位数字", credential.Code(device, h.now()))
	s.press("保存并登录")
	s.reads("已设置，等待批准", "由安全管理员批准")
	security := h.sit(intake.SecurityAdmin, "security")
	security.open("/visits")
	security.press("待批准1")
	security.reads("新建：wurina（乌日娜）", "本人设置")
	security.consent("批准")
	security.reads("已批准", "没有等待您批准的变更")
	h.wait(time.Minute)
	s.open("/login")
	s.fill("用户名", "wurina")
	s.fill("密码", password)
	s.fill("动态口令", credential.Code(device, h.now()))
	s.press("登录")
	s.reads("乌日娜（复核员）")
}

// A failed call is found in the request log with its code; the security administrator unlocks an operator whose
// password was guessed at; the auditor finds both again and verifies the chain.
func TestWalkWatch(t *testing.T) {
	long(t)
	h := openHouse(t)
	app := h.admit("包头市局")
	app.call(api.Receive, "?access_token=nobody", "{}")
	app.call(api.Receive, "?access_token="+app.token, `{"caseid":""}`)
	h.recordCalls()
	clerk := h.sit(intake.Clerk, "clerk")
	clerk.open("/calls")
	clerk.choose("调用", "报送案件（receiveCaseinfo）")
	clerk.check("仅看失败")
	clerk.press("查询")
	clerk.reads("13000", "14000", "包头市局")
	clerk.press("报送错误统计")
	clerk.reads("ACCESS_TOKEN无效", "0471-1234567")

	guess := h.browse()
	h.wait(time.Minute)
	guess.open("/login")
	for range 5 { // intake.LockAfter
		guess.fill("用户名", "clerk")
		guess.fill("密码", "wrong")
		guess.fill("动态口令", "000000")
		guess.pressAt("登录", "", 400)
		h.wait(time.Minute)
	}
	security := h.sit(intake.SecurityAdmin, "security")
	security.open("/visits")
	security.reads("锁定到")
	security.pressIn("clerk", "解锁")
	security.reads("没有登录失败或被锁定的操作员")

	auditor := h.sit(intake.Auditor, "auditor")
	auditor.open("/audit")
	auditor.fill("操作人", "security")
	auditor.press("查询")
	auditor.reads("clerk", "解锁")
	auditor.press("验证审计链")
	auditor.reads("链完好")
	head := auditor.said("#head")
	auditor.press("返回审计")
	auditor.fill("以前记下的链头（选填）", head)
	auditor.press("验证审计链")
	auditor.reads("仍在其中")
}
