package console_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/register"
	"diaoxiao/internal/receiver/register/extract"
	"diaoxiao/internal/receiver/register/planted"
	"diaoxiao/internal/receiver/registrar"
)

// importRegister makes firms the register of a day, by an extract like any other.
func (h *house) importRegister(asOf string, firms ...register.Firm) register.Snapshot {
	h.Helper()
	var b bytes.Buffer
	h.must(planted.WriteCSV(&b, slices.Values(firms)))
	file := extract.File{Name: "主体.csv", In: bytes.NewReader(b.Bytes()), Size: int64(b.Len())}
	s, err := registrar.New(h.Desk).Import(h.Context(), intake.Actor("cli:root"),
		registrar.Order{AsOf: asOf, Fewer: true, Older: true, Files: []extract.File{file}})
	h.must(err)
	return s
}

// ordinary are firms that are live and have all their values.
func ordinary(n int) (fs []register.Firm) {
	for f := range planted.Firms(7, 20*n) {
		if f.State == register.Live && f.UniscID != "" && f.PripID != "" && f.Legal != "" && len(fs) < n {
			fs = append(fs, f)
		}
	}
	return fs
}

// sent is a firm as a list has it.
func sent(f register.Firm) api.Entity {
	return api.Entity{PripID: f.PripID, UniscID: f.UniscID, Legal: f.Legal, EntType: f.EntType}
}

// A firm is found by each of its codes, however they are written, by any part of its name, and by its legal
// representative, whose name no page of the register shows.
func TestFirmIsFound(t *testing.T) {
	h := openHouse(t)
	fs := ordinary(120)
	one := &fs[60]
	one.Name, one.Legal, one.RegNo = "内蒙古乌珠穆沁肉业（集团）有限责任公司", "斯琴高娃", "150100000012345"
	s := h.importRegister("2026-11-20", fs...)
	id := h.admit("甲局").send(aCase("呼市监处罚〔2026〕7号", sent(*one), sent(fs[0])))
	h.verify()
	clerk := h.enter(intake.Clerk, "clerk")
	at := regexp.MustCompile(fmt.Sprintf(`^/firms/%d/\d+$`, s.ID))
	var firm string
	for _, code := range []string{one.PripID, one.UniscID, one.RegNo, one.UniscID[8:17], strings.ToLower(one.UniscID),
		" " + one.UniscID[:6] + " " + one.UniscID[6:], wide(one.UniscID)} {
		a := clerk.do("GET", "/firms?"+form("q", code).Encode(), nil)
		if a.Status != 303 || !at.MatchString(a.Location) || firm != "" && a.Location != firm {
			t.Errorf("%s: %d %s", code, a.Status, a.Location)
		}
		firm = a.Location
	}
	for _, part := range []string{"珠穆", "内蒙古乌珠穆沁肉业(集团)有限责任公司", "肉业（集团）", "斯琴高娃", "斯琴 高娃"} {
		p := clerk.see("/firms?" + form("q", part).Encode())
		has(t, text(p), "内蒙古乌珠穆沁肉业（集团）有限责任公司", one.UniscID, "斯***", "存续", "数据截止日2026-11-20，距今4天")
		if strings.Contains(withoutQuery(p), "斯琴高娃") {
			t.Errorf("%s: the name is whole", part)
		}
	}
	p := clerk.see(firm)
	has(t, text(p), one.Name, one.RegNo, one.Organ, "斯***", id, "呼市监处罚〔2026〕7号", "涉及的案件（1条）", "一致")
	if strings.Contains(p, "斯琴高娃") {
		t.Error("the name is whole on the page of the firm")
	}
	h.importRegister("2026-11-22", fs[10:]...)
	has(t, text(clerk.follow(firm).Body), "主体库已有新的快照，原来的页面不再有效")
	for q, want := range map[string]string{"啊": "至少2个字", "": ""} {
		if a := clerk.do("GET", "/firms?"+form("q", q).Encode(), nil); want != "" && a.Status != 400 ||
			!strings.Contains(text(a.Body), want) {
			t.Errorf("%q: %d %s", q, a.Status, text(a.Body))
		}
	}
	has(t, text(clerk.see("/firms?q=91150104MA0N96716X")), "主体库中没有找到")
	if a := clerk.do("GET", "/firms/9/1", nil); a.Status != 303 {
		t.Errorf("a snapshot that is not the current one: %d", a.Status)
	}
	if a := clerk.do("GET", fmt.Sprintf("/firms/%d/999999", s.ID+1), nil); a.Status != 404 {
		t.Errorf("a row that is not there: %d", a.Status)
	}
}

// wide is ASCII in full width.
func wide(s string) string {
	return strings.Map(func(r rune) rune { return r - '!' + '\uff01' }, s)
}

