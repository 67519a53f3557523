package console_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
)

// manyToPublish sends cases of which n may be published and three may not: one that is doubtful, one that was decided
// today, and one that is published. The register agrees with the others.
func (h *house) manyToPublish(n int) (ids []string, doubtful, published string) {
	h.Helper()
	s := h.admit("呼和浩特市局")
	for i := range n {
		ids = append(ids, s.send(aCase(fmt.Sprintf("呼市监处罚〔2026〕%d号", i+1), firms(1000+3*i, 1)...)))
	}
	wrong := api.Entity{PripID: "150104000022017071732290", UniscID: "91150103MA0R9M0D7K", Legal: "宋娟", EntType: "1130"}
	doubtful = s.send(aCase("包市监处罚〔2026〕1号", aCase("").PenaltyList[0], wrong))
	published = s.send(aCase("包市监处罚〔2026〕2号", firms(5000, 1)...))
	h.verify()
	for _, id := range append(ids, published) {
		h.released(id)
	}
	h.must(h.Publish(h.Context(), intake.Actor("cli:root"), published, "2026-11-20"))
	return ids, doubtful, published
}

// released has two persons release a case, where a publication takes that.
func (h *house) released(id string) {
	h.Helper()
	if two, ok := any(h).(interface {
		Release(context.Context, string) error
	}); ok {
		h.must(two.Release(h.Context(), id))
	}
}

// Fifty cases are published in one act: what is left out is named before and after, each case has an event and an audit
// entry of its own, and sending the form again does nothing.
func TestBulkPublish(t *testing.T) {
	h := openHouse(t)
	ids, doubtful, published := h.manyToPublish(3)
	v := h.enter(intake.Clerk, "clerk")
	fields := []string{"deed", "publish", "acceptid", doubtful, "acceptid", published}
	for _, id := range ids {
		fields = append(fields, "acceptid", id)
	}
	page := v.do("POST", "/cases/bulk", form(fields...))
	wants(t, text(page.Body), "登记公示：3件", "不在其内：2件", "确认登记公示3件")
	if f, err := h.CaseFile(t.Context(), intake.Actor("cli:root"), ids[0]); err != nil || f.Work.Published != "" {
		t.Error("the confirmation has published a case")
	}
	since := within(t, page.Body, `name="since" value="`, `"`)
	do := append([]string{"since", since, "day", "2026-11-23"}, fields...)
	for _, day := range []string{"", "2026-11-25", "x"} {
		bad := append([]string{"day", day}, do[4:]...)
		a := v.do("POST", "/cases/bulk/do", form(append(bad, "since", since)...))
		if a.Status != 400 {
			t.Errorf("the day %q: %d", day, a.Status)
		}
		wants(t, text(a.Body), "登记公示：3件", "确认登记公示3件", "公示日期")
		wants(t, a.Body, `name="day" type="date"`, `name="acceptid" value="`+ids[0]+`"`)
	}
	early := v.do("POST", "/cases/bulk", form(append([]string{"day", "2020-01-02"}, fields...)...))
	wants(t, early.Body, `name="day" type="date"`, `name="acceptid" value="`+ids[0]+`"`, "按此日期重新检查")
	done := v.do("POST", "/cases/bulk/do", form(do...))
	wants(t, text(done.Body), "已登记公示3件", "2件没有登记公示", "公示日期2026-11-23")
	again := v.do("POST", "/cases/bulk/do", form(do...))
	wants(t, text(again.Body), "刚才已经办理，没有重复办理")
	for _, id := range ids {
		f, err := h.CaseFile(t.Context(), intake.Actor("cli:root"), id)
		n := 0
		for _, e := range f.Events {
			if e.Kind == intake.EventPublish {
				n++
			}
		}
		if err != nil || f.Work.Published != "2026-11-23" || n != 1 {
			t.Errorf("%s: published %q, %d times, %v", id, f.Work.Published, n, err)
		}
	}
	for _, a := range []answer{v.do("POST", "/cases/bulk", form("deed", "publish")),
		v.do("POST", "/cases/bulk", form("deed", "burn", "acceptid", ids[0])),
		v.do("POST", "/cases/bulk", form("acceptid", ids[0]))} {
		if a.Status != 400 {
			t.Errorf("nothing chosen, or no deed: %d %s", a.Status, text(a.Body))
		}
	}
}

func within(t *testing.T, s, from, to string) string {
	t.Helper()
	_, rest, ok := strings.Cut(s, from)
	found, _, closed := strings.Cut(rest, to)
	if !ok || !closed {
		t.Fatalf("no %q in %s", from, text(s))
	}
	return found
}

// A note is put to all cases that a query selects, once, and to no other.
func TestBulkNote(t *testing.T) {
	h := openHouse(t)
	s := h.admit("呼和浩特市局")
	in, out := s.send(aCase("呼市监处罚〔2026〕1号")), s.send(aCase("包市监处罚〔2026〕2号"))
	h.verify()
	v := h.enter(intake.Clerk, "clerk")
	query := "?" + form("q", "呼市监").Encode()
	page := v.do("POST", "/cases/bulk"+query, form("deed", "note", "all", "1"))
	wants(t, text(page.Body), "添加备注：1件", in)
	lacks(t, page.Body, out)
	since := within(t, page.Body, `name="since" value="`, `"`)
	for range 2 {
		v.do("POST", "/cases/bulk/do"+query, form("deed", "note", "acceptid", in, "since", since, "text", "已公告送达"))
	}
	if n := strings.Count(text(v.see("/cases/"+in)), "已公告送达"); n != 1 {
		t.Errorf("the note is there %d times", n)
	}
	if a := v.do("POST", "/cases/bulk/do", form("deed", "note", "acceptid", in, "since", since)); a.Status != 400 {
		t.Errorf("a note without a text: %d", a.Status)
	}
}

// Fifty publications take no more than fifteen clicks, from the list to the outcome, and without a script no more
// pages.
func TestWalkBulk(t *testing.T) {
	long(t)
	h := openHouse(t)
	ids, doubtful, _ := h.manyToPublish(50)
	s := h.sit(intake.Clerk, "wulan")
	s.open("/cases")
	clicks := 0
	click := func(said string) { s.press(said); clicks++ }
	click("100")
	s.do("all", chromedp.Click(s.mark(js("pressed", "全选"))))
	clicks++
	s.reads("选中52件案件")
	click("登记公示")
	s.reads("登记公示：50件", "不在其内：2件", doubtful)
	s.keepAs("bulk.png")
	click("确认登记公示50件")
	s.reads("已登记公示50件", ids[0])
	s.keepAs("bulkdone.png")
	click("返回列表")
	if clicks > 15 {
		t.Errorf("%d clicks", clicks)
	}
	t.Logf("50 publications: %d clicks", clicks)
	s.reads("已公示")
}
