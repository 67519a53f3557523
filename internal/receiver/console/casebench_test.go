package console_test

import (
	"flag"
	"testing"

	"diaoxiao/internal/receiver/intake"
)

// benchWrong is how many of the entities of the case of the benchmark are flagged.
var benchWrong = flag.Int("wrong", 10_000, "how many entities of the benchmark's case are flagged")

// BenchmarkCasePages is how long the pages of one long case take, with each filter: `go test -run XXX -bench CasePages
// -items 100000`.
func BenchmarkCasePages(b *testing.B) {
	h := openHouse(b)
	c, right := flaggedCase("1号", *benchItems, min(*benchWrong, *benchItems))
	h.importRegister("2026-11-20", right...)
	id := h.admit("甲局").send(c)
	h.verify()
	clerk := h.enter(intake.Clerk, "clerk")
	for _, query := range []string{"", "only=found", "only=open", "state=held", "state=ready", "severity=severe",
		"severity=warning", "rule=104", "verdict=different", "state=held&at=90000",
		"q=" + c.PenaltyList[99].UniscID[4:12],
		"q=zzzz"} {
		b.Run(query, func(b *testing.B) { timePage(b, clerk, "/cases/"+id+"?"+query) })
	}
}
