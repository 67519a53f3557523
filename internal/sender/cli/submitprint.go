package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"

	"github.com/spf13/cobra"

	"diaoxiao/client"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/sender/submission"
)

// submitPrinter prints a submission: text for people, or JSON Lines for a program.
type submitPrinter struct {
	out, errw io.Writer
	asJSON    bool
	terminal  bool

	cases, items atomic.Int64 // checked
	sent         atomic.Int64
	line         *cli.Line // on a terminal, the progress of the sending
	oneByOne     bool      // few enough to name each accepted case
	alike        map[string]int
	box          string // the flag that other commands need for the same outbox
	failures     atomic.Int64

	loggingIn atomic.Bool // before the first case; while true:
	attempt   int
	why       string // the reason of the last failed attempt
}

// maxAlike is how many messages of one kind are printed one by one.
const maxAlike = submission.Few

func newSubmitPrinter(cmd *cobra.Command, asJSON bool) *submitPrinter {
	p := &submitPrinter{out: cmd.OutOrStdout(), errw: cmd.ErrOrStderr(), asJSON: asJSON, alike: make(map[string]int)}
	p.terminal, p.line = cli.IsTerminal(p.errw), cli.NewLine(p.errw)
	return p
}

// print prints one case as JSON, or as lines for people: at most maxAlike messages of each kind, but all where kind is
// "".
func (p *submitPrinter) print(o *submission.Outcome, kind string, lines ...string) error {
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

// Looked records the progress of the checks; watchChecks prints it.
func (p *submitPrinter) Looked(cases, items int) {
	p.cases.Store(int64(cases))
	p.items.Store(int64(items))
}

// Report prints a case.
func (p *submitPrinter) Report(o submission.Outcome) error {
	switch o.Event {
	case submission.Unreadable:
		return p.print(&o, "", "✘ "+display.Plain(o.Problems[0].Error()))
	case submission.Blocked:
		return p.print(
			&o,
			"",
			append([]string{notSent(cmp.Or(display.Plain(o.CaseID), "（无编号）"), o)}, problemLines(o.Problems)...)...,
		)
	case submission.TakenBack:
		return p.print(
			&o,
			"",
			append([]string{notSent(display.Marked(o.CaseID), o)}, problemLines(o.Problems[len(o.Problems)-1:])...)...,
		)
	case submission.Fit:
		return errors.Join(p.findings(&o), p.print(&o, "fit", fitLines(&o)...))
	case submission.Recorded:
		return p.findings(&o)
	case submission.Skipped:
		return p.skipped(&o)
	case submission.Sent:
		return p.sentCase(&o)
	case submission.Left:
		return p.print(&o, "left")
	case submission.Waits:
		return p.print(
			&o,
			"held",
			append([]string{fmt.Sprintf("－ 案件 %s 待确认，没有发送：", display.Marked(o.CaseID))}, indented(o.Held)...)...,
		)
	case submission.Unchanged:
		return p.print(&o, "", fmt.Sprintf("－ 案件 %s 已受理（受理号 %s，接收方状态：%s），没有退回，不再发送",
			display.Plain(o.CaseID), o.AcceptID, display.Plain(o.Theirs)))
	case submission.Differing:
		return p.print(
			&o,
			"",
			fmt.Sprintf("✘ %s：案件 %s 本地记为%s（受理号 %s），%s，没有发送", o.Difference, display.Plain(o.CaseID), o.State,
				o.AcceptID, display.Plain(o.Message)),
			"    "+o.Difference.Step(),
		)
	}
	return nil
}

// observe prints, for some of the failed calls, that the receiver gave no result and is asked again.
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

// watchChecks prints the progress of the checks now and then, until the returned function is called.
func (p *submitPrinter) watchChecks() func() {
	if p.asJSON {
		return func() {}
	}
	lines := cli.NewProgress(p.errw, "检查")
	return cli.Watch(func() { lines.At("%s 件，%s 户", display.Count(p.cases.Load()), display.Count(p.items.Load())) })
}

// watchSending shows how many of n cases are sent, until the returned function is called.
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
