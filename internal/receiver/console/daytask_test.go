package console_test

import (
	"encoding/base32"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"diaoxiao/internal/receiver/credential"
	"diaoxiao/internal/receiver/intake"
)

// short is a password that is no longer than the rules demand.
const short = "Hulun-1958"

// cost does a task, as a test of its own, and returns what it cost.
func (d *day) cost(t *testing.T, task task) (is cost) {
	all := d.TB
	defer func() { d.TB = all }()
	t.Run(task.name, func(t *testing.T) {
		d.TB = t
		w := task.do(d)
		w.cost.loads = w.counted()
		is = w.cost
	})
	return is
}

// firstAdministrator writes the user name in capitals, the second password wrongly and the code of another device.
func (d *day) firstAdministrator() *worker {
	d.Helper()
	link, err := d.FirstInvitation(d.Context())
	d.must(err)
	w := d.admin
	w.follow(link)
	w.counted()
	device := w.device()
	w.fill("用户名", "Admin1")
	w.fill("姓名", "苏日娜")
	w.fill("身份证号或工号", "工号1")
	w.fill("密码", short)
	w.fill("再输入一次密码", short+"x")
	w.fill("验证器显示的6位数字", credential.Code(device, d.now()))
	w.screen.unfold("保存并登录") // the browser stops it, with the rule in Chinese
	w.clicks++
	why := evaluate[string](w.screen, "document.querySelector('input:invalid').title")
	if !strings.Contains(why, "小写字母") {
		d.Errorf("the user name is refused with %q", why)
	}
	w.fill("用户名", "admin1")
	w.refused("保存并登录")
	w.rest(device, "000000")
	w.refused("保存并登录")
	w.rest(device, "")
	w.press("保存并登录")
	return w.done("苏日娜（系统管理员）")
}

// device is the secret that the page shows for the codes.
func (w *worker) device() []byte {
	w.Helper()
	device, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ReplaceAll(w.said("code"), " ",
		""))
	w.must(err)
	return device
}

// rest fills what the page has emptied, with the code of a device or another.
func (w *worker) rest(device []byte, code string) {
	w.Helper()
	if code == "" {
		code = credential.Code(device, w.now())
	}
	for _, f := range [][2]string{{"用户名", "admin1"}, {"姓名", "苏日娜"}, {"身份证号或工号", "工号1"}, {"密码", short},
		{"再输入一次密码", short}, {"验证器显示的6位数字", code}} {
		w.mark(js("labelled", f[0]))
		if evaluate[string](w.screen, "document.querySelector('[data-walk]').value") == "" {
			w.fill(f[0], f[1])
		}
	}
}

func (d *day) newOperator() *worker {
	w := d.admin.from("/")
	w.press("操作员")
	w.press("新建操作员")
	w.fill("用户名", "wurina")
	w.fill("姓名", "乌日娜")
	w.fill("身份证号或工号", "工号7")
	w.check("复核员")
	w.press("创建")
	return w.done("一次性链接只在这一页显示这一次")
}

func (d *day) newApp() *worker {
	w := d.admin.from("/apps")
	w.press("新建应用")
	w.fill("应用名称", "通辽市局行政处罚系统")
	w.fill("联系人", "敖登")
	w.fill("电话", "0475-8220000")
	w.fill("接入账号，每行一个", "经办人甲")
	w.press("创建")
	return w.done("只在这一页显示这一次")
}

func (d *day) rotate() *worker {
	w := d.admin.from("/")
	w.press("接入管理")
	w.press("包头市局")
	w.consent("更换密钥")
	w.press("已妥善保存，返回")
	return w
}

func (d *day) findSevere() *worker {
	w := d.clerk.from("/overview")
	w.press("案件")
	w.choose("状态", "有严重提示")
	w.press("查询")
	return w.done(d.flagged, "共1件")
}

// compare35 presses 1 for each firm, 2 for two of them.
func (d *day) compare35() *worker {
	w := d.clerk.from("/cases/" + d.flagged)
	w.reads("已核对 0/35", "暂缓35")
	w.press("逐户核对")
	w.reads("清单第1条")
	w.press("显示姓名，开始核对")
	for n := range 35 {
		key := "1"
		if n == 3 || n == 4 {
			key = "2"
		}
		w.keyed()
		w.do("press "+key, chromedp.KeyEvent(key))
		w.clicks++
		w.until(fmt.Sprintf("已核对 %d/35", n+1))
	}
	return w.done("没有待核对的市场主体")
}

func (d *day) reveal() *worker {
	w := d.clerk.from("/cases/" + d.wrong)
	w.unfold("显示本案清单中的姓名")
	w.press("显示姓名")
	return w.done("姓名已显示")
}

func (d *day) duplicate() *worker {
	w := d.clerk.from("/cases")
	w.press(d.twin)
	w.pressIn(firms(6200, 1)[0].UniscID, "其他案件")
	w.reads("见于多件没有退回的案件", d.twin)
	w.back()
	w.back()
	return w.done("重复1号")
}

