package console_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/rules"
)

// A clerk asks for a return, nobody but a second person decides on it, and then the sender may send the caseid again.
func TestReturnOfACase(t *testing.T) {
	h := openHouse(t)
	s := h.admit("呼和浩特市执法办案系统")
	id := s.send(aCase("呼市监处罚〔2026〕1号"))
	h.verify()
	clerk, reviewer := h.enter(intake.Clerk, "clerk"), h.enter(intake.Reviewer, "reviewer")
	at := "/cases/" + id
	wants(t, text(clerk.offers(at, "return", "text", " ").Body), "须写明退回理由")
	wants(t, text(clerk.propose(at, "return", "text", "第1户不是本案当事人")), "退回待复核", "第1户不是本案当事人")
	path := reviewer.proposalOf(at)
	if a := clerk.do("POST", path+"/decide", form("choice", "agree", "sure", "1")); a.Status != http.StatusForbidden {
		t.Errorf("a clerk confirms: %d", a.Status)
	}
	read := shownFor(reviewer.see(path))
	clerk.post(path + "/withdraw")
	h.wait(time.Second)
	if a := clerk.offers(at, "return", "text", "第1户重复", "rows", "1、9"); a.Status != 400 ||
		!strings.Contains(text(a.Body), "“9”不是清单中的条目") ||
		!strings.Contains(a.Body, `name="rows" value="1、9"`) || !strings.Contains(a.Body, ">第1户重复</textarea>") {
		t.Errorf("rows that are not there: %d %s", a.Status, text(a.Body))
	}
	clerk.propose(at, "return", "text", "第1户重复", "rows", "第1条")
	if a := reviewer.do("POST", path+"/decide", form("choice", "agree", "sure", "1", "shown",
		read)); a.Status != http.StatusConflict {
		t.Errorf("what was withdrawn is confirmed: %d %s", a.Status, text(a.Body))
	}
	if p := text(reviewer.decide(at, "agree", "")); !strings.Contains(p, "已同意") {
		t.Error(p)
	}
	wants(t, text(clerk.see(at)), "已退回", "报送单位可以用原案件编号重新报送")
	if a := s.call(api.Query, "?access_token="+s.token, fmt.Sprintf(`{"acceptid":%q}`, id)); a.Status == nil ||
		a.Status.State != "已退回" ||
		a.Status.Return == nil || a.Status.Return.Reason != "第1户重复" || a.Status.Return.RowCount != 1 {
		t.Errorf("the sender is told %+v", a.Status)
	}
	again := s.send(aCase("呼市监处罚〔2026〕1号", api.Entity{PripID: "150103000022004041376942", UniscID: "91150103MA0R9M0D7K",
		Legal: "宋娟", EntType: "1130"}))
	h.verify()
	if p := clerk.see("/cases/" + again); again == id || !strings.Contains(p, `/console/cases/`+id) ||
		!strings.Contains(text(p), "报送次数 第2次") {
		t.Error(text(p))
	}
	if p := text(clerk.see(at)); !strings.Contains(p, again) || !strings.Contains(p, "申请退回") {
		t.Errorf("the history of the returned case: %s", p)
	}
}

// listOf is the list of a case's page, without what is around it.
func listOf(page string) string {
	_, list, _ := strings.Cut(page, `id="list"`)
	list, _, _ = strings.Cut(list, "报送内容")
	return list
}

// seenFor is what a page shows as known of the case.
func seenFor(page string) string {
	if m := regexp.MustCompile(`name="seen" value="([\d.]+)"`).FindStringSubmatch(page); m != nil {
		return m[1]
	}
	return ""
}

