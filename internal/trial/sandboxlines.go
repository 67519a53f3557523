package trial

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/display"
	"diaoxiao/sandbox"
)

// lines shows each exchange on a line.
type lines struct {
	mu    sync.Mutex
	w     io.Writer
	quiet bool
}

func (l *lines) exchange(x sandbox.Exchange) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.quiet {
		return
	}
	call := string(x.Call)
	if call == "" {
		call = x.Target
	}
	fmt.Fprintf(l.w, "#%-4d %s  %s  %s\n", x.No, x.Began.In(beijingtime.Zone).Format(time.TimeOnly),
		display.Pad(display.Plain(call), 16), exchangeWords(x))
}

// exchangeWords says how an exchange ended.
func exchangeWords(x sandbox.Exchange) string {
	words := []string{}
	if x.Fault != "" {
		words = append(words, "【"+x.FaultName()+"】")
	}
	switch {
	case x.Sent == sandbox.Nothing:
		words = append(words, "没有应答")
	case x.Sent == sandbox.Cut:
		words = append(words, fmt.Sprintf("HTTP %d 只发一半", x.Status))
	default:
		words = append(words, fmt.Sprintf("HTTP %d", x.Status))
	}
	if len(x.Codes) > 0 {
		words = append(words, "拒绝 "+strings.Join(x.Codes, ","))
	}
	if x.AcceptID != "" {
		words = append(words, "受理号 "+x.AcceptID)
	}
	if x.CaseID != "" {
		words = append(words, bounded(display.Plain(x.CaseID)))
	}
	return strings.Join(words, "  ")
}

// incidentsTold is how many incidents of each scenario the end prints; the page has them all.
const incidentsTold = 3

// tellVerdict prints the verdict on the clients.
func tellVerdict(w io.Writer, v sandbox.Verdict) {
	fmt.Fprintf(w, "\n沙箱已结束并删除。评判：通过 %d 项，不符 %d 项，未涉及 %d 项\n", v.Passed, v.Failed, v.Untouched)
	for _, sc := range v.Scenarios {
		wrong := slices.DeleteFunc(sc.Incidents, func(i sandbox.Incident) bool { return i.Judgement != sandbox.Failed })
		for _, i := range wrong[:min(len(wrong), incidentsTold)] {
			fmt.Fprintf(w, "  不符  %s（%s）：%s  %s\n", sc.Name, sc.Clause, i.Text, evidence(i.Exchanges))
		}
		if more := len(wrong) - incidentsTold; more > 0 {
			fmt.Fprintf(w, "        %s：另有 %d 处，见 /sandbox/verdict（在结束沙箱之前）\n", sc.Name, more)
		}
	}
}

// evidenceTold is how many exchanges are named as evidence.
const evidenceTold = 6

func evidence(nos []int) string {
	var all []string
	for i, no := range nos {
		if i == evidenceTold {
			return strings.Join(all, " ") + " …"
		}
		all = append(all, fmt.Sprintf("#%d", no))
	}
	return strings.Join(all, " ")
}

// bounded is a text without what it has beyond a thousand bytes.
func bounded(s string) string {
	if len(s) > 1000 {
		return strings.ToValidUTF8(s[:1000], "")
	}
	return s
}
