package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"

	"github.com/spf13/cobra"

	"diaoxiao/api"
	"diaoxiao/client"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/sender/outbox"
	"diaoxiao/internal/sender/sheet"
	"diaoxiao/internal/sender/submission"
)

// submitPrinter tells a submission to people, or to a program as JSON Lines.
type submitPrinter struct {
	out, errw io.Writer
	asJSON    bool
	terminal  bool

	cases, items atomic.Int64 // checked
	sent         atomic.Int64
	line         *cli.Line // on a terminal, how far the sending has come
	oneByOne     bool      // few enough to name each accepted case
	alike        map[string]int
	box          string // what to add to other commands for the same outbox
	failures     atomic.Int64

	loggingIn atomic.Bool // before the first case; then:
	attempt   int
	why       string // it failed
}

// maxAlike is how many messages of one kind are printed one by one.
const maxAlike = submission.Few

func newSubmitPrinter(cmd *cobra.Command, asJSON bool) *submitPrinter {
	p := &submitPrinter{out: cmd.OutOrStdout(), errw: cmd.ErrOrStderr(), asJSON: asJSON, alike: make(map[string]int)}
	p.terminal, p.line = cli.IsTerminal(p.errw), cli.NewLine(p.errw)
	return p
}

// tell writes one case as JSON, or lines about it to people: of each kind maxAlike at most, but all where kind is "".
func (p *submitPrinter) tell(o *submission.Outcome, kind string, lines ...string) error {
	if p.asJSON {
		return cli.PrintJSON(p.out, viewOutcome(o))
	}
	if p.alike[kind]++; len(lines) == 0 || kind != "" && p.alike[kind] > maxAlike {
		return nil
	}
	return p.line.Above(func() error {
		_, err := fmt.Fprintln(p.out, strings.Join(lines, "\n"))
		return err
	})
}

// Looked keeps how far the checks have come; watchChecks prints it.
func (p *submitPrinter) Looked(cases, items int) {
	p.cases.Store(int64(cases))
	p.items.Store(int64(items))
}

// Report prints a case.
func (p *submitPrinter) Report(o submission.Outcome) error {
	switch o.Event {
	case submission.Unreadable:
		return p.tell(&o, "", "✘ "+display.Plain(o.Problems[0].Error()))
	case submission.Blocked:
		return p.tell(
			&o,
			"",
			append([]string{notSent(cmp.Or(display.Plain(o.CaseID), "（无编号）"), o)}, problemLines(o.Problems)...)...,
		)
	case submission.TakenBack:
		return p.tell(
			&o,
			"",
			append([]string{notSent(display.Marked(o.CaseID), o)}, problemLines(o.Problems[len(o.Problems)-1:])...)...,
		)
	case submission.Fit:
		return errors.Join(p.findings(&o), p.tell(&o, "fit", fitLines(&o)...))
	case submission.Recorded:
		return p.findings(&o)
	case submission.Skipped:
		return p.skipped(&o)
	case submission.Sent:
		return p.sentCase(&o)
	case submission.Left:
		return p.tell(&o, "left")
	case submission.Waits:
		return p.tell(
			&o,
			"held",
			append([]string{fmt.Sprintf("－ 案件 %s 待确认，没有发送：", display.Marked(o.CaseID))}, indented(o.Held)...)...,
		)
	case submission.Unchanged:
		return p.tell(&o, "", fmt.Sprintf("－ 案件 %s 已受理（受理号 %s，接收方状态：%s），没有退回，不再发送", display.Plain(o.CaseID), o.AcceptID,
			display.Plain(o.Theirs)))
	case submission.Differing:
		return p.tell(
			&o,
			"",
			fmt.Sprintf("✘ %s：案件 %s 本地记为%s（受理号 %s），%s，没有发送", o.Difference, display.Plain(o.CaseID), o.State,
				o.AcceptID, display.Plain(o.Message)),
			"    "+o.Difference.Step(),
		)
	}
	return nil
}

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