// withoutQuery is a page without its title and the form, in which the query is repeated, and without links.
func withoutQuery(page string) string {
	return regexp.MustCompile(`value="[^"]*"|href="[^"]*"|<title>[^<]*</title>`).ReplaceAllString(page, "")
}

// Many firms come page by page, each once.
func TestFirmsInPages(t *testing.T) {
	h := openHouse(t)
	fs := ordinary(130)
	for i := range fs {
		fs[i].Name = fmt.Sprintf("呼和浩特市第%d餐饮店", i)
	}
	h.importRegister("2026-11-20", fs...)
	clerk := h.enter(intake.Clerk, "clerk")
	next := regexp.MustCompile(`href="/console(/firms\?[^"]*)" rel="next"`)
	seen := make(map[string]bool)
	for path := "/firms?" + form("q", "餐饮").Encode(); path != ""; {
		p := clerk.see(path)
		for _, m := range regexp.MustCompile(`/firms/\d+/\d+`).FindAllString(p, -1) {
			if seen[m] {
				t.Errorf("%s twice", m)
			}
			seen[m] = true
		}
		path = ""
		if m := next.FindStringSubmatch(p); m != nil {
			path = strings.ReplaceAll(m[1], "&amp;", "&")
		}
	}
	if len(seen) != 130 {
		t.Errorf("%d of 130 firms", len(seen))
	}
}

// threatened is a case of which every row has another verdict, with its firms.
func threatened() (fs []register.Firm, es []api.Entity) {
	fs = ordinary(9)
	fs[1].Legal = "宝音德力格尔"
	fs[3].State, fs[3].StateText, fs[3].Approved = register.Revoked, "吊销，未注销", "2019-05-06"
	fs[5].UniscID = fs[4].UniscID
	for _, f := range fs[:4] {
		es = append(es, sent(f))
	}
	es[1].Legal, es[1].EntType = "宝音巴特尔", "9500"
	es[2] = api.Entity{PripID: "150104000022017071732290", UniscID: "91150104MA0N967166", Legal: "阿拉坦仓",
		EntType: "1151"}
	shared := sent(fs[4])
	shared.PripID = "0"
	nothing := sent(fs[6])
	nothing.PripID, nothing.UniscID = "无", "无"
	two := sent(fs[7])
	two.UniscID = fs[8].UniscID
	return fs, append(es, shared, nothing, two)
}

// The list of a case has name and verdict beside each code, counts that add up, and a list for each verdict; the page
// of a row has both names.
func TestVerdictsOfACase(t *testing.T) {
	h := openHouse(t)
	fs, es := threatened()
	h.importRegister("2026-11-20", fs...)
	id := h.admit("甲局").send(aCase("1号", es...))
	h.verify()
	clerk := h.enter(intake.Clerk, "clerk")
	p := clerk.see("/cases/" + id)
	has(t, text(p), "比对结论： 一致 1 · 不一致 2 · 查无此户 1 · 一码多户 1 · 状态异常 1 · 无法比对 1 （共7户）",
		"主体库快照1，数据截止日2026-11-20，距今4天", fs[0].Name, fs[1].Name, fs[3].Name, "已吊销", "没有可供查找的代码")
	has(t, text(p), "“"+fs[3].Name+"”的登记状态为已吊销")
	if strings.Contains(p, "宝音德力格尔") || strings.Contains(p, "宝音巴特尔") {
		t.Error("names are whole in the list")
	}
	total := 0
	for _, verdict := range []string{"consistent", "different", "notfound", "shared", "abnormal", "stale",
		"notcompared"} {
		p := clerk.see("/cases/" + id + "?verdict=" + verdict)
		total += strings.Count(p, `<td class="verdict">`)
	}
	if total != len(es) {
		t.Errorf("the lists by verdict have %d rows of %d", total, len(es))
	}
	p = clerk.see("/cases/" + id + "/entities/2")
	has(t, text(p), "主体库登记的内容（第2户）", "宝音德力格尔", fs[1].Organ)
	if !regexp.MustCompile(`宝音<mark>巴特</mark>尔`).MatchString(p) || !strings.Contains(p, "宝音<mark>德力格</mark>尔") {
		t.Errorf("what differs is not marked: %s", p)
	}
	if !strings.Contains(p, "<mark>9500</mark>") || !strings.Contains(p, "<mark>"+fs[1].EntType+"</mark>") {
		t.Errorf("the types are not marked: %s", p)
	}
	if a := clerk.do("GET", "/cases/"+id+"?verdict=x", nil); a.Status != 400 {
		t.Errorf("no such verdict: %d", a.Status)
	}
	has(t, text(clerk.see("/entities?kind=pripid&value="+fs[1].PripID)), fs[1].Name, "不一致", "法定代表人", "距今4天")
	file := clerk.do("POST", "/cases/"+id+"/list", form("kind", "csv")).Body
	rows, err := csv.NewReader(strings.NewReader(file)).ReadAll()
	h.must(err)
	row := func(i int) string { return strings.Join(rows[i], ",") }
	has(t, row(0), "名称,比对结论,不一致栏目,登记状态,主体库快照,数据截止日")
	has(t, row(1), fs[0].Name+",一致,,存续,1,2026-11-20")
	has(t, row(2), fs[1].Name+",不一致,法定代表人、类型,存续,1,2026-11-20", "宝***")
	has(t, row(4), "状态异常,,已吊销,1,2026-11-20")
	has(t, row(6), ",无法比对,,,1,2026-11-20")
	printed := clerk.see("/cases/" + id + "?print=1&verdict=different")
	has(t, text(printed), fs[1].Name, "不一致", "数据截止日2026-11-20")
	h.wait(40 * 24 * time.Hour)
	p = text(h.enter(intake.Clerk, "later").see("/cases/" + id))
	has(t, p, "快照过旧 1", "超过了30天", "请系统管理员导入新的主体库", "距今44天")
	has(t, text(h.enter(intake.Clerk, "athome").see("/overview")), "快照过旧", "距今44天")
	if strings.Contains(p, " 一致 1 ·") {
		t.Errorf("a comfort in spite of an old snapshot: %s", p)
	}
}