// A check covers the findings that the page showed: those of a verification after it do not count as checked with it.
func TestCheckOfWhatWasRead(t *testing.T) {
	h := openHouse(t)
	id := h.admit("甲").send(aCase("1号", api.Entity{PripID: "150104000022017071732290", UniscID: "91150104MA0N967167",
		Legal: "阿拉坦仓", EntType: "1151"}))
	at := "/cases/" + id
	h.verify()
	clerk := h.enter(intake.Clerk, "clerk")
	read := seenFor(clerk.see(at))
	h.wait(time.Minute)
	h.must(h.Reverify(t.Context(), intake.Actor("cli:root")))
	h.verify()
	if a := clerk.do("POST", at+"/check", form("seen", read)); a.Status != http.StatusConflict ||
		!strings.Contains(text(a.Body), "请看过现在的核验提示") || strings.Contains(a.Body, `<span class="tag good">已核对`) {
		t.Errorf("findings that nobody has read are checked: %d %s", a.Status, text(a.Body))
	}
	if a := clerk.do("POST", at+"/check", form()); a.Status != http.StatusBadRequest {
		t.Errorf("not said which findings: %d", a.Status)
	}
	has(t, clerk.post(at+"/check", "seen", seenFor(clerk.see(at))), "已核对")
}

// A clerk compares, publishes, takes it back, and notes; each step is seen in the history and what cannot be done is
// not offered.
func TestWorkOnACase(t *testing.T) {
	h := openHouse(t)
	id := h.admit("甲").send(aCase("1号", api.Entity{PripID: "150104000022017071732290", UniscID: "91150104MA0N967167",
		Legal: "阿拉坦仓", EntType: "1151"}))
	clerk := h.enter(intake.Clerk, "clerk")
	at := "/cases/" + id
	if p := text(clerk.see(at)); !strings.Contains(p, "正在核验") || strings.Contains(p, "核对无误") {
		t.Error(p)
	}
	h.verify()
	if p := text(clerk.see(at)); !strings.Contains(p, "待核对") ||
		!strings.Contains(p, "公示期限 2026-12-14 ，还剩14个工作日") {
		t.Error(p)
	}
	for _, step := range []struct{ deed, name, value, says string }{
		{"check", "text", "与登记系统一致", "已核对"}, {"reopen", "text", "发现新情况", "待核对"}, {"note", "text", "已电话联系", "已电话联系"},
	} {
		if p := text(clerk.post(at+"/"+step.deed, step.name, step.value, "seen",
			seenFor(clerk.see(at)))); !strings.Contains(p, step.says) || !strings.Contains(p, step.value) {
			t.Errorf("%s: %s", step.deed, p)
		}
	}
	clerk.propose(at, "release", "rows", "1", "text", "已核实")
	h.enter(intake.Reviewer, "reviewer").decide(at, "agree", "")
	wants(t, text(clerk.post(at+"/publish", "day", "2026-11-20")), "已于 2026-11-20 公示")
	wants(t, text(clerk.post(at+"/unpublish", "text", "决定被撤销")), "决定被撤销", "公示已撤销")
	if a := clerk.do("POST", at+"/publish", form("day", "2026-11-25")); a.Status != 400 ||
		!strings.Contains(text(a.Body), "还没有到") {
		t.Errorf("tomorrow: %d", a.Status)
	}
	if a := clerk.do("GET", "/cases/202611240000000999", nil); a.Status != 404 {
		t.Errorf("a case that is not there: %d", a.Status)
	}
}

