package console_test

import (
	"strings"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
)

// widened is a text in full width.
func widened(s string) string {
	return strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7f {
			return r + 0xfee0
		}
		return r
	}, s)
}

// The one box of the search for firms says as what it took what was typed, and finds it however it was written.
func TestEntityBox(t *testing.T) {
	h := openHouse(t)
	fs := ordinary(60)
	s := h.admit("呼和浩特市执法办案系统")
	one := s.send(aCase("呼市监处罚〔2026〕38号", sent(fs[3]), sent(fs[4]), api.Entity{
		PripID: "9f1c7a52-0b3e-4d60-8a9b-3f2e1d0c9b8a", UniscID: "91150104MA0N967167", Legal: "John Smith",
		EntType: "1151"}))
	h.importRegister("2026-11-20", fs...)
	h.verify()
	clerk := h.enter(intake.Clerk, "clerk")
	box := func(typed string) answer { return clerk.do("GET", "/entities?"+form("q", typed).Encode(), nil) }
	code, prip, legal := fs[3].UniscID, fs[3].PripID, fs[3].Legal
	name := []rune(fs[3].Name)
	for _, try := range []struct{ typed, taken, found string }{
		{code, "统一社会信用代码", code},
		{strings.ToLower(code), "统一社会信用代码", code},
		{" " + code[:8] + " " + code[8:], "统一社会信用代码", code},
		{widened(code), "统一社会信用代码", code},
		{code[:10], "统一社会信用代码的前几位", code},
		{code[:6] + " " + code[6:10], "统一社会信用代码的前几位", code},
		{"91150104MA0N967167", "统一社会信用代码", "91150104MA0N967167"}, // whose check character is wrong
		{prip, "身份代码", prip},
		{widened(prip), "身份代码", prip},
		{prip[:9], "身份代码的前几位", prip},
		{"9F1C7A52-0B3E-4D60-8A9B-3F2E1D0C9B8A", "身份代码", "9f1c7a52-0b3e-4d60-8a9b-3f2e1d0c9b8a"},
		{"9f1c7a52", "身份代码的前几位", "9f1c7a52-0b3e-4d60-8a9b-3f2e1d0c9b8a"},
		{fs[3].Name, "企业名称（在主体库快照中查找）", code},
		{string(name[:2]) + " " + string(name[2:6]), "企业名称（在主体库快照中查找）", code},
		{fs[20].Name, "企业名称（在主体库快照中查找）", fs[20].UniscID}, // which no case lists
		{legal, "法定代表人姓名", code},
		{"John Smith", "法定代表人姓名", "91150104MA0N967167"},
		{"John", "法定代表人姓名的前几个字", "91150104MA0N967167"},
	} {
		a := box(try.typed)
		if a.Status != 200 || !strings.Contains(a.Body, "已按“<b>"+try.taken+"</b>”查询") ||
			!strings.Contains(text(a.Body), try.found) {
			t.Errorf("%q: %d, not taken as %s or no %s: %s", try.typed, a.Status, try.taken, try.found, text(a.Body))
		}
	}
	wants(t, text(box("91150104MA0N967167").Body), "校验码不符")
	lacks(t, text(box(code).Body), "校验码不符")
	wants(t, box(fs[3].Name).Body, `/console/cases/`+one+`/entities/1">呼市监处罚〔2026〕38号`)
	wants(t, text(box(code[:10]).Body), "改按", "身份代码的前几位", "共", "第1/1页")
	for typed, to := range map[string]string{one: "/cases/" + one, " " + one[:9] + " " + one[9:]: "/cases/" + one,
		"38号": "/cases?" + form("q", "38号").Encode(), "[2026]": "/cases?" + form("q", "[2026]").Encode()} {
		if a := box(typed); a.Location != to {
			t.Errorf("%q leads to %q", typed, a.Location)
		}
	}
	lacks(t, box(code[:10]).Body, "<a href=\"/console/entities?kind=uniscid&amp;value="+code+"\">"+code)
	for _, odd := range []string{"没有的名称", "9", "x", "<script>", strings.Repeat("长", 200), "%", "'", "9999号", "**",
		"_"} {
		if a := box(odd); a.Status != 200 && a.Status != 400 {
			t.Errorf("%q: %d", odd, a.Status)
		}
	}
	wants(t, text(box("没有的名称").Body), "没有找到“没有的名称”")
}

// Without a register the search says why it finds no firm by its name, and finds codes as ever.
func TestEntityBoxWithoutRegister(t *testing.T) {
	h := openHouse(t)
	h.admit("甲").send(aCase("1号"))
	h.verify()
	clerk := h.enter(intake.Clerk, "clerk")
	wants(t, text(clerk.see("/entities")), "报送内容不含企业名称")
	wants(t, text(clerk.see("/entities?"+form("q", "鑫源商贸").Encode())), "没有找到“鑫源商贸”", "还没有导入主体库")
	wants(t, text(clerk.see("/entities?q=91150104MA0N967166")), "已按“ 统一社会信用代码 ”查询", "没有发现重复报送")
}