// Without a register a page says so once, and leaves the columns out.
func TestCaseWithoutRegister(t *testing.T) {
	h := openHouse(t)
	id := h.admit("甲局").send(aCase("1号", manyEntities(3)...))
	h.verify()
	clerk := h.enter(intake.Clerk, "clerk")
	p := text(clerk.see("/cases/" + id))
	has(t, p, "无法比对 3户", "还没有导入主体库", "请系统管理员")
	if strings.Count(p, "无法比对") != 1 {
		t.Errorf("more than once: %s", p)
	}
	has(t, text(clerk.see("/firms?q=91150104MA0N967166")), "还没有导入主体库", "请系统管理员导入")
	csv := clerk.do("POST", "/cases/"+id+"/list", form("kind", "csv")).Body
	has(t, csv, "无法比对")
	h.importRegister("2026-11-20", ordinary(3)...)
	has(t, text(clerk.see("/cases/"+id)), "正在与主体库比对")
	h.verify()
	has(t, text(clerk.see("/cases/"+id)), "查无此户")
}

// Names and states of the register are text, whatever they hold.
func TestHostileRegister(t *testing.T) {
	h := openHouse(t)
	fs := ordinary(len(hostile))
	var es []api.Entity
	for i, f := range fs {
		fs[i].Name, fs[i].Organ, fs[i].Legal = hostile[i]+"公司", hostile[i], hostile[i]
		e := sent(f)
		es = append(es, e)
	}
	s := h.importRegister("2026-11-20", fs...)
	id := h.admit("甲局").send(aCase("1号", es...))
	h.verify()
	w := h.sit(intake.Clerk, "clerk")
	for _, path := range []string{"/firms?" + form("q", "公司").Encode(), fmt.Sprintf("/firms/%d/1", s.ID),
		fmt.Sprintf("/firms/%d/3", s.ID), "/cases/" + id, "/cases/" + id + "/entities/1",
		"/entities?kind=uniscid&value=" + url.QueryEscape(fs[1].UniscID)} {
		w.open(path)
		for _, found := range evaluate[[]string](w, strange) {
			t.Errorf("%s: %s", path, found)
		}
		w.accessible(path)
	}
	w.reads(legible(hostile[1]))
	clerk := h.enter(intake.Clerk, "export")
	for _, kind := range []string{"csv", "xlsx"} {
		h.harmless(kind, clerk.do("POST", "/cases/"+id+"/list", form("kind", kind)))
	}
}

// A clerk comes to a firm from the menu, and from there to the case that names it and back.
func TestWalkRegister(t *testing.T) {
	h := openHouse(t)
	fs := ordinary(30)
	fs[3].Name = "内蒙古乌珠穆沁肉业有限责任公司"
	h.importRegister("2026-11-20", fs...)
	id := h.admit("甲局").send(aCase("呼市监处罚〔2026〕7号", sent(fs[3]), sent(fs[4])))
	h.verify()
	s := h.sit(intake.Clerk, "clerk")
	s.open("/overview")
	s.press("主体库")
	s.fill("名称、代码、注册号或法定代表人", "珠穆")
	s.press("查询")
	s.press("内蒙古乌珠穆沁肉业有限责任公司")
	s.reads("主体库登记的内容", fs[3].UniscID, "涉及的案件（1条）")
	s.press(id)
	s.reads("比对结论", "（共2户）")
	s.press("内蒙古乌珠穆沁肉业有限责任公司")
	s.reads("主体库登记的内容")
}