// A finding about an entity is beside the value it is about, with the characters marked that differ.
func TestFindingsBesideValues(t *testing.T) {
	h := openHouse(t)
	s := h.admit("甲")
	id := s.send(aCase("1号",
		api.Entity{PripID: "150104000022017071732290", UniscID: "91150104MA0N967166", Legal: "阿拉坦仓", EntType: "1151"},
		api.Entity{PripID: "150104000022017071732290", UniscID: "91150103MA0R9M0D7K", Legal: "宋娟", EntType: "1130"},
		api.Entity{PripID: "150103000022004041376942", UniscID: "110101199003077715", Legal: "赵二娃", EntType: "1151"}))
	h.verify()
	clerk := h.enter(intake.Clerk, "clerk")
	p := clerk.see("/cases/" + id)
	for _, want := range []string{"9115010<mark>3</mark>MA0<mark>R</mark>9<mark>M0D7K</mark>", "同一身份代码对应不同信用代码",
		`/console/entities?kind=pripid&amp;value=150104000022017071732290">其他案件`,
		`data-copy-text="150104000022017071732290"`, "阿***", "110*************15"} {
		if !strings.Contains(p, want) {
			t.Errorf("no %q in %s", want, text(p))
		}
	}
	has(t, p, "核验发现2处严重提示，清单可能存在主体填报错误")
	for _, row := range []string{"1", "2", "3"} {
		clerk.compare("/cases/"+id, row, "agrees", "")
	}
	lacks(t, clerk.post("/cases/"+id+"/check", "seen", seenFor(p)), "处严重提示，清单可能")
	if strings.Contains(p, "1501040<mark>") {
		t.Error("positions of the credit code are marked in the pripid")
	}
	for _, secret := range []string{"阿拉坦仓", "110101199003077715"} {
		if strings.Contains(p, secret) {
			t.Errorf("%s stands in the list", secret)
		}
	}
	if p := text(clerk.see("/cases/" + id + "?only=found")); strings.Contains(p, "91150104MA0N967166 1") {
		t.Error(p)
	}
	one := clerk.see("/cases/" + id + "/entities/1")
	if !strings.Contains(one, "阿拉坦仓") || strings.Contains(one, "宋娟") || !strings.Contains(one, "宋***") {
		t.Error(text(one))
	}
	if a := clerk.do("GET", "/cases/"+id+"/entities/4", nil); a.Status != 404 {
		t.Errorf("an entity that is not there: %d", a.Status)
	}
}

// A finding against another case is marked in the values, not in the number of the case between them.
func TestFindingsAgainstAnotherCase(t *testing.T) {
	h := openHouse(t)
	s := h.admit("甲")
	first := s.send(aCase("呼市监处罚〔2026〕第00001号")) // as long as a code
	id := s.send(aCase("2号", api.Entity{PripID: "150104000022017071732290", UniscID: "91150103MA0R9M0D7K",
		Legal: "阿拉坦仓", EntType: "1151"},
		api.Entity{PripID: "150103000022004041376942", UniscID: "91150104MA0N967166", Legal: "阿拉坦仓", EntType: "1151"}))
	h.verify()
	p := h.enter(intake.Clerk, "clerk").see("/cases/" + id)
	wants(t, p, "本条“9115010<mark>3</mark>MA0<mark>R</mark>9<mark>M0D7K</mark>”",
		"为“9115010<mark>4</mark>MA0<mark>N</mark>9<mark>67166</mark>”",
		"案件“呼市监处罚〔2026〕第00001号”",
		`“91150104MA0N967166”，与<a href="/console/cases/`+first+`/entities/1">`+
			`案件“呼市监处罚〔2026〕第00001号”（受理号`+first+`）清单第1条</a>相同`)
}

