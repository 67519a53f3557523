package trial

import (
	"strings"
	"testing"

	"diaoxiao/sandbox"
)

// However much went wrong, the end is a page that can be read.
func TestVerdictIsShort(t *testing.T) {
	t.Parallel()
	many := sandbox.Scenario{Name: "注销会话", Clause: "S7", Incidents: []sandbox.Incident{{Judgement: sandbox.Passed}}}
	for no := range 200 {
		many.Incidents = append(many.Incidents, sandbox.Incident{Judgement: sandbox.Failed, Exchanges: []int{no},
			Text: "会话没有注销"})
	}
	few := sandbox.Scenario{Name: "一案一号", Clause: "S17",
		Incidents: []sandbox.Incident{{Judgement: sandbox.Failed, Exchanges: make([]int, 50), Text: "两个编号"}}}
	var b strings.Builder
	tellVerdict(&b, sandbox.Verdict{Failed: 2, Scenarios: []sandbox.Scenario{many, few}})
	if text := b.String(); strings.Count(text, "会话没有注销") != 3 ||
		!strings.Contains(text, "另有 197 处，见 /sandbox/verdict") ||
		strings.Count(text, "另有") != 1 || strings.Count(text, "#0") > 8 {
		t.Error(text)
	}
}
