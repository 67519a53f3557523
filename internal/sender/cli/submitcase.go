package cli

import (
	"fmt"
	"strings"

	"diaoxiao/api"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/sender/outbox"
	"diaoxiao/internal/sender/sheet"
	"diaoxiao/internal/sender/submission"
)

// notSent is the first line about a case that is not sent as it is.
func notSent(id string, o submission.Outcome) string {
	return fmt.Sprintf("✘ 案件 %s 未报送（%s）：", id, display.Plain(o.Place.String()))
}

// problemLines are problems for people.
func problemLines(ps []sheet.Problem) (lines []string) {
	for _, p := range ps {
		lines = append(lines, "    "+display.Plain(p.Error()))
	}
	return lines
}

// indented are the lines of a text below a case.
func indented(text string) (lines []string) {
	for line := range strings.Lines(text) {
		lines = append(lines, "    "+display.Plain(strings.TrimRight(line, "\n")))
	}
	return lines
}

// findings prints the findings that the receiver will have, and remarks on the file; neither prevents the sending. JSON
// has them with the outcome.
func (p *submitPrinter) findings(o *submission.Outcome) error {
	var lines []string
	for i, d := range o.Doubts {
		if i == maxAlike {
			lines = append(lines, fmt.Sprintf("    另有 %s 处存疑未逐一列出", display.Count(len(o.Doubts)-i)))
			break
		}
		lines = append(lines, "存疑："+display.Plain(d.Error()))
	}
	for _, n := range o.Notes {
		lines = append(lines, "注意："+display.Plain(n.Error()))
	}
	for _, f := range o.Found.List {
		lines = append(lines, findingText(f))
	}
	if o.Found.More > 0 {
		lines = append(lines, fmt.Sprintf("    另有 %s 条未逐一列出", display.Count(o.Found.More)))
	}
	if p.asJSON || len(lines) == 0 {
		return nil
	}
	switch id := display.Plain(o.CaseID); {
	case len(o.Found.List) > 0:
		lines = append([]string{fmt.Sprintf("！案件 %s 核验时将提示：", id)}, lines...)
	case len(o.Doubts) > 0:
		lines = append([]string{fmt.Sprintf("！案件 %s 存疑：", id)}, lines...)
	}
	_, err := fmt.Fprintln(p.out, strings.Join(lines, "\n"))
	return err
}

// findingText is a finding for people, over several lines.
func findingText(f submission.Finding) string {
	v := cli.ViewFinding(f.Finding)
	head := fmt.Sprintf("[%s] %s  规则 %d  %s", v.Severity, display.Plain(f.At.String()), f.Rule, v.Title)
	if f.Field != "" {
		head += "（" + f.Field + "）"
	}
	lines := []string{head}
	for _, part := range [][2]string{{"详情", v.Detail}, {"建议", v.Hint}} {
		if part[1] != "" {
			lines = append(lines, cli.Labelled(part[0], display.Plain(part[1]))...)
		}
	}
	return strings.Join(lines, "\n")
}

// fitLines describe, in a dry run, a case that can be sent, and the content that would be sent.
func fitLines(o *submission.Outcome) []string {
	word := "将发送"
	if o.Held != "" {
		word = stateHeld
	}
	lines := []string{
		fmt.Sprintf("%s  案件 %s（%s 户）  处罚决定日期 %s  处罚决定机关 %s", word, display.Marked(o.CaseID), display.Count(o.Items),
			display.Marked(o.PenaltyDate), display.Marked(o.PenaltyOrg)),
	}
	for _, e := range []*submission.Listed{o.First, o.Last} {
		if e != nil {
			lines = append(lines, entityText(e))
		}
	}
	return lines
}

// entityText is an entity for people: it is the sender's own screen, so names are not masked.
func entityText(e *submission.Listed) string {
	return fmt.Sprintf(
		"    %s  身份代码 %s  信用代码 %s  法定代表人 %s  类型 %s", display.Plain(e.At.String()), display.Marked(e.PripID),
		display.Marked(e.UniscID), display.Marked(e.Legal), display.Marked(e.EntType),
	)
}

// skipped prints a case that was accepted before.
func (p *submitPrinter) skipped(o *submission.Outcome) error {
	if o.State == outbox.Returned.String() {
		return p.print(o, "", fmt.Sprintf("✘ 案件 %s 接收方已退回（原受理号 %s），内容未改；确要按原样重报：diaoxiao outbox retry %s%s",
			display.Plain(o.CaseID), o.AcceptID, display.ShellQuote(o.CaseID), p.box))
	}
	return p.print(o, "skipped", fmt.Sprintf("－ 以前已受理  %s  案件 %s", o.AcceptID, display.Plain(o.CaseID)))
}

// sentCase prints an outcome.
func (p *submitPrinter) sentCase(o *submission.Outcome) error {
	p.sent.Add(1)
	id := display.Plain(o.CaseID)
	switch o.State {
	case outbox.Accepted.String():
		return p.accepted(o, id)
	case outbox.Unknown.String():
		return p.print(o, "unknown", fmt.Sprintf("？ 案件 %s 结果未知，请再次运行：%s", id, display.Plain(o.Message)))
	case outbox.Refused.String():
		lines := append([]string{fmt.Sprintf("✘ 案件 %s 被拒绝（%s）：", id, o.Codes)}, indented(o.Message)...)
		return p.print(o, "", append(lines, "    "+display.Plain(adviceOf(o.Codes)))...)
	}
	return p.print(o, "pending", fmt.Sprintf("－ 案件 %s 没有报送：%s", id, display.Plain(o.Message)))
}

// accepted prints a case that was accepted now.
func (p *submitPrinter) accepted(o *submission.Outcome, id string) error {
	if o.Shared != "" {
		return p.print(o, "", fmt.Sprintf("✘ 案件 %s 的受理号 %s 与另一案件（%s）相同，接收方可能已恢复到旧数据；请立即联系接收方并运行 diaoxiao reconcile",
			id, o.AcceptID, display.Plain(o.Shared)))
	}
	if !p.oneByOne {
		return p.print(o, "accepted")
	}
	return p.print(o, "accepted", fmt.Sprintf("✔ 已受理  %s  案件 %s（%s 户）", o.AcceptID, id, display.Count(o.Items)))
}

// adviceOf is the advice of the catalogue about the first of some codes.
func adviceOf(codes string) string {
	if len(codes) < 5 {
		return ""
	}
	return api.Code(codes[:5]).Info().Advice
}
