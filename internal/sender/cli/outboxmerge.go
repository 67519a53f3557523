package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"diaoxiao/api"
	"diaoxiao/client"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/sender/outbox"
	"diaoxiao/internal/sender/profile"
	"diaoxiao/internal/sender/submission"
)

func newOutboxMergeCommand(env *cli.Environment) *cobra.Command {
	var flags senderFlags
	var m merging
	cmd := &cobra.Command{Use: "merge", Short: "声明两个地址是同一个接收方：接收方换了地址", Args: cli.Args(),
		Long: `接收方换了地址以后，发件箱仍把旧地址当作另一个接收方：对账时全部成了“多出”，旧地址名下没有
结果的不再发送，同样的案件会再报一次。merge 声明旧地址（--from）与现在的地址（接入配置或
--url、--to 所指）是同一个接收方，以后两个地址不再区分：已受理的不会再发，没有结果的由
outbox retry 发往现在的地址。appKey 不变：换了 appKey 的是另一个应用，不能合并。

先向现在的接收方查询旧地址名下已受理的案件（至多 200 件），有一件没有，或受理号不同，就不
是同一个接收方，不合并。两边都有的案件，内容、受理号一致的合为一件，以知道得多的为准；不
一致的逐件列出，不作任何改变（退出码 3）。

可以重复执行。合并不能撤销：案件的原地址留在发件箱中（outbox show），合并的时间也有记录。
拿不准的先用 --dry-run 看，或先备份发件箱目录。`,
		Example: `  diaoxiao outbox merge --from https://10.1.2.3:8443 --dry-run
  diaoxiao outbox merge --from https://10.1.2.3:8443`,
		RunE: func(cmd *cobra.Command, _ []string) error { return mergeReceivers(env, cmd, &m) }}
	flags.flags(cmd.Flags())
	cmd.Flags().StringVar(&m.from, "from", "", "旧`地址`（必填）")
	cmd.Flags().StringVar(&m.to, "to", "", "现在的`地址`，同 --url；缺省为接入配置的")
	cmd.Flags().BoolVar(&m.dry, "dry-run", false, "只查看，不改变")
	cmd.Flags().BoolVar(&m.unchecked, "unchecked", false, "不向接收方查询，自行负责两个地址是同一个接收方")
	return cmd
}

// merging is the state of one merge.
type merging struct {
	from, to       string
	dry, unchecked bool

	sender   *profile.Sender
	box      *outbox.Outbox
	old, now outbox.Target
	checked  int
}

// mostProved is how many accepted cases at most are queried before two addresses count as one receiver.
const mostProved = 200

func mergeReceivers(env *cli.Environment, cmd *cobra.Command, m *merging) (err error) {
	if err := cli.Need(cmd, "from"); err != nil {
		return err
	}
	if m.to != "" && !cmd.Flags().Changed("url") {
		if err := cmd.Flags().Set("url", m.to); err != nil {
			return err
		}
	}
	if m.from, err = profile.ParseRoot(m.from, true); err != nil {
		return err
	}
	if m.sender, err = openSender(env, cmd); err != nil {
		return err
	}
	if b, err := outbox.OpenToRead(m.sender.Outbox); err != nil { // merge makes none
		return submission.BoxError(err)
	} else if err := b.Close(); err != nil {
		return err
	}
	if m.box, err = openOutbox(m.sender.Outbox); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.box.Close()) }()
	m.old, m.now = outbox.Target{URL: m.from, AppKey: m.sender.AppKey}, outbox.Target{
		URL:    m.sender.URL,
		AppKey: m.sender.AppKey,
	}
	return m.run(cmd)
}

func (m *merging) run(cmd *cobra.Command) error {
	plan, err := m.box.Merge(m.old, m.now, true)
	if err != nil {
		return m.refused(cmd, err)
	}
	if len(plan.Conflicts) > 0 {
		return m.printConflicts(cmd, plan.Conflicts)
	}
	if !m.unchecked {
		if err := m.prove(cmd.Context()); err != nil {
			return err
		}
	}
	word := "可以合并"
	if !m.dry {
		if plan, err = m.box.Merge(m.old, m.now, false); err != nil {
			return submission.BoxError(err)
		}
		word = "已合并"
	}
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "%s：%s 名下 %s 件归入 %s", word, m.old.URL, display.Count(plan.Moved), m.now.URL)
	if plan.Joined > 0 {
		fmt.Fprintf(out, "，其中两边都有、合为一件的 %s 件", display.Count(plan.Joined))
	}
	if m.checked > 0 {
		fmt.Fprintf(out, "；已向接收方查到其中已受理的 %s 件", display.Count(m.checked))
	}
	_, err = fmt.Fprintf(out, "\n没有结果的由 diaoxiao outbox retry%s 继续报送\n", boxFlag(cmd, m.sender))
	return err
}