// Whatever signs, positions or places a value has in it, the characters that differ are marked, and no others, and the
// link is at the place.
func TestFindingsOfHostileValues(t *testing.T) {
	h := openHouse(t)
	s := h.admit("甲")
	clerk := h.enter(intake.Clerk, "clerk")
	pripid := func(n int) string { return fmt.Sprintf("15010400002201707173229%d", n) }
	row := func(n int, uniscid string) api.Entity {
		return api.Entity{PripID: pripid(n), UniscID: uniscid, Legal: "阿拉坦仓", EntType: "1151"}
	}
	for name, c := range map[string]struct {
		list  []api.Entity
		wants []string
		lacks []string
	}{
		"closing quote": {[]api.Entity{row(1, "9115”01040000001"), row(1, "9115”01040000002")},
			[]string{"本条“9115”0104000000<mark>2</mark>”", "为“9115”0104000000<mark>1</mark>”，第16位不同"}, nil},
		"both quotes": {[]api.Entity{row(5, "91“1”010400001"), row(5, "92“1”010400002")},
			[]string{"本条“9<mark>2</mark>“1”01040000<mark>2</mark>”", "为“9<mark>1</mark>“1”01040000<mark>1</mark>”"},
			nil},
		"opening quote": {[]api.Entity{row(6, "9115“0104000000A"), row(6, "9115“0104000000B")},
			[]string{"本条“9115“0104000000<mark>B</mark>”", "为“9115“0104000000<mark>A</mark>”，第16位不同"}, nil},
		"a position in a value": {[]api.Entity{row(2, "9115第3位")}, []string{"9115第3位"}, []string{"<mark>"}},
		"several positions in a value": {[]api.Entity{row(2, "91第1、2位不同“x”")}, []string{"91第1、2位不同“x”"},
			[]string{"<mark>9", "<mark>x"}},
		"a place in a value": {[]api.Entity{{PripID: "清单第1条", UniscID: "91150104MA0N967166", Legal: "阿",
			EntType: "1151"},
			{PripID: "清单第1条", UniscID: "9115", Legal: "阿", EntType: "1151"}},
			[]string{`“清单第1条”，与<a href="`, `/entities/1">清单第1条</a>相同`}, []string{"“<a "}},
		"a name with a sign that nobody sees": {[]api.Entity{{PripID: "乌云\u200b其木格", UniscID: "91150104MA0N967166",
			Legal: "阿", EntType: "1151"}},
			nil, []string{"其木格"}},
		"names in place of credit codes": {[]api.Entity{row(3, "乌云其木格日"), row(3, "乌云其木格月")},
			[]string{"同一身份代码对应不同信用代码"}, []string{"云其木格"}},
		"markup": {[]api.Entity{row(4, "<x1>”12345678901"), row(4, "<x2>”12345678901")}, nil,
			[]string{"<x1>", "<X1>", "<x2>", "<X2>"}},
	} {
		id := s.send(aCase(name, c.list...))
		h.verify()
		p := clerk.see("/cases/" + id)
		list := listOf(p)
		t.Run(name, func(t *testing.T) {
			wants(t, list, c.wants...)
			for _, never := range c.lacks {
				if strings.Contains(list, never) {
					t.Errorf("the page has %q: %s", never, text(list))
				}
			}
		})
	}
}

// Of a finding that another version wrote only the text is known: nothing is marked by it, the link is behind it, and
// where a name is hidden the text is, too.
func TestFindingsOfAnotherVersion(t *testing.T) {
	h := openHouse(t)
	s := h.admit("甲")
	rows := []api.Entity{{PripID: "150104000022017071732290", UniscID: "91150104MA0N967166", Legal: "阿拉坦仓",
		EntType: "1151"},
		{PripID: "150104000022017071732290", UniscID: "91150103MA0R9M0D7K", Legal: "宋娟", EntType: "1130"}}
	id := s.send(aCase("1号", rows...))
	rows[1].EntType = "乌云其木格"
	second := s.send(aCase("2号", rows...))
	h.verify()
	h.must(h.store.Update(t.Context(), func(tx intake.Tx) error {
		var fs []intake.FindingRow
		for no := range int64(2) {
			fs = append(fs, intake.FindingRow{CaseNo: no + 1,
				Finding: rules.Finding{Pos: 1, Field: "pripid", Rule: rules.PripIDOtherCreditCode,
					Detail: "旧文：“甲<b>”与“乙”第1、8位不同，乌云其木格"}})
		}
		return tx.PutFindings(fs)
	}))
	clerk := h.enter(intake.Clerk, "clerk")
	list := listOf(clerk.see("/cases/" + id))
	wants(t, list, `旧文：“甲&lt;b&gt;”与“乙”第1、8位不同，乌云其木格（<a href="/console/cases/`+id+`/entities/1">清单第1条</a>）`)
	list = listOf(clerk.see("/cases/" + second))
	wants(t, list, "详情可能含有姓名，已遮盖")
	lacks(t, list, "云其木格", "旧文")
}