// findings prints what the receiver will find, and remarks of the file; they do not stand against sending. JSON has
// them with the outcome.
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

// fitLines are a case of a dry run that can be sent, with what would be.
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

// entityText is an entity for people: it is the sender's own screen, so names stand as they are.
func entityText(e *submission.Listed) string {
	return fmt.Sprintf(
		"    %s  身份代码 %s  信用代码 %s  法定代表人 %s  类型 %s", display.Plain(e.At.String()), display.Marked(e.PripID),
		display.Marked(e.UniscID), display.Marked(e.Legal), display.Marked(e.EntType),
	)
}

// skipped prints a case that was accepted before.
func (p *submitPrinter) skipped(o *submission.Outcome) error {
	if o.State == outbox.Returned.String() {
		return p.tell(o, "", fmt.Sprintf("✘ 案件 %s 接收方已退回（原受理号 %s），内容未改；确要按原样重报：diaoxiao outbox retry %s%s",
			display.Plain(o.CaseID), o.AcceptID, display.ShellQuote(o.CaseID), p.box))
	}
	return p.tell(o, "skipped", fmt.Sprintf("－ 以前已受理  %s  案件 %s", o.AcceptID, display.Plain(o.CaseID)))
}

// sentCase prints an outcome.
func (p *submitPrinter) sentCase(o *submission.Outcome) error {
	p.sent.Add(1)
	id := display.Plain(o.CaseID)
	switch o.State {
	case outbox.Accepted.String():
		return p.accepted(o, id)
	case outbox.Unknown.String():
		return p.tell(o, "unknown", fmt.Sprintf("？ 案件 %s 结果未知，请再次运行：%s", id, display.Plain(o.Message)))
	case outbox.Refused.String():
		lines := append([]string{fmt.Sprintf("✘ 案件 %s 被拒绝（%s）：", id, o.Codes)}, indented(o.Message)...)
		return p.tell(o, "", append(lines, "    "+display.Plain(adviceOf(o.Codes)))...)
	}
	return p.tell(o, "pending", fmt.Sprintf("－ 案件 %s 没有报送：%s", id, display.Plain(o.Message)))
}

// accepted prints a case that was accepted now.
func (p *submitPrinter) accepted(o *submission.Outcome, id string) error {
	if o.Shared != "" {
		return p.tell(o, "", fmt.Sprintf("✘ 案件 %s 的受理号 %s 与另一案件（%s）相同，接收方可能已恢复到旧数据；请立即联系接收方并运行 diaoxiao reconcile",
			id, o.AcceptID, display.Plain(o.Shared)))
	}
	if !p.oneByOne {
		return p.tell(o, "accepted")
	}
	return p.tell(o, "accepted", fmt.Sprintf("✔ 已受理  %s  案件 %s（%s 户）", o.AcceptID, id, display.Count(o.Items)))
}

// adviceOf is what to do about codes, from the catalogue.
func adviceOf(codes string) string {
	if len(codes) < 5 {
		return ""
	}
	return api.Code(codes[:5]).Info().Advice
}

// observe tells that the receiver does not answer, while it is asked again: now and then, not each time.
func (p *submitPrinter) observe(x client.Exchange) {
	if p.failedLogin(x) || p.asJSON || x.Err == nil && x.Status < 500 || p.failures.Add(1)%maxAlike != 1 {
		return
	}
	why := fmt.Sprintf("HTTP %d %s", x.Status, x.Codes)
	if x.Err != nil {
		why = senderSpeaker().Words(x.Err)
	}
	p.line.Above(func() error {
		_, err := fmt.Fprintf(p.errw, "接收方没有给出结果（%s：%s），正在重试；Ctrl-C 结束\n", x.Call, display.Plain(why))
		return err
	})
}

