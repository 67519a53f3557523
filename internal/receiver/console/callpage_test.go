package console_test

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
)

// callLink is a link to the page of a call.
var callLink = regexp.MustCompile(`href="/console(/calls/[0-9]+[^"]*)"`)

// firstCall is the page of the first call of a list.
func (v *visitor) firstCall(path string) string {
	v.Helper()
	found := callLink.FindStringSubmatch(v.see(path))
	if found == nil {
		v.Fatalf("%s: no link to a call", path)
	}
	return v.see(strings.ReplaceAll(found[1], "&amp;", "&"))
}

// sayPart is what a page has for the sender.
func sayPart(page string) string {
	_, said, _ := strings.Cut(page, `id="say">`)
	said, _, _ = strings.Cut(said, "</pre>")
	return said
}

// badCase is a case with an empty member in two rows, and a day that is none.
func badCase(caseID, day string) string {
	return fmt.Sprintf(`{"caseid":%q,"casename":"n","caseintroduction":"i","illegality":"v","penalty":"p",`+
		`"penaltydate":%q,"penaltyorg":"o","penaltylist":[{"pripid":"1","uniscid":"","legal":"3","enttype":"4"},`+
		`{"pripid":"1","uniscid":"2","legal":"3","enttype":"4"},{"pripid":"1","uniscid":"2","legal":" ","enttype":"4"}`+
		`]}`, caseID, day)
}

// The page of a call says what the sender was told: message, field and row of each error, with the remedy, and a text
// to pass on, which needs no script.
func TestCallPage(t *testing.T) {
	h := openHouse(t)
	s := h.admit("甲局办案系统")
	s.call(api.Receive, "?access_token="+s.token, badCase("呼市监处罚〔2026〕38号", "2026/3/16"))
	h.recordCalls()
	clerk := h.enter(intake.Clerk, "clerk")
	page := clerk.firstCall("/calls?failed=1")
	has(t, text(page), "报送案件 拒绝", "19003 处罚决定日期格式错误，应为yyyy-MM-dd：实为“2026/3/16” penaltydate 使用半角数字和连字符",
		"14008 吊销市场主体清单内容不能有空：第1条 uniscid penaltylist[0].uniscid 1 清单每一条的",
		"14008 吊销市场主体清单内容不能有空：第3条 legal penaltylist[2].legal 3", "乌云其木格 0471-1234567",
		"经办人", "呼市监处罚〔2026〕38号", "127.0.0.1")
	said := text(sayPart(page))
	has(t, said, "时间：2026-11-24 09:30:00（北京时间）", "接口：报送案件（receiveCaseinfo）", "请求编号：", "案件编号：呼市监处罚〔2026〕38号",
		"错误1：19003 处罚决定日期格式错误，应为yyyy-MM-dd：实为“2026/3/16”（字段 penaltydate）", "处理：使用半角数字",
		"错误3：14008 吊销市场主体清单内容不能有空：第3条 legal（字段 penaltylist[2].legal）")
	if strings.Count(said, "处理：清单每一条") != 1 {
		t.Errorf("the remedy of a code not once: %s", said)
	}
	has(t, page, `data-copy="say"`, `href="/console/calls?failed=1"`)
	if a := clerk.do("GET", "/calls/999999", nil); a.Status != 404 {
		t.Errorf("no such call: %d", a.Status)
	}
	errors := clerk.firstCall("/calls/errors")
	has(t, errors, "复制给对方")
	has(t, text(clerk.see("/calls/errors")), "第1条 uniscid penaltylist[0].uniscid 吊销市场主体清单内容不能有空：第3条 legal")
}

// A login that failed says to operators, and not to its sender, whether the secret or the account was wrong.
func TestCallCause(t *testing.T) {
	h := openHouse(t)
	s := h.admit("甲局办案系统")
	with := func(key, secret, account string) string {
		return fmt.Sprintf(`{"appKey":%q,"appSecret":%q,"account":%q}`, key, secret, account)
	}
	clerk := h.enter(intake.Clerk, "clerk")
	for _, c := range []struct{ what, body, cause string }{
		{"secret", with(s.AppKey, "错的密钥Z9", "经办人"), "密钥（appSecret）不对。"},
		{"account", with(s.AppKey, s.AppSecret, "旁人乙"), "该应用没有这个账户（account）。"},
		{"both", with(s.AppKey, "错的密钥Z9", "旁人乙"), "密钥（appSecret）不对；该应用没有这个账户（account）。"},
		{"app", with("dx"+strings.Repeat("0", 24), s.AppSecret, "经办人"), "没有这个 appKey。"},
	} {
		h.wait(time.Minute)
		s.call(api.Login, "", c.body)
		h.recordCalls()
		page := clerk.firstCall("/calls?failed=1")
		has(t, text(page), "未放行的原因："+c.cause)
		lacks(t, page, "Z9", "旁人乙", s.AppSecret)
		lacks(t, sayPart(page), "密钥（appSecret）不对", "没有这个账户", "没有这个 appKey")
	}
	has(t, text(clerk.see("/calls/errors")), "未放行的原因：密钥（appSecret）不对；该应用没有这个账户")
	h.wait(time.Hour)
	s.call(api.Receive, "?access_token="+s.token, "{}")
	h.recordCalls()
	page := h.enter(intake.Clerk, "another").firstCall("/calls?failed=1")
	has(t, text(page), "未放行的原因：令牌已过30分钟有效期。")
}

