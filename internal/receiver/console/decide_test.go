package console_test

import (
	"strings"
	"testing"
	"time"

	"diaoxiao/api"
	"diaoxiao/internal/receiver/intake"
)

var (
	rightFirm = api.Entity{PripID: "150104000022017071732290", UniscID: "91150104MA0N967166", Legal: "阿拉坦仓",
		EntType: "1151"}
	wrongFirm = api.Entity{PripID: "150104000022017071732290", UniscID: "91150103MA0R9M0D7K", Legal: "宋娟",
		EntType: "1130"}
)

// A case that a later one contradicts comes back on all pages on which a clerk would miss it, with links there and
// back; when the later one is returned, it goes.
func TestContradictedAfterPublication(t *testing.T) {
	h := openHouse(t)
	first, second := h.admit("甲"), h.admit("乙")
	earlier := first.send(aCase("1号", firms(1, 1)[0], rightFirm))
	h.verify()
	clerk, reviewer := h.enter(intake.Clerk, "clerk"), h.enter(intake.Reviewer, "reviewer")
	clerk.propose("/cases/"+earlier, "release", "rows", "1-2", "text", "已核实")
	reviewer.decide("/cases/"+earlier, "agree", "")
	clerk.post("/cases/"+earlier+"/publish", "day", "2026-11-20")
	lacks(t, clerk.see("/overview"), "新的严重提示")
	h.wait(time.Minute)
	later := second.send(aCase("2号", wrongFirm))
	h.verify()
	at := "/cases/" + earlier
	wants(t, clerk.see(at), "公示后出现新的严重提示", `<a href="/console/cases/`+later+`">`+later+`</a>（案件编号 2号，乙）`)
	list := clerk.see(at + "?only=found")
	wants(t, list, `<a href="/console/cases/`+later+`/entities/1">案件“2号”（受理号`+later+`）清单第1条</a>`,
		"9115010<mark>4</mark>MA0<mark>N</mark>9<mark>67166</mark>")
	lacks(t, text(list), firms(1, 1)[0].UniscID)
	wants(t, clerk.see("/cases/"+later),
		`<a href="/console/cases/`+earlier+`/entities/2">案件“1号”（受理号`+earlier+`）清单第2条</a>`)
	for _, who := range []*visitor{clerk, reviewer} {
		wants(t, text(who.see("/overview")), "1件案件在核对或者公示以后出现新的严重提示", "公示后新的严重提示")
		wants(t, who.see("/cases"), "有案件在核对或者公示以后出现新的严重提示")
		wants(t, who.see("/cases?state=alarmed"), earlier)
		wants(t, who.see("/cases?state=tocheck"), earlier, later)
	}
	if p := clerk.see("/overview"); strings.Index(p, "/cases/"+earlier) > strings.Index(p, "/cases/"+later) {
		t.Error("the published case is not named first")
	}
	clerk.propose("/cases/"+later, "return", "text", "报错主体")
	reviewer.decide("/cases/"+later, "agree", "")
	p := clerk.see(at)
	lacks(t, p, "新的严重提示", "只看有提示的</a></p>")
	wants(t, text(p), "已于 2026-11-24 09:31:00 退回，不再计入", "没有核验提示")
	lacks(t, clerk.see("/cases/"+later), `class="statebar severe"`)
	lacks(t, clerk.see("/overview"), "新的严重提示")
}

// In a list the rows that others point to are listed and linked both ways.
func TestCounterpartsInTheList(t *testing.T) {
	h := openHouse(t)
	id := h.admit("甲").send(aCase("1号", append(firms(1, 3), rightFirm, wrongFirm)...))
	h.verify()
	p := h.enter(intake.Clerk, "clerk").see("/cases/" + id + "?only=found")
	wants(t, p, `<a href="/console/cases/`+id+`/entities/5">清单第5条</a>为“`,
		`<a href="/console/cases/`+id+`/entities/4">清单第4条</a>为“`)
	lacks(t, p, firms(1, 1)[0].UniscID)
}