// back is the button of the browser.
func (w *worker) back() {
	w.Helper()
	w.clicks++
	at := w.url()
	evaluate[bool](w.screen, "history.back(), true")
	for range 1000 {
		if evaluate[bool](w.screen, "document.readyState === 'complete'") && w.url() != at {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	w.Fatalf("back leads nowhere from %s", at)
}

func (d *day) note() *worker {
	w := d.clerk.from("/cases")
	w.press(d.noted)
	w.unfold("备注")
	w.fill("备注内容", "已电话联系报送单位核实，对方承诺今日内查清原案卷后以书面方式答复我局")
	w.press("添加备注")
	return w.done("以书面方式答复我局")
}

func (d *day) checkCase() *worker {
	w := d.clerk.from("/cases")
	w.press(d.noted)
	w.unfold("核对无误")
	w.consent("登记核对无误")
	return w.done("已核对")
}

func (d *day) publishOne() *worker {
	w := d.clerk.from("/cases")
	w.press(d.one)
	w.unfold("登记公示")
	w.press("确认登记公示")
	return w.done("已登记公示，公示日期2026-11-24")
}

// publishFifty chooses them all in the list; what may not be published is named and left out.
func (d *day) publishFifty() *worker {
	_, doubtful, _ := d.manyToPublish(50)
	w := d.clerk.from("/cases?q=" + "%E5%B8%82%E7%9B%91%E5%A4%84%E7%BD%9A") // 市监处罚
	w.press("100")
	w.do("all", chromedp.Click(w.mark(js("pressed", "全选"))))
	w.clicks++
	w.press("登记公示")
	w.reads("登记公示：50件", "不在其内：", doubtful)
	w.press("确认登记公示50件")
	return w.done("已登记公示50件")
}

func (d *day) askReturn() *worker {
	w := d.clerk.from("/cases")
	w.press(d.wrong)
	w.unfold("退回案件")
	w.fill("退回的理由（报送单位须据此更正）", "清单第3条、第7条的统一社会信用代码校验不符，请核对营业执照后更正，其余各条无误")
	w.press("下一步，核对申请")
	w.press("确认申请退回")
	return w.done("退回待复核")
}

func (d *day) agree() *worker {
	w := d.reviewer.from("/proposals")
	w.pressNumber("退回1号")
	w.check("同意")
	w.press("下一步，核对决定")
	w.press("确认同意退回")
	return w.done("已同意，决定已生效")
}

// pressNumber opens the proposal about a case.
func (w *worker) pressNumber(caseID string) {
	w.Helper()
	rows := "Array.from(document.querySelectorAll('main tr'))"
	link := rows + ".find(r => r.innerText.includes('" + caseID + "')).querySelector('a').innerText"
	w.press(evaluate[string](w.screen, link))
}

func (d *day) refuse() *worker {
	d.must(d.AskReturn(d.Context(), intake.Actor("console:wulan"), d.twin, "第1户重复报送", "1"))
	w := d.reviewer.from("/proposals")
	w.pressNumber("重复1号")
	w.check("不同意")
	w.fill("不同意的理由（同意的不填）", "重复报送已经核实无误。")
	w.press("下一步，核对决定")
	w.press("确认不同意退回")
	return w.done("不同意")
}

func (d *day) resent() *worker {
	w := d.clerk.from("/cases")
	w.press(d.again)
	w.reads("第2次报送", "第3条代码有误", "改动")
	w.press("逐户查看改动")
	return w.done("本次清单第3条未改", "新增", "删除")
}

func (d *day) wrongDay() *worker {
	w := d.clerk.from("/cases/" + d.misdated)
	w.unfold("更正公示日期")
	w.choose("正确的公示日期（现为2026-11-20）", "2026-11-23")
	w.typed += 8
	w.fill("更正的理由", "录入有误")
	w.press("确认更正")
	return w.done("公示日期已更正")
}

func (d *day) callOfUnit() *worker {
	w := d.clerk.from("/overview")
	w.press("报送记录")
	w.choose("应用", "呼伦贝尔市局执法办案平台")
	w.check("仅看失败")
	w.press("查询")
	return w.done("14", "案件编号")
}

func (d *day) callOfCase() *worker {
	w := d.clerk.from("/overview")
	w.press("报送记录")
	w.do("/", chromedp.KeyEvent("/"))
	w.typed++
	w.fill("案件编号或受理号", "77号")
	w.press("查询")
	return w.done("呼伦市监处罚〔2026〕77号")
}

func (d *day) unlock() *worker {
	guess := d.browse()
	guess.open("/login")
	for range 5 { // intake.LockAfter
		guess.fill("用户名", "bao")
		guess.fill("密码", "wrong")
		guess.fill("动态口令", "000000")
		guess.pressAt("登录", "", 400)
		d.wait(time.Minute)
	}
	w := d.security.from("/")
	w.press("会话与锁定")
	w.pressIn("bao", "解锁")
	return w.done("没有登录失败或被锁定的操作员")
}

func (d *day) verifyChain() *worker {
	w := d.auditor.from("/audit")
	w.press("验证审计链")
	return w.done("链完好")
}

func (d *day) reset() *worker {
	w := d.admin.from("/")
	w.press("操作员")
	w.Helper()
	w.clicks++
	w.mu.Lock()
	w.consents, w.asked = 1, nil
	w.mu.Unlock()
	w.screen.pressIn("bao", "重置")
	return w.done("一次性链接只在这一页显示这一次")
}
