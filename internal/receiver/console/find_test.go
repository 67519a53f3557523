package console_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"diaoxiao/internal/receiver/intake"
)

// The box in the head of the page finds cases by a part of their number and of their name, firms by name, by any of
// their codes and however these are typed, and the cases that list them; an acceptid opens its case.
func TestFind(t *testing.T) {
	h := openHouse(t)
	fs := ordinary(40)
	s := h.admit("甲")
	c := aCase("鄂市监处罚〔2026〕38号", sent(fs[3]), sent(fs[4]))
	c.CaseName = "鄂尔多斯三十八家企业案"
	one := s.send(c)
	two := s.send(aCase("呼市监处罚〔2026〕39号", sent(fs[5])))
	h.importRegister("2026-11-20", fs...)
	h.verify()
	clerk := h.enter(intake.Clerk, "clerk")
	find := func(typed string) answer { return clerk.do("GET", "/search?"+form("q", typed).Encode(), nil) }
	for _, typed := range []string{one, " " + one + " ", one[:10] + " " + one[10:]} {
		if a := find(typed); a.Location != "/cases/"+one {
			t.Errorf("%q leads to %q", typed, a.Location)
		}
	}
	code := fs[3].UniscID
	wide := strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7f {
			return r + 0xfee0
		}
		return r
	}, code)
	for typed, want := range map[string]string{"38号": one, "[2026] 38": one, "〔２０２６〕３８": one, "鄂尔多斯": one,
		fs[3].Name: one, fs[5].Name: two, code: one, strings.ToLower(code): one, code[:8] + " " + code[8:]: one,
		wide: one, fs[5].PripID: two} {
		a := find(typed)
		if a.Status != 200 || !strings.Contains(a.Body, "/cases/"+want) {
			t.Errorf("%q: %d, no %s in %s", typed, a.Status, want, text(a.Body))
		}
	}
	wants(t, text(find(fs[20].Name).Body), fs[20].Name, "没有案件列有该主体")
	wants(t, text(find("没有的名称").Body), "没有找到“没有的名称”")
	if a := clerk.do("GET", "/cases?"+form("q", code).Encode(), nil); a.Location != "/search?q="+code {
		t.Errorf("a code in the list of cases leads to %q", a.Location)
	}
	for _, odd := range []string{"", "a", "<script>", strings.Repeat("长", 200), "%", "'"} {
		if a := find(odd); a.Status != 200 {
			t.Errorf("%q: %d", odd, a.Status)
		}
	}
	wants(t, clerk.see("/account"), `action="/console/search"`)
	lacks(t, h.enter(intake.Auditor, "auditor").see("/account"), `action="/console/search"`)
}

// A number that is typed as it is comes before longer ones that contain it, also where many of these are later.
func TestFindPutsExactNumbersFirst(t *testing.T) {
	h := openHouse(t)
	s := h.admit("甲")
	id := s.send(aCase("呼市监处罚〔2026〕38号"))
	for i := range 12 {
		s.send(aCase(fmt.Sprintf("呼市监处罚〔2026〕%d38号", 10+i)))
	}
	h.verify()
	p := h.enter(intake.Clerk, "clerk").see("/search?q=" + url.QueryEscape("38号"))
	if _, first, ok := strings.Cut(p, `href="/console/cases/2`); !ok || !strings.HasPrefix("2"+first, id) {
		t.Errorf("the first case is not the 38th: %s", text(p))
	}
}
