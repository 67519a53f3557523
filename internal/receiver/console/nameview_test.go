package console_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
)

// manyNames is a case of which every entity has a name of its own.
func manyNames(caseID string, n int) api.Case {
	es := make([]api.Entity, n)
	for i := range es {
		es[i] = api.Entity{PripID: fmt.Sprintf("1501%020d", i), UniscID: fmt.Sprintf("9115%014d", i),
			Legal: fmt.Sprintf("阿拉坦仓%c", '一'+rune(i)), EntType: "1151"}
	}
	return aCase(caseID, es...)
}

// Names are seen one by one without further ado up to a number; then a purpose is asked for, case by case, with and
// without JavaScript the same. The auditor reads how many names of which cases were seen.
func TestSingleViewsOfNames(t *testing.T) {
	h := openHouse(t)
	s := h.admit("甲")
	one, two := s.send(manyNames("1号", 30)), s.send(manyNames("2号", 30))
	h.verify()
	clerk, other, auditor := h.enter(intake.Clerk, "clerk"), h.enter(intake.Clerk, "other"),
		h.enter(intake.Auditor, "auditor")
	names := func(v *visitor, id string, no int) bool {
		t.Helper()
		return strings.Contains(v.see(fmt.Sprint("/cases/", id, "/entities/", no)), "阿拉坦仓")
	}
	for no := 1; no <= 20; no++ {
		if !names(clerk, one, no) || !names(clerk, one, 1) {
			t.Fatalf("no name for entity %d", no)
		}
	}
	for _, id := range []string{one, two} {
		if names(clerk, id, 21) {
			t.Errorf("the 21st name is shown without a purpose")
		}
	}
	has(t, text(clerk.see("/cases/"+one+"/entities/22")), "已达20户", "目的（记入审计）", "与登记系统核对")
	if !names(clerk, one, 3) || !names(other, two, 21) {
		t.Error("what was seen, or another operator, is hidden")
	}
	if a := clerk.do("POST", "/cases/"+one+"/entities/22/reveal", form("why", "其他", "text", " ")); a.Status != 400 ||
		strings.Contains(a.Body, "阿拉坦仓") {
		t.Errorf("no purpose: %d %s", a.Status, text(a.Body))
	}
	if p := clerk.post("/cases/"+one+"/entities/22/reveal", "why", "与登记系统核对", "text", ""); !strings.Contains(p,
		"阿拉坦仓") {
		t.Error(text(p))
	}
	if !names(clerk, one, 23) || names(clerk, two, 1) {
		t.Error("a purpose counts for its case, and for no other")
	}
	h.wait(casework.NameSpan)
	if !names(clerk, two, 1) {
		t.Error("after ten minutes")
	}
	h.must(h.SweepNames(t.Context()))
	p := text(auditor.see("/audit"))
	has(t, p, "逐户查看姓名 成功 "+one, "查看清单姓名 成功 "+one+" 与登记系统核对", "次数：22；自：2026-11-24 09:30:00；受理号和次数："+one+" 22",
		"次数：1；自：2026-11-24 09:30:00；受理号和次数："+two+" 1")
}

// Pages asked for at once, at two nodes, show no more names than pages asked for one after the other; a restart forgets
// nothing.
func TestSingleViewsAtOnce(t *testing.T) {
	h := openHouse(t)
	id := h.admit("甲").send(manyNames("1号", 60))
	h.verify()
	clerk := h.enter(intake.Clerk, "clerk")
	second := openHouseOver(t, h.store)
	there := second.stranger()
	there.token = clerk.token
	there.present()
	var shown atomic.Int64
	var all sync.WaitGroup
	for no := 1; no <= 60; no++ {
		v := []*visitor{clerk, there}[no%2]
		all.Go(func() {
			if a := v.do("GET", fmt.Sprint("/cases/", id, "/entities/", no), nil); strings.Contains(a.Body, "阿拉坦仓") {
				shown.Add(1)
			}
		})
	}
	all.Wait()
	if shown.Load() != 20 {
		t.Errorf("%d names", shown.Load())
	}
	h.wait(5 * time.Minute)
	again := openHouseOver(t, h.store)
	again.clock.Store(h.clock.Load())
	v := again.stranger()
	v.token = clerk.token
	v.present()
	shown.Store(0)
	for no := 1; no <= 60; no += 7 {
		if strings.Contains(v.see(fmt.Sprint("/cases/", id, "/entities/", no)), "阿拉坦仓") {
			shown.Add(1)
		}
	}
	if shown.Load() == 9 {
		t.Error("a restart lets all names be seen")
	}
}
