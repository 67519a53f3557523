package console_test

import (
	"strings"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
)

// A clerk finds a case and the firm in it that is written wrongly, and asks for its return; a second person agrees; the
// sender sends it again.
func TestWalkReturn(t *testing.T) {
	long(t)
	h := openHouse(t)
	app := h.admit("呼和浩特市局")
	right := firms(1, 60)
	wrong := append([]api.Entity(nil), right...)
	wrong[40].UniscID = strings.Replace(right[40].UniscID, "0", "O", 1)
	id := app.send(aCase("呼市监处罚〔2026〕17号", wrong...))
	app.send(aCase("呼市监处罚〔2026〕18号"))
	h.verify()

	clerk := h.sit(intake.Clerk, "wulan")
	clerk.open("/")
	clerk.reads("优先办理", "呼市监处罚〔2026〕17号")
	clerk.press("案件")
	clerk.fill("受理号、案件编号或案件名称", "[2026] 17 号")
	clerk.press("查询")
	if clerk.reads(id, "待核对", "共1件", "第1/1页"); !strings.Contains(clerk.url(), "q=") {
		t.Error("the query is not in the address: " + clerk.url())
	}
	clerk.press(id)
	clerk.reads("市场主体清单（60户）", "还剩14个工作日")
	clerk.press("仅看有提示")
	clerk.reads("统一社会信用代码")
	if marked := evaluate[[]string](clerk,
		"Array.from(document.querySelectorAll('mark')).map(m => m.innerText)"); len(marked) != 1 || marked[0] != "O" {
		t.Errorf("marked: %q", marked)
	}
	if page := clerk.read(); strings.Contains(page, wrong[40].Legal) {
		t.Error("the name is not masked")
	}
	clerk.unfold("备注")
	clerk.fill("备注内容", "已电话告知，对方同意退回")
	clerk.press("添加备注")
	clerk.reads("已电话告知，对方同意退回")
	clerk.unfold("退回案件")
	clerk.fill("退回的理由（报送单位须据此更正）", "清单第41户代码有误")
	clerk.press("下一步，核对申请")
	clerk.press("确认申请退回")
	clerk.reads("退回待复核", "查看退回申请")

	reviewer := h.sit(intake.Reviewer, "bao")
	reviewer.open("/")
	reviewer.press("复核1")
	reviewer.press("第1号")
	reviewer.reads("清单第41户代码有误")
	reviewer.check("同意")
	reviewer.press("下一步，核对决定")
	reviewer.reads("确认同意退回", "清单第41户代码有误")
	reviewer.press("确认同意退回")
	reviewer.reads("已同意，决定已生效")

	again := app.send(aCase("呼市监处罚〔2026〕17号", right...))
	h.verify()
	clerk.open("/cases/" + again)
	clerk.reads("前一次受理号", id)
	clerk.press(id)
	clerk.reads("已退回", "清单第41户代码有误")
}

// A firm that two senders have sent is found in both cases, from either of them, and its name is shown for a purpose
// alone.
func TestWalkEntity(t *testing.T) {
	long(t)
	h := openHouse(t)
	firm := firms(1, 1)
	one := h.admit("呼和浩特市局").send(aCase("呼市监处罚〔2026〕17号", firm...))
	two := h.admit("包头市局").send(aCase("包市监处罚〔2026〕3号", firm...))
	h.verify()
	clerk := h.sit(intake.Clerk, "wulan")
	clerk.open("/")
	clerk.press("市场主体")
	clerk.fill("统一社会信用代码、身份代码、企业名称、法定代表人或案件编号", strings.ToLower(firm[0].UniscID))
	clerk.press("查询")
	clerk.reads(one, two, "见于多件没有退回的案件", "呼市监处罚〔2026〕17号", "包市监处罚〔2026〕3号")
	clerk.press("包市监处罚〔2026〕3号")
	clerk.reads("王***")
	clerk.unfold("显示本案清单中的姓名")
	clerk.fill("目的（记入审计）", "与登记系统核对")
	clerk.press("显示姓名")
	clerk.reads(firm[0].Legal)
	clerk.open("/cases/" + one)
	clerk.reads("王***")
	auditor := h.sit(intake.Auditor, "qi")
	auditor.open("/audit")
	auditor.reads("与登记系统核对", two)
}

// A name of 500 characters, such as one that lists the firms, does not push the other cases off the page.
func TestWalkLongNames(t *testing.T) {
	long(t)
	h := openHouse(t)

	c := aCase("呼市监处罚〔2026〕1号", firms(97, 1)...)
	c.CaseName, c.PenaltyOrg = strings.Repeat("某某公司、", 100), strings.Repeat("监督管理局", 60)
	h.admit("甲").send(c)
	h.verify()
	clerk := h.sit(intake.Clerk, "wulan")
	for _, path := range []string{"/overview", "/cases", "/entities?kind=uniscid&value=" + firms(97, 1)[0].UniscID} {
		clerk.open(path)
		clerk.reads(c.CaseID)
		if high := evaluate[float64](clerk,
			"document.querySelector('tbody tr').getBoundingClientRect().height"); high > 150 {
			t.Errorf("%s: a row is %.0f pixels high", path, high)
		}
	}
	clerk.open("/cases")
	if cut := evaluate[int](clerk,
		"Array.from(document.querySelectorAll('.clip')).filter(e => e.innerText.includes('处罚〔')).length"); cut > 0 {
		t.Error("the number of a case may be cut off")
	}
}
