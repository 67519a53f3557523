package cli

import (
	"cmp"
	"fmt"
	"io"
	"time"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/sender/reconcile"
)

// reconciledView is a comparison as --json shows it.
type reconciledView struct {
	From        string                 `json:"from"`
	To          string                 `json:"to"`
	URL         string                 `json:"url"`
	AppKey      string                 `json:"appKey"`
	Equal       int64                  `json:"equal"`
	Uncompared  int64                  `json:"uncompared"`
	Open        int64                  `json:"open"`
	Elsewhere   int64                  `json:"elsewhere"`
	Others      []receiverView         `json:"otherReceivers,omitempty"` // of the outbox
	Differences []reconcile.Difference `json:"differences"`
}

func (r *reconciling) view(a *reconcile.Comparison) reconciledView {
	d := r.ends.Days
	return reconciledView{
		d.From.Format(time.DateOnly),
		d.To.Format(time.DateOnly),
		r.sender.URL,
		r.sender.AppKey,
		a.Equal,
		a.Uncompared,
		a.Open,
		a.Elsewhere,
		r.others,
		append([]reconcile.Difference{}, a.Differences...),
	}
}

func (r *reconciling) report(out io.Writer, a *reconcile.Comparison) (err error) {
	if r.asJSON {
		err = cli.PrintJSON(out, r.view(a))
	} else {
		err = r.print(out, a)
	}
	if err == nil && len(a.Differences) > 0 {
		err = explain.ErrFaults
	}
	return err
}

// place is where the sender's side was read from.
func (r *reconciling) place() string {
	if r.ends.Box == nil {
		return "清单 " + r.list
	}
	return "发件箱 " + r.sender.Outbox
}

// shownDifferences is how many of a kind are listed for people; --json has all.
const shownDifferences = 1000

func (r *reconciling) print(out io.Writer, a *reconcile.Comparison) error {
	fmt.Fprintf(
		out, "对账  %s（北京时间，接收日）  %s ↔ %s\n相同 %s 件\n", r.ends.Days, r.place(), r.sender.URL, display.Count(a.Equal),
	)
	for _, kind := range reconcile.Kinds() {
		if err := printDifferences(out, a.Differences, kind); err != nil {
			return err
		}
	}
	for _, line := range []struct {
		n    int64
		text string
	}{{a.Open, "尚无结果 %s 件（待发送、发送中、结果未知），接收方也没有：diaoxiao outbox retry 继续报送"},
		{a.Uncompared, "其中 %s 件只核对了受理号，没有比对内容"}, {a.Elsewhere, "另有 %s 件的接收日在起止日期以外，已单独查到"}} {
		if line.n > 0 {
			fmt.Fprintf(out, "\n"+line.text+"\n", display.Count(line.n))
		}
	}
	if len(a.Differences) == 0 {
		fmt.Fprintln(out, "\n一致")
	}
	return nil
}

// printDifferences lists the differences of one kind, if there are any.
func printDifferences(out io.Writer, all []reconcile.Difference, kind reconcile.Kind) error {
	n := 0
	t := display.NewTable(out)
	for _, d := range all {
		if d.Kind != kind {
			continue
		}
		if n++; n == 1 {
			t.Add("  本地受理号", "接收方受理号", "接收方状态", "接收时间", "账户", "案件编号", "办理进度", "说明")
		}
		if n <= shownDifferences {
			t.Add(
				"  "+cmp.Or(d.AcceptID, "—"), cmp.Or(d.TheirAcceptID, "—"), cmp.Or(d.TheirState, "—"),
				cmp.Or(d.ReceivedAt, "—"), cmp.Or(d.Account, "—"), d.CaseID,
				cmp.Or(firmsLine(d.FirmCounts), "—"), d.What,
			)
		}
	}
	if n == 0 {
		return nil
	}
	fmt.Fprintf(out, "\n%s %s 件：%s\n", kind, display.Count(n), kind.Meaning())
	if err := t.Flush(); err != nil {
		return err
	}
	if n > shownDifferences {
		fmt.Fprintf(out, "  ……另有 %s 件未列出，--json 全部给出\n", display.Count(n-shownDifferences))
	}
	printReasons(out, all, kind)
	for _, line := range display.Wrap("处理  "+kind.Step(), display.Width-2) {
		fmt.Fprintln(out, "  "+line)
	}
	return nil
}

// shownReasons is of how many returned cases the reason is shown to people; --json has all that were asked for.
const shownReasons = 100

// printReasons says why cases of a kind were returned.
func printReasons(out io.Writer, all []reconcile.Difference, kind reconcile.Kind) {
	n := 0
	for _, d := range all {
		why := d.Return()
		if d.Kind != kind || why == nil {
			continue
		}
		if n++; n > shownReasons {
			fmt.Fprintf(out, "  ……其余案件的退回理由见 --json，或 diaoxiao status 受理号\n")
			return
		}
		fmt.Fprintf(out, "  受理号 %s  案件编号 %s\n", display.Plain(d.TheirAcceptID), display.Plain(d.CaseID))
		for _, line := range returnedLines(why) {
			fmt.Fprintln(out, "    "+line)
		}
	}
}