// That other content was sent under the same caseid stands on the case's page, in words.
func TestAttemptsInWords(t *testing.T) {
	h := openHouse(t)
	s := h.admit("甲")
	id := s.send(aCase("1号"))
	var b strings.Builder
	h.must(api.WriteCase(&b, aCase("1号", firms(1, 1)...), nil))
	s.call(api.Receive, "?access_token="+s.token, b.String())
	wants(t, text(h.enter(intake.Clerk, "clerk").see("/cases/"+id)), "拒绝 19005 案件编号已受理且内容不一致：原受理号"+id+" 经办人")
}

// Of a case that a program sends again and again the page says where the later times are.
func TestManyAttempts(t *testing.T) {
	long(t)
	h := openHouse(t)
	s := h.admit("甲")
	var id string
	for i := range 1001 {
		if i == 999 {
			lacks(t, h.enter(intake.Clerk, "early").see("/cases/"+id), "只列出最早的")
		}
		id = s.send(aCase("1+号"))
	}
	wants(t, h.enter(intake.Clerk, "clerk").see("/cases/"+id),
		`只列出最早的1,000次，以后的请在<a href="/console/calls?caseid=1%2b%e5%8f%b7">报送记录</a>`)
}

// After the names are shown, the page is at the same place of a long list; the values to compare are before the list.
func TestRevealInTheMiddle(t *testing.T) {
	h := openHouse(t)
	id := h.admit("甲").send(aCase("1号", firms(1, 120)...))
	h.verify()
	clerk := h.enter(intake.Clerk, "clerk")
	p := clerk.see("/cases/" + id + "?at=51&done=saved")
	has(t, p, `action="/console/cases/`+id+`/reveal?at=51#list"`,
		`href="/console/cases/`+id+`?severity=warning#list"><span class="tag warning">警示</span>2`,
		`data-ask="本案有严重0处、警示2处，是否都已逐户与登记系统核对无误？"`)
	if n := strings.Count(p, `?at=101#list">下一页`); n != 2 {
		t.Errorf("%d links to the next page, above and below the list", n)
	}
	if a := clerk.do("POST", "/cases/"+id+"/reveal?at=51", form("text",
		"核对")); a.Location != "/cases/"+id+"?at=51&done=revealed" {
		t.Error(a.Location)
	}
}

// In rows that were shifted, names stand where codes and types belong: there they are masked as well, in the list, in
// what is found wrong with them, in the file of an entity and in an export.
func TestNamesInTheWrongColumn(t *testing.T) {
	h := openHouse(t)
	id := h.admit("甲").send(aCase("1号",
		api.Entity{PripID: "150104000022017071732290", UniscID: "91150104MA0N967166", Legal: "1151", EntType: "斯琴高娃"},
		api.Entity{PripID: "150103000022004041376942", UniscID: "苏日娜", Legal: "1130", EntType: "1151"},
		api.Entity{PripID: "巴特尔", UniscID: "91150103MA0R9M0D7K", Legal: "1130", EntType: "有限责任公司(自然人独资)"}))
	h.verify()
	clerk := h.enter(intake.Clerk, "clerk")
	pages := map[string]string{"list": clerk.see("/cases/" + id),
		"neighbours": clerk.see("/cases/" + id + "/entities/3"),
		"export":     clerk.do("POST", "/cases/"+id+"/list", form("kind", "csv")).Body,
		"found":      clerk.see("/cases/" + id + "?only=found"),
		"entity": clerk.see("/entities?kind=uniscid&value=91150104MA0N967166") +
			clerk.see("/entities?kind=uniscid&value=9115&match=prefix")}
	for name, p := range pages {
		lacks(t, p, "斯琴高娃", "苏日娜")
		if !strings.Contains(p, "斯***") {
			t.Errorf("%s: the name is not masked but gone", name)
		}
		if name != "neighbours" { // there the third is shown whole
			lacks(t, p, "巴特尔")
		}
	}
	has(t, pages["list"], "代码栏含汉字", "“苏***”", "有限责任公司(自然人独资)")
	has(t, pages["neighbours"], "巴特尔")
}

