package console_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
)

// A company that was sent twice, by two senders and under two codes, is seen whole from any of its codes.
func TestEntityAcrossCases(t *testing.T) {
	h := openHouse(t)
	one, two := h.admit("呼和浩特市执法办案系统"), h.admit("包头市执法办案系统")
	first := one.send(aCase("1号", api.Entity{PripID: "150104000022017071732290", UniscID: "91150104MA0N967166",
		Legal: "阿拉坦仓", EntType: "1151"}))
	second := two.send(aCase("2号", api.Entity{PripID: "150104000022017071732290", UniscID: "91150103MA0R9M0D7K",
		Legal: "宋娟", EntType: "1130"}))
	third := two.send(aCase("3号", api.Entity{PripID: "150103000022004041376942", UniscID: "91150103MA0R9M0D7K",
		Legal: "宋娟", EntType: "1130"}))
	h.verify()
	clerk := h.enter(intake.Clerk, "clerk")
	for _, query := range []string{"kind=uniscid&value=91150104MA0N967166",
		"kind=uniscid&value=" + "９１１５０１０４ma0n967166", "kind=pripid&value=150103000022004041376942"} {
		p := clerk.see("/entities?" + query)
		for _, want := range []string{first, second, third, "包头市执法办案系统", "同一身份代码 150104000022017071732290 对应不同的信用代码",
			"同一信用代码 91150103MA0R9M0D7K 对应不同的身份代码", "信用代码 91150103MA0R9M0D7K 见于多件没有退回的案件", "宋***"} {
			if !strings.Contains(p, want) {
				t.Errorf("%s: no %q in %s", query, want, text(p))
			}
		}
		if strings.Contains(p, "宋娟") || strings.Contains(p, "阿拉坦仓") || !strings.Contains(p, "<mark>") {
			t.Errorf("%s: %s", query, text(p))
		}
	}
	must := func(err error) { h.must(err) }
	must(h.ReturnCase(t.Context(), second, "填错主体"))
	must(h.ReturnCase(t.Context(), third, "填错主体"))
	if p := text(clerk.see("/entities?kind=uniscid&value=91150104MA0N967166")); !strings.Contains(p, "没有发现重复报送") ||
		!strings.Contains(p, "已退回") {
		t.Errorf("after the others were returned: %s", p)
	}
}

// A credit code that a sender put where the pripid belongs is the same company's.
func TestEntityByCodeInTheWrongPlace(t *testing.T) {
	h := openHouse(t)
	s := h.admit("甲")
	first := s.send(aCase("1号", api.Entity{PripID: "91150103MA0R9M0D7K", UniscID: "91150104MA0N967166", Legal: "阿拉坦仓",
		EntType: "1151"}))
	second := s.send(aCase("2号", api.Entity{PripID: "150103000022004041376942", UniscID: "91150103MA0R9M0D7K",
		Legal: "宋娟", EntType: "1130"}))
	h.verify()
	clerk := h.enter(intake.Clerk, "clerk")
	for _, query := range []string{"kind=uniscid&value=91150103MA0R9M0D7K", "kind=pripid&value=91150103ma0r9m0d7k",
		"kind=pripid&value=150103000022004041376942", "kind=uniscid&value=91150104MA0N967166"} {
		wants(t, text(clerk.see("/entities?"+query)), "信用代码 91150103MA0R9M0D7K 见于多件没有退回的案件："+first+"、"+second)
	}
}

// Entities are found by the beginning of a code or a name, page by page; the address of a page does not tell names.
func TestEntitySearch(t *testing.T) {
	h := openHouse(t)
	es := make([]api.Entity, 120)
	for i := range es {
		es[i] = api.Entity{PripID: fmt.Sprintf("1501%020d", i), UniscID: fmt.Sprintf("9115%014d", i),
			Legal: fmt.Sprintf("阿拉坦仓%c", '一'+rune(i)), EntType: "1151"}
	}
	h.admit("甲").send(aCase("1号", es...))
	h.verify()
	clerk := h.enter(intake.Clerk, "clerk")
	next := regexp.MustCompile(`href="/console(/entities\?[^"]*)" rel="next"`)
	path, seen := "/entities?kind=legal&value=阿拉坦&match=prefix", 0
	for range 10 {
		p := clerk.see(path)
		seen += strings.Count(text(p), "阿***")
		m := next.FindStringSubmatch(p)
		if m == nil {
			break
		}
		path = strings.ReplaceAll(m[1], "&amp;", "&")
		if after := regexp.MustCompile(`after=[^&]*`).FindString(path); strings.Contains(after, "%E9%98%BF") ||
			after == "" {
			t.Errorf("%q", path)
		}
	}
	if seen != 120 {
		t.Errorf("%d of 120 entities", seen)
	}
	if p := text(clerk.see("/entities?kind=legal&value=阿拉坦仓一")); strings.Count(p, "阿***") != 1 {
		t.Error(p)
	}
	for query, want := range map[string]string{"kind=legal&value=阿&match=prefix": "至少填写2个字", "kind=x&value=1": "不能按",
		"kind=uniscid&value=9&match=prefix&after=!!": "没有这一页"} {
		if a := clerk.do("GET", "/entities?"+query, nil); a.Status != 400 || !strings.Contains(text(a.Body), want) {
			t.Errorf("%s: %d %s", query, a.Status, text(a.Body))
		}
	}
	if p := text(clerk.see("/entities?kind=uniscid&value=91150104MA0N967166")); !strings.Contains(p, "没有找到") {
		t.Error(p)
	}
}
