package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"diaoxiao/client"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/rules"
	"diaoxiao/internal/sender/outbox"
	"diaoxiao/internal/sender/sheet"
)

// submitPrinter tells a submission to people, or to a program as JSON Lines.
type submitPrinter struct {
	out, errw io.Writer
	asJSON    bool
	terminal  bool

	cases, items atomic.Int64 // checked
	sent         atomic.Int64
	bar          *progressbar.ProgressBar
	oneByOne     bool // few enough to name each accepted case
	alike        map[string]int
	box          string // what to add to other commands for the same outbox
	failures     atomic.Int64

	loggingIn atomic.Bool // before the first case; then:
	attempt   int
	why       string // it failed
}

// maxAlike is how many messages of one kind are told one by one.
const maxAlike = 20

func newSubmitPrinter(cmd *cobra.Command, asJSON bool) *submitPrinter {
	p := &submitPrinter{out: cmd.OutOrStdout(), errw: cmd.ErrOrStderr(), asJSON: asJSON, alike: make(map[string]int)}
	f, ok := p.errw.(*os.File)
	p.terminal = ok && term.IsTerminal(int(f.Fd()))
	return p
}

// tell writes one case as JSON, or as lines to people: all of them where kind is "".
func (p *submitPrinter) tell(v *submitView, kind string, lines ...string) error {
	if p.asJSON {
		return cli.PrintJSON(p.out, v)
	}
	if p.alike[kind]++; len(lines) == 0 || kind != "" && p.alike[kind] > maxAlike {
		return nil
	}
	if p.bar != nil {
		p.bar.Clear()
	}
	_, err := fmt.Fprintln(p.out, strings.Join(lines, "\n"))
	return err
}

// problemLines are problems for people.
func problemLines(ps []sheet.Problem) (lines []string) {
	for _, p := range ps {
		lines = append(lines, "    "+display.Plain(p.Error()))
	}
	return lines
}

// unreadable tells what is wrong with a file as a whole.
func (p *submitPrinter) unreadable(problem sheet.Problem) error {
	v := &submitView{placeView: viewPlace(problem.Place), State: stateBlocked, Problems: viewProblems([]sheet.Problem{problem})}
	return p.tell(v, "", "✘ "+display.Plain(problem.Error()))
}

// blocked tells a case that is not sent.
func (p *submitPrinter) blocked(v *submitView, k *candidate) error {
	head := fmt.Sprintf("✘ 案件 %s 未报送（%s）：", display.Plain(cmp.Or(k.text.CaseID, "（无编号）")), display.Plain(k.where.String()))
	return p.tell(v, "", append([]string{head}, problemLines(k.problems)...)...)
}

// findings tells what the receiver will find, and remarks of the file; they do not stand against sending. JSON has them
// with the outcome.
func (p *submitPrinter) findings(k *candidate) error {
	var lines []string
	for i, d := range k.doubts {
		if i == maxAlike {
			lines = append(lines, fmt.Sprintf("    另有 %s 处存疑未逐一列出", display.Count(len(k.doubts)-i)))
			break
		}
		lines = append(lines, "存疑："+display.Plain(d.Error()))
	}
	for _, n := range k.notes {
		lines = append(lines, "注意："+display.Plain(n.Error()))
	}
	for _, f := range k.views() {
		lines = append(lines, f.text())
	}
	if more := k.found.unlisted(); more > 0 {
		lines = append(lines, fmt.Sprintf("    另有 %s 条未逐一列出", display.Count(more)))
	}
	if p.asJSON || len(lines) == 0 {
		return nil
	}
	switch id := display.Plain(k.text.CaseID); {
	case len(k.found.kept) > 0:
		lines = append([]string{fmt.Sprintf("！案件 %s 核验时将提示：", id)}, lines...)
	case len(k.doubts) > 0:
		lines = append([]string{fmt.Sprintf("！案件 %s 存疑：", id)}, lines...)
	}
	_, err := fmt.Fprintln(p.out, strings.Join(lines, "\n"))
	return err
}

// unlisted is how many findings of the severities that are told were not kept.
func (f *foundList) unlisted() int {
	n := -len(f.kept)
	for s := f.least; s <= rules.Severe; s++ {
		n += f.n[s]
	}
	return n
}