// Names of a list and the body as sent are given out for a purpose, which the audit has.
func TestPurposes(t *testing.T) {
	h := openHouse(t)
	c := aCase("1号")
	id := h.admit("甲").send(c)
	h.verify()
	clerk, other := h.enter(intake.Clerk, "clerk"), h.enter(intake.Clerk, "other")
	at := "/cases/" + id
	for _, deed := range []string{"/reveal", "/body"} {
		if a := clerk.do("POST", at+deed, form("text", "")); a.Status != 400 || strings.Contains(a.Body, "阿拉坦仓") {
			t.Errorf("%s without a purpose: %d", deed, a.Status)
		}
	}
	if p := clerk.post(at+"/reveal", "text", "核对公告名单"); !strings.Contains(p, "阿拉坦仓") {
		t.Error(text(p))
	}
	if strings.Contains(other.see(at), "阿拉坦仓") {
		t.Error("another visit sees the names as well")
	}
	for who, want := range map[*visitor]string{clerk: "阿拉坦仓", other: "阿***"} {
		if a := who.do("POST", at+"/list", form("kind", "csv")); a.Status != 200 ||
			!strings.Contains(a.Body, "1号,'"+id+",1,91150104MA0N967166,'150104000022017071732290,"+want+",'1151,") {
			t.Errorf("the list as a file: %d %s", a.Status, a.Body)
		}
	}
	a := clerk.do("POST", at+"/body", form("text", "提交复议机关"))
	var sent strings.Builder
	h.must(api.WriteCase(&sent, c, nil))
	if a.Status != 200 || a.Body != sent.String() || !strings.Contains(a.Header.Get("Content-Disposition"),
		id+".json") {
		t.Errorf("%d %v", a.Status, a.Header)
	}
	for range 2 {
		h.wait(16 * time.Minute)
		clerk.see("/account")
	}
	if strings.Contains(clerk.see(at), "阿拉坦仓") {
		t.Error("half an hour later the names are still shown")
	}
	es, err := h.EntriesAfter(context.Background(), intake.System, 0, 100)
	h.must(err)
	got := ""
	for _, e := range es {
		got += string(e.Action) + " " + e.Target + " " + string(e.By) + " " + e.Detail + "\n"
	}
	for _, want := range []string{"case reveal names " + id + " console:clerk 核对公告名单",
		"case take body " + id + " console:clerk 提交复议机关",
		"export " + id + " console:clerk csv，1行；条件：本案清单，姓名完整", "export " + id + " console:other csv，1行；条件：本案清单，姓名遮盖"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in the audit:\n%s", want, got)
		}
	}
}

// A list of 100,000 is shown as quickly at its end as at its beginning.
func TestLongList(t *testing.T) {
	if testing.Short() {
		t.Skip("a list of 100,000 is verified")
	}
	h := openHouse(t)
	es := make([]api.Entity, 100_000)
	for i := range es {
		es[i] = api.Entity{PripID: fmt.Sprintf("1501%020d", i), UniscID: fmt.Sprintf("9115%014d", i), Legal: "赵二娃",
			EntType: "1151"}
	}
	id := h.admit("甲").send(aCase("1号", es...))
	h.verify()
	clerk := h.enter(intake.Clerk, "clerk")
	for _, path := range []string{"", "?at=99951", "?only=found&at=50000"} {
		var took []time.Duration
		for range 21 {
			began := time.Now()
			clerk.see("/cases/" + id + path)
			took = append(took, time.Since(began))
		}
		slices.Sort(took)
		t.Logf("%q: median %v", path, took[10])
		if took[10] > 250*time.Millisecond { // five times what is promised: machines are shared
			t.Errorf("%q took %v", path, took[10])
		}
	}
	if p := clerk.see("/cases/" + id + "?at=99951"); !strings.Contains(text(p), "100000") ||
		!strings.Contains(p, "<span>下一页</span>") {
		t.Error("the last page is not the last")
	}
}
