package console_test

import (
	"fmt"
	"strings"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/console"
	"diaoxiao/internal/receiver/intake"
)

// aReturnedCase is the acceptid of a case whose return is asked for, and of the case of another sender that it
// contradicts.
func aReturnedCase(t *testing.T, h *house) (id, of string) {
	other := h.admit("其他单位的系统")
	of = other.send(aCase("外地1号", twoCodes()[0]))
	rows := append(twoCodes()[1:], manyEntities(2)...)
	rows = append(rows, api.Entity{PripID: "150105000022017071732291", UniscID: "92150104MA0N9P7Y8X", Legal: "乌云",
		EntType: "9600"})
	id = h.admit("甲").send(aCase("呼市监处罚〔2026〕1号", rows...))
	h.verify()
	h.must(h.AskReturn(t.Context(), intake.Actor("cli:a login:1001"), id, "第1户身份代码对应另一户，请核对", "1、3"))
	return id, of
}

// A notice of return can be printed from the request on, and says until the return that it is a draft. It has the
// addressee, the reason and the rows that it names with their findings, names masked, and nothing of others' cases.
func TestNoticeOfReturn(t *testing.T) {
	h := openHouse(t, func(c *console.Config) { c.Unit = "某某市市场监督管理局" })
	id, of := aReturnedCase(t, h)
	clerk := h.enter(intake.Clerk, "clerk")
	at := "/cases/" + id
	wants(t, clerk.see(at), at+`/notice">打印退回通知书`)
	p := clerk.see(at + "/notice")
	wants(t, text(p), "草稿（退回申请待复核", "某某市市场监督管理局 退回通知书", "甲：", "案件编号 呼市监处罚〔2026〕1号，受理号 "+id, "经审查拟予退回",
		"第1户身份代码对应另一户，请核对", "涉及清单第1、3条，共2户，详见附表", "乌云其木格 0471-1234567", "经办人 a（命令行） 复核人", "某某市市场监督管理局（印章）", "年 月 日",
		"退回所指的市场主体（2户）", "91150103MA0R9M0D7K", "宋***", "严重：同一身份代码对应不同信用代码：本条“91150103MA0R9M0D7K”",
		"其他单位报送的案件", "第8、12、14、15、16、17、18位不同", "请核对更正：")
	lacks(t, p, "宋娟", of, "外地1号", "92150104MA0N9P7Y8X")
	h.must(h.WithdrawReturn(t.Context(), intake.Actor("cli:a login:1001"), id))
	h.must(h.ReturnCase(t.Context(), id, "第1户身份代码对应另一户，请核对"))
	p = text(clerk.see(at + "/notice"))
	wants(t, p, "经审查决定退回", "2026年11月24日", "经办人 a（命令行） 复核人 b（命令行）")
	lacks(t, p, "草稿")
	clerk.post(at+"/reveal", "text", "通知报送单位")
	wants(t, clerk.see(at+"/notice"), "宋娟", "附表中的姓名为完整姓名")
	wants(t, clerk.see(at+"?print=1"), "案件编号 呼市监处罚〔2026〕1号　受理号 "+id+"　姓名完整，属个人信息")
	wants(t, fmt.Sprint(readTable(t, "exceljs", clerk.do("POST", at+"/list", form("kind", "xlsx"))).Rows[1]),
		"单位：某某市市场监督管理局")
	trail := strings.ReplaceAll(text(h.enter(intake.Auditor, "auditor").see("/audit")), " console:clerk ", " ")
	wants(t, trail, id+" print，2行；条件：打印退回通知书，姓名遮盖", id+" print，4行；条件：打印退回通知书，姓名完整")
	if a := clerk.do("GET", "/cases/"+of+"/notice", nil); a.Status != 400 || !strings.Contains(text(a.Body), "本案没有退回") {
		t.Errorf("a case that is not returned: %d", a.Status)
	}
}

// A request that was withdrawn or refused leaves no notice; the next one has its own reason.
func TestNoticeOfLatestRequest(t *testing.T) {
	h := openHouse(t)
	id := h.admit("甲").send(aCase("1号", twoCodes()...))
	h.verify()
	clerk := h.enter(intake.Clerk, "clerk")
	notice := "/cases/" + id + "/notice"
	a, b := intake.Actor("cli:a login:1001"), intake.Actor("cli:b login:1002")
	h.must(h.AskReturn(t.Context(), a, id, "理由一", "1"))
	wants(t, text(clerk.see(notice)), "理由一")
	h.must(h.WithdrawReturn(t.Context(), a, id))
	gone := func() {
		t.Helper()
		if got := clerk.do("GET", notice, nil); got.Status != 400 {
			t.Errorf("a notice without a request: %d", got.Status)
		}
		lacks(t, clerk.see("/cases/"+id), notice)
	}
	gone()
	h.must(h.AskReturn(t.Context(), a, id, "理由二", ""))
	p := text(clerk.see(notice))
	wants(t, p, "理由二", "有核验提示的市场主体见附表", "有核验提示的市场主体（2户）")
	lacks(t, p, "理由一")
	h.must(h.RefuseReturn(t.Context(), b, id, "不必退回"))
	gone()
}