// watchChecks tells now and then how far the checks have come, until the function returned is called.
func (p *submitPrinter) watchChecks() func() {
	if p.asJSON {
		return func() {}
	}
	lines := cli.NewProgress(p.errw, "检查")
	return cli.Watch(func() { lines.At("%s 件，%s 户", display.Count(p.cases.Load()), display.Count(p.items.Load())) })
}

// watchSending shows how far the sending of n cases has come, until the function returned is called.
func (p *submitPrinter) watchSending(n int) func() {
	p.oneByOne = n <= maxAlike
	switch {
	case p.asJSON:
		return func() {}
	case p.terminal && n > 1:
		done := cli.Watch(func() { p.line.Show("报送：%s / %s 件", display.Count(p.sent.Load()), display.Count(n)) })
		return func() { done(); p.line.Clear() }
	}
	lines := cli.NewProgress(p.errw, "报送")
	return cli.Watch(func() { lines.At("%s / %s 件", display.Count(p.sent.Load()), display.Count(n)) })
}

// checked says what the checks came to, before anything is sent.
func (p *submitPrinter) checked(t submission.Tally, dry bool) error {
	if p.asJSON {
		return nil
	}
	text := fmt.Sprintf(
		"检查：%s 件 %s 户，可报送 %s，须改正 %s；核验提示：%s", display.Count(t.Cases), display.Count(t.Items), display.Count(t.Fit),
		display.Count(t.Blocked), foundWords(t),
	)
	if !dry && t.Warnings+t.Notices > 0 {
		text += "（警示和提示用 --dry-run 逐条查看）"
	}
	if t.Skipped > 0 {
		text += fmt.Sprintf("；以前已受理 %s", display.Count(t.Skipped))
		text += unlistedOf(p.alike["skipped"])
	}
	if dry {
		if more := unlistedOf(p.alike["fit"]); more != "" {
			text += "\n可报送的只列出 20 件" + more
		}
		text += "\n只作检查，没有报送，也没有与发件箱中的案件对照"
	}
	_, err := fmt.Fprintln(p.out, text)
	return err
}

// unlistedOf says how many of n messages of one kind were not told one by one.
func unlistedOf(n int) string {
	if n <= maxAlike {
		return ""
	}
	return fmt.Sprintf("（另有 %s 件未逐件列出，--json 全部给出）", display.Count(n-maxAlike))
}

// end says what became of all.
func (p *submitPrinter) end(t sumView, box *outbox.Outbox) error {
	if p.asJSON {
		return cli.PrintJSON(p.out, map[string]sumView{"summary": t})
	}
	text := fmt.Sprintf("完成：受理 %s", display.Count(t.Accepted))
	for _, part := range []struct {
		n    int
		text string
	}{
		{t.Skipped, "以前已受理 %s"},
		{t.Returned, "已退回而未改 %s"},
		{t.Differing, "与接收方不符 %s"},
		{t.Refused, "被拒绝 %s"},
		{t.Unknown, "结果未知 %s（请再次运行同一命令）"},
		{t.Pending, "待发送 %s（请再次运行同一命令）"},
		{t.Held, "待确认 %s（有严重提示或存疑，没有报送）"},
		{t.Blocked, "未报送 %s（改正后再次运行）"},
	} {
		if part.n > 0 {
			text += "，" + fmt.Sprintf(part.text, display.Count(part.n))
		}
	}
	if t.broken {
		text += fmt.Sprintf("，未存入 %s 和其后没有读到的案件", display.Count(t.Unrecorded))
	}
	text += fmt.Sprintf("；用时 %.1f 秒", t.Seconds)
	if t.Next != "" {
		text += "\n下一步：" + t.Next
	}
	text += fmt.Sprintf("\n发件箱 %s", box.Dir())
	if t.Accepted+t.Skipped > 0 {
		text += "；导出回执：diaoxiao outbox export 回执.csv" + p.box
	}
	_, err := fmt.Fprintln(p.out, text)
	return err
}