// refused says why there is nothing to merge.
func (m *merging) refused(cmd *cobra.Command, err error) error {
	switch {
	case errors.Is(err, outbox.ErrSame):
		_, err := fmt.Fprintln(cmd.OutOrStdout(), "两个地址已是同一接收方，没有要做的")
		return err
	case errors.Is(err, outbox.ErrNotFound):
		text := fmt.Sprintf("发件箱中没有以 appKey %s 报给 %s 的案件", m.old.AppKey, m.old.URL)
		all, failed := m.box.Receivers()
		for i, r := range all {
			text += cmp.Or(map[bool]string{true: "；有："}[i == 0], "、") + r.URL + "（appKey " + r.AppKey + "）"
		}
		return errors.Join(explain.BadUsage(errors.New(text)), failed)
	}
	return submission.BoxError(err)
}

func (m *merging) printConflicts(cmd *cobra.Command, all []outbox.Conflict) error {
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "没有合并：%s 件在两个地址名下不一致，一个接收方不可能两样都有\n", display.Count(len(all)))
	for i, c := range all {
		if i == maxAlike {
			fmt.Fprintf(out, "  另有 %s 件未列出\n", display.Count(len(all)-i))
			break
		}
		fmt.Fprintf(
			out, "✘ %s：案件 %s %s %s\n  %s：案件 %s %s %s\n", c.From.URL, display.Marked(c.From.CaseID), c.From.State,
			c.From.AcceptID, c.To.URL, display.Marked(c.To.CaseID), c.To.State, c.To.AcceptID,
		)
	}
	fmt.Fprintln(out, "处理  先确认两个地址是不是同一个接收方；从未发出的一份可用 diaoxiao outbox drop --url 地址 案件编号 放弃；已受理的与接收方核对以哪一份为准")
	return explain.ErrFaults
}

// prove asks the receiver for cases that were accepted under the old address: it has them all if it is the same.
func (m *merging) prove(ctx context.Context) error {
	accepted, err := m.sample(ctx)
	if err != nil || len(accepted) == 0 {
		return err
	}
	to, err := m.sender.Client(func(c *client.Config) { c.Attempts = 4 })
	if err != nil {
		return err
	}
	defer leave(ctx, to)
	for _, e := range accepted {
		now, err := to.Query(ctx, api.QueryRequest{AcceptID: e.AcceptID, CaseID: e.CaseID})
		switch {
		case errors.Is(err, client.ErrNotOffered):
			return explain.WithStep(err, "向接收方核实两个地址是同一个接收方以后，加 --unchecked 再次运行")
		case errors.Is(err, api.NoSuchCase), err == nil && (now.AcceptID != e.AcceptID || now.CaseID != e.CaseID):
			return explain.WithStep(fmt.Errorf(
				"没有合并：%s 的接收方没有案件 %s（受理号 %s），不是同一个接收方，或恢复到了旧数据", m.now.URL, display.Marked(e.CaseID), e.AcceptID,
			),
				"向接收方核实；确是同一个接收方的，先查清这件案件")
		case err != nil:
			return explain.WithStep(fmt.Errorf("查询受理号 %s：%w", e.AcceptID, err), senderStep(err))
		}
		m.checked++
	}
	return nil
}

// sample are accepted cases of the old address, spread over all of them.
func (m *merging) sample(ctx context.Context) (accepted []outbox.Entry, err error) {
	f := outbox.Filter{Target: m.old, States: []outbox.State{outbox.Accepted, outbox.Returned}}
	n, step := 0, 1
	err = m.box.Entries(ctx, f, func(e outbox.Entry) error {
		if n++; n%step != 0 {
			return nil
		}
		if accepted = append(accepted, e); len(accepted) == 2*mostProved {
			for i := range mostProved {
				accepted[i] = accepted[2*i+1]
			}
			accepted, step = accepted[:mostProved], 2*step
		}
		return nil
	})
	return accepted, submission.BoxError(err)
}