// The rows with findings and those that the return names leave for the sender, with what to mend, and without the cases
// of others.
func TestFaults(t *testing.T) {
	h := openHouse(t)
	id, of := aReturnedCase(t, h)
	clerk := h.enter(intake.Clerk, "clerk")
	file := clerk.do("POST", "/cases/"+id+"/faults", form("kind", "xlsx"))
	is(t, "name of the file", nameOf(t, file), "有问题的市场主体_呼市监处罚〔2026〕1号_"+id+"_20261124-093000.xlsx")
	r := readTable(t, "exceljs", file)
	numbers := fmt.Sprint(r.column(t, "清单序号"))
	if !strings.HasPrefix(numbers, "[1 2 3") {
		t.Errorf("the rows are %s", numbers)
	}
	is(t, "named", r.column(t, "退回指出")[:3], "[是 <nil> 是]")
	wants(t, fmt.Sprint(r.column(t, "核验提示")[0]), "本条“91150103MA0R9M0D7K”", "其他单位报送的案件", "第8、12、14、15、16、17、18位不同")
	wants(t, fmt.Sprint(r.column(t, "请核对更正的栏目")[0]), "身份代码")
	wants(t, fmt.Sprint(r.column(t, "如何核对更正")[0]), "登记系统")
	wants(t, fmt.Sprint(r.column(t, "法定代表人")), "宋***")
	all := fmt.Sprint(r.Rows)
	lacks(t, all, of, "外地1号", "宋娟")
	if v, isText := r.column(t, "身份代码")[0].(string); !isText || v != "150104000022017071732290" {
		t.Errorf("a code is %v", v)
	}
}

// On a sheet of A4 nothing of a form is cut off, however long its texts are.
func TestFormsOnPaper(t *testing.T) {
	h := openHouse(t)
	s := h.admit("呼和浩特市市场监督管理局综合行政执法支队执法办案系统（二期）")
	c := aCase(strings.Repeat("A", 100), append(twoCodes(), manyEntities(60)...)...)
	c.CaseName = strings.Repeat("长期停业未经营的个体工商户", 20)
	c.PenaltyList[0].Legal, c.PenaltyList[1].EntType = strings.Repeat("阿拉坦仓·", 20), "有限责任公司（自然人投资或控股）"
	id := s.send(c)
	h.verify()
	h.must(h.AskReturn(t.Context(), intake.Actor("cli:a login:1001"), id, strings.Repeat("身份代码与信用代码不是同一户，", 30),
		"1-62"))
	h.onPaper(t, h.sit(intake.Clerk, "clerk"), []sheet{{"/cases/" + id + "/notice", 718, 1000},
		{"/cases/" + id + "/record", 1047, 700}})
}

// The record of a comparison is printed for firms with doubts, for those that persons compared, or for all, with the
// values of the register and a place for the outcome of each that has none.
func TestRecord(t *testing.T) {
	h := openHouse(t)
	third := manyEntities(1)[0]
	third.UniscID, third.Legal = "91150102MA0MX4C28P", "乌云"
	id := h.admit("甲").send(aCase("呼市监处罚〔2026〕1号", append(twoCodes(), third)...))
	at := "/cases/" + id
	clerk := h.enter(intake.Clerk, "clerk")
	if a := clerk.do("GET", at+"/record", nil); a.Status != 400 || !strings.Contains(text(a.Body), "正在核验") {
		t.Errorf("a case that is not verified: %d", a.Status)
	}
	h.verify()
	wants(t, clerk.see(at), at+`/record">打印核对记录`)
	p := text(clerk.see(at + "/record"))
	wants(t, p, "核对记录", "案件编号 呼市监处罚〔2026〕1号", "受理号 "+id, "91150104MA0N967166", "91150103MA0R9M0D7K", "阿*** 1151",
		"□ 一致 □ 不一致 □ 待查", "第8、12、14、15、16、17、18位不同", "核对人（签名）", "复核人（签名）")
	lacks(t, p, "阿拉坦仓")
	wants(t, text(clerk.see(at+"/record?which=all")), "3户；本记录全部3户", "乌***")
	wants(t, text(clerk.see(at+"/record?which=checked")), "没有逐户核对过的市场主体", "本记录逐户核对过的0户")
	clerk.post(at+"/reveal", "text", "核对")
	wants(t, text(clerk.see(at+"/record")), "阿拉坦仓 1151", "本记录中的姓名为完整姓名")
	wants(t, strings.ReplaceAll(text(h.enter(intake.Auditor, "auditor").see("/audit")), " console:clerk ", " "),
		id+" print，3行；条件：打印核对记录（全部），姓名遮盖")
	for path, status := range map[string]int{"?which=none": 404, "?at=0": 400} {
		if a := clerk.do("GET", at+"/record"+path, nil); a.Status != status {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
}