// skipped tells a case that was accepted before.
func (p *submitPrinter) skipped(v *submitView, e outbox.Entry) error {
	if e.State == outbox.Returned {
		return p.tell(v, "", fmt.Sprintf("✘ 案件 %s 接收方已退回（原受理号 %s），内容未改；确要按原样重报：diaoxiao outbox retry %s%s",
			display.Plain(e.CaseID), e.AcceptID, display.ShellQuote(e.CaseID), p.box))
	}
	return p.tell(v, "skipped", fmt.Sprintf("－ 以前已受理  %s  案件 %s", e.AcceptID, display.Plain(e.CaseID)))
}

// sentCase tells an outcome.
func (p *submitPrinter) sentCase(v *submitView) error {
	p.sent.Add(1)
	if p.bar != nil {
		p.bar.Add(1)
	}
	id := display.Plain(v.CaseID)
	switch v.State {
	case outbox.Accepted.String():
		if v.Shared != "" {
			return p.tell(v, "", fmt.Sprintf("✘ 案件 %s 的受理号 %s 与另一案件（%s）相同，接收方可能已恢复到旧数据；请立即联系接收方并运行 diaoxiao reconcile",
				id, v.AcceptID, display.Plain(v.Shared)))
		}
		if !p.oneByOne {
			return p.tell(v, "accepted")
		}
		return p.tell(v, "accepted", fmt.Sprintf("✔ 已受理  %s  案件 %s（%s 户）", v.AcceptID, id, display.Count(v.Items)))
	case outbox.Unknown.String():
		return p.tell(v, "unknown", fmt.Sprintf("？ 案件 %s 结果未知，请再次运行：%s", id, display.Plain(v.Message)))
	case outbox.Refused.String():
		lines := []string{fmt.Sprintf("✘ 案件 %s 被拒绝（%s）：", id, v.Codes)}
		for line := range strings.Lines(v.Message) {
			lines = append(lines, "    "+display.Plain(strings.TrimRight(line, "\n")))
		}
		return p.tell(v, "", append(lines, "    "+display.Plain(adviceOf(v.Codes)))...)
	}
	return p.tell(v, "pending", fmt.Sprintf("－ 案件 %s 没有报送：%s", id, display.Plain(v.Message)))
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
	fmt.Fprintf(p.errw, "接收方没有给出结果（%s：%s），正在重试；Ctrl-C 结束\n", x.Call, display.Plain(why))
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
		p.bar = progressbar.NewOptions(n, progressbar.OptionSetWriter(p.errw), progressbar.OptionSetDescription("报送"), progressbar.OptionShowCount(),
			progressbar.OptionSetItsString("件"), progressbar.OptionShowIts(), progressbar.OptionThrottle(100_000_000), progressbar.OptionClearOnFinish(),
			progressbar.OptionSetWidth(30))
		return func() { p.bar.Finish(); p.bar = nil }
	}
	lines := cli.NewProgress(p.errw, "报送")
	return cli.Watch(func() { lines.At("%s / %s 件", display.Count(p.sent.Load()), display.Count(n)) })
}

// checked says what the checks came to, before anything is sent.
func (p *submitPrinter) checked(t *tally, toSend int, dry bool) error {
	if p.asJSON {
		return nil
	}
	text := fmt.Sprintf("检查：%s 件 %s 户，可报送 %s，须改正 %s；核验提示：%s", display.Count(t.Cases), display.Count(t.Items), display.Count(toSend), display.Count(t.Blocked), t.found())
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
func (p *submitPrinter) end(t *tally, box *outbox.Outbox) error {
	if p.asJSON {
		return cli.PrintJSON(p.out, map[string]*tally{"summary": t})
	}
	text := fmt.Sprintf("完成：受理 %s", display.Count(t.Accepted))
	for _, part := range []struct {
		n    int
		text string
	}{{t.Skipped, "以前已受理 %s"}, {t.Returned, "已退回而未改 %s"}, {t.Differing, "与接收方不符 %s"}, {t.Refused, "被拒绝 %s"}, {t.Unknown, "结果未知 %s（请再次运行同一命令）"}, {t.Pending, "待发送 %s（请再次运行同一命令）"}, {t.Held, "待确认 %s（有严重提示或存疑，没有报送）"}, {t.Blocked, "未报送 %s（改正后再次运行）"}} {
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