// A conflict leads to the case that its number belongs to; who may not look at cases gets no link.
func TestCallOfCase(t *testing.T) {
	h := openHouse(t)
	s := h.admit("甲局办案系统")
	c := aCase("鄂市监处罚〔2026〕38号")
	id := s.send(c)
	c.Penalty += "。"
	var b strings.Builder
	h.must(api.WriteCase(&b, c, nil))
	h.wait(time.Minute)
	s.call(api.Receive, "?access_token="+s.token, b.String())
	h.recordCalls()
	page := h.enter(intake.Clerk, "clerk").firstCall("/calls?failed=1")
	has(t, page, `href="/console/cases/`+id+`"`)
	has(t, text(sayPart(page)), "19005 案件编号已受理且内容不一致：原受理号"+id)
	page = h.enter(intake.SystemAdmin, "admin").firstCall("/calls?failed=1")
	lacks(t, page, `href="/console/cases/`)
	page = h.enter(intake.Reviewer, "reviewer").firstCall("/calls?call=receiveCaseinfo&caseid=" + id)
	has(t, text(sayPart(page)), "结果：受理", "受理号："+id)
}

// Case numbers are found by a part, whatever shape their brackets and blanks have, and by the number of receipt.
func TestCallsByCaseID(t *testing.T) {
	h := openHouse(t)
	var cs []intake.Call
	for i, id := range []string{"呼市监处罚〔2026〕38号", "鄂市监处罚〔2026〕138号", "100%_案", "100X案"} {
		cs = append(cs, intake.Call{At: h.now(), Name: "receiveCaseinfo", CaseID: id, Outcome: "accepted", Status: 200,
			RequestID: fmt.Sprint("r-", i)})
	}
	h.record(cs...)
	v := h.enter(intake.Clerk, "clerk")
	for part, want := range map[string]string{"38号": "r-1 r-0", "[2026] 38 号": "r-0", "呼市监处罚（2026）38号": "r-0",
		"〔2026〕138": "r-1", "呼市監處罰": "r-0", "%": "r-2", "100%_": "r-2", "_": "r-2", "无此案": ""} {
		if got := requests(v.see("/calls?" + form("caseid", part).Encode())); got != want {
			t.Errorf("%s: %s, want %s", part, got, want)
		}
	}
}

// The log leaves as a file with what the sender was told, and numbers of receipt stay text.
func TestCallsExported(t *testing.T) {
	h := openHouse(t)
	s := h.admit("甲局办案系统")
	id := s.send(aCase("案1"))
	s.call(api.Receive, "?access_token="+s.token, badCase("=1+1", "x"))
	h.recordCalls()
	v := h.enter(intake.SystemAdmin, "admin")
	a := v.do("POST", "/calls/export?call=receiveCaseinfo", form("kind", "xlsx"))
	f, err := excelize.OpenReader(bytes.NewReader([]byte(a.Body)))
	h.must(err)
	rows, err := f.GetRows("报送记录")
	h.must(err)
	var sheet []string
	for _, r := range rows {
		sheet = append(sheet, strings.Join(r, "|"))
	}
	has(t, strings.Join(sheet, "\n"), "时间|调用|接口|应用", "报送案件|receiveCaseinfo|甲局办案系统|", "|"+id+"|受理|200|",
		"14008 吊销市场主体清单内容不能有空：第1条 uniscid（字段 penaltylist[0].uniscid）", "19003 处罚决定日期格式错误，应为yyyy-MM-dd：实为“x***”")
	csv := v.do("POST", "/calls/export?failed=1", form("kind", "csv"))
	has(t, csv.Body, "第3条 legal（字段 penaltylist[2].legal）", "'=1+1")
	lacks(t, csv.Body, id)
	auditor := h.enter(intake.Auditor, "auditor")
	has(t, text(auditor.see("/audit")), "报送记录 csv，1行；条件：结果失败", "xlsx，2行；条件：调用receiveCaseinfo")
	if a := v.do("POST", "/calls/export?app=x", form("kind", "csv")); a.Status != 400 {
		t.Errorf("a wrong query: %d", a.Status)
	}
}

// A value that a message quotes and that may be a name, a number of a person or a secret is masked.
func TestCallMasked(t *testing.T) {
	h := openHouse(t)
	s := h.admit("甲局办案系统")
	clerk := h.enter(intake.Clerk, "clerk")
	for quoted, want := range map[string]string{
		"巴图巴雅尔": "巴***", "13947112345": "139******45", "150105194912310021": "150*************21",
		"sk-live-9f8e7d": "s***", "2026年3月16日": "2026年3月16日", "46097": "46097", "20260316": "20260316",
		"２０２６．３．１６": "２０２６．３．１６", "2026-02-30": "2026-02-30", "2026-03-16T10:30:00+08:00": "2026-03-16T10:30:00+08:00",
		"二〇二六年三月十六日": "二〇二六年三月十六日", "法定代表人巴图": "法***",
		"3f2504e0-4f89-11d3-9a0c-0305e82c3301": "3***",
	} {
		h.wait(time.Minute)
		s.login()
		s.call(api.Receive, "?access_token="+s.token, badCase("案", quoted))
		h.recordCalls()
		page := clerk.firstCall("/calls?failed=1")
		has(t, text(page), "：实为“"+want+"” penaltydate")
		if quoted != want {
			lacks(t, page, quoted)
		}
	}
	h.wait(time.Minute)
	s.call(api.Receive, "?access_token="+s.token, `{"caseid":"1","巴图150105":1,"巴图150105":2}`)
	h.recordCalls()
	page := clerk.firstCall("/calls?failed=1")
	has(t, text(page), "19001", "成员名重复", "…")
	lacks(t, page, "巴图")
}
