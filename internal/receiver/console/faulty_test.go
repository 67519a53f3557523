package console_test

import (
	"fmt"
	"strings"
	"testing"

	"diaoxiao/internal/receiver/intake"
)

// The prefilled reason of a return has no masked names, which are of no use to the sender. The list of rows to mend
// leaves out the firms that were compared and found to agree, or released.
func TestSenderIsAskedOnlyForFaults(t *testing.T) {
	h := openHouse(t)
	c, right := flaggedCase("1号", 20, 0)
	for _, i := range []int{5, 6, 7} {
		c.PenaltyList[i].Legal = "斯琴高娃"
	}
	c.PenaltyList[5].UniscID = unisc(900_000)
	h.importRegister("2026-11-20", right...)
	id := h.admit("甲").send(c)
	h.verify()
	clerk, at := h.enter(intake.Clerk, "clerk"), "/cases/"+id
	p := clerk.see(at + "/compare?at=6")
	remark := within(t, within(t, p, `id="outcome-text"`, `>`), `value="`, `"`)
	has(t, remark, "法定代表人与主体库不一致", "主体库为“"+right[5].UniscID)
	lacks(t, remark, "***", "主体库为“"+right[5].Legal[:3])
	faulty := func() string {
		file := clerk.do("POST", at+"/faults", form("kind", "xlsx"))
		return fmt.Sprint(readTable(t, "exceljs", file).column(t, "清单序号"))
	}
	if numbers := faulty(); !strings.Contains(numbers, "6 7 8") {
		t.Fatalf("the rows with doubts are %s", numbers)
	}
	clerk.post(at+"/reveal", "text", "与登记系统核对")
	asks := clerk.do("POST", at+"/checkfirms", form("seen", seenFor(clerk.see(at)), "rows", "7", "outcome", "agrees",
		"text", "已与登记系统核对"))
	clerk.post(at+"/checkfirms", hidden(asks.Body)...)
	if numbers := faulty(); !strings.Contains(numbers, "6 8") {
		t.Errorf("with the seventh compared and found to agree the rows are %s", numbers)
	}
	clerk.propose(at, "release", "rows", "8", "text", "姓名已经登记机关确认")
	h.enter(intake.Reviewer, "reviewer").decide(at, "agree", "")
	if numbers := faulty(); !strings.Contains(numbers, "[6]") {
		t.Errorf("with the eighth released the rows are %s", numbers)
	}
}
