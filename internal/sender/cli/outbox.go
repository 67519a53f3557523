package cli

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/sender/outbox"
	"diaoxiao/internal/sender/submission"
)

// newOutbox is the command outbox with the commands below it.
func newOutbox(env *cli.Environment) *cobra.Command {
	cmd := &cobra.Command{Use: "outbox", Short: "发件箱：报送过的案件和报送结果",
		Long: `发件箱记录每件案件要发送的内容、可能已发出的时刻和接收方的答复，由 submit 建立，每个接入
配置一个。其中只增不减，没有密钥。查看不影响正在进行的报送。`}
	cmd.AddCommand(
		newOutboxListCommand(env), newOutboxShowCommand(env), newOutboxRetryCommand(env), newOutboxExportCommand(env),
		newOutboxDropCommand(env), newOutboxMergeCommand(env), newOutboxReceiptCommand(env),
	)
	return cmd
}

// openOutbox opens an outbox for sending.
func openOutbox(dir string) (*outbox.Outbox, error) {
	b, err := outbox.Open(dir, time.Now)
	return b, submission.BoxError(err)
}

// withOutbox opens the outbox for reading.
func withOutbox(env *cli.Environment, cmd *cobra.Command, f func(*outbox.Outbox) error) error {
	dir, err := outboxDir(env, cmd)
	if err != nil {
		return err
	}
	b, err := outbox.OpenToRead(dir)
	if err != nil {
		return submission.BoxError(err)
	}
	return errors.Join(f(b), b.Close())
}

// outboxDir is the folder of the outbox; where the command line names one, it needs no profile.
func outboxDir(env *cli.Environment, cmd *cobra.Command) (string, error) {
	if dir, _ := cmd.Flags().GetString("outbox"); dir != "" {
		return dir, forSender(env, cmd.Flags())
	}
	_, p, err := senderSettings(env, cmd)
	return p.Outbox, err
}

// outboxFlags registers the flags that name an outbox.
func outboxFlags(f *pflag.FlagSet) {
	new(senderFlags).fileFlags(f)
	f.String("profile", "", "接入配置的`名称`；也可用环境变量 DIAOXIAO_PROFILE")
	f.String("outbox", "", "发件箱`目录`；缺省为该接入配置的")
}

func newOutboxListCommand(env *cli.Environment) *cobra.Command {
	var states []string
	var asJSON bool
	cmd := &cobra.Command{Use: "list", Short: "列出发件箱中的案件", Args: cli.Args(),
		Example: `  diaoxiao outbox list --state 结果未知,被拒绝`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			for _, word := range states {
				if s, ok := outbox.StateOf(word); word != stateHeld && (!ok || s == outbox.Dropped) {
					return explain.Usagef("--state %q：应为待发送、待确认、发送中、已受理、被拒绝、结果未知、已退回", word)
				}
			}
			return withOutbox(env, cmd, func(b *outbox.Outbox) error { return listOutbox(cmd, b, states, asJSON) })
		}}
	outboxFlags(cmd.Flags())
	cmd.Flags().StringSliceVar(&states, "state", nil, "只列这些`状态`，以逗号分隔")
	cmd.Flags().BoolVar(&asJSON, "json", false, "以 JSON Lines 输出")
	return cmd
}

func listOutbox(cmd *cobra.Command, b *outbox.Outbox, states []string, asJSON bool) error {
	out := cmd.OutOrStdout()
	each := func(f func(outbox.Entry) error) error {
		return b.Entries(cmd.Context(), outbox.Filter{}, func(e outbox.Entry) error {
			if len(states) > 0 && !slices.Contains(states, e.State.String()) && !slices.Contains(states, stateWord(e)) {
				return nil
			}
			return f(e)
		})
	}
	faults, err := b.Receipts()
	if err != nil {
		return submission.BoxError(err)
	}
	if asJSON {
		return each(func(e outbox.Entry) error { return cli.PrintJSON(out, viewEntry(e, faults)) })
	}
	all, err := b.Receivers()
	if err != nil {
		return err
	}
	t := display.NewTable(out)
	t.Add(withReceipt(faults, "受理回执",
		withReceiver(all, "接收方", "状态", "受理号", "时间", "户数", "案件编号", "来源"))...)
	err = each(func(e outbox.Entry) error {
		at := e.Settled
		if at.IsZero() {
			at = e.Recorded
		}
		return t.Add(withReceipt(faults, receiptWord(faults, e.No), withReceiver(
			all,
			receiverWord(all, e.Target),
			stateWord(e),
			e.AcceptID,
			cli.Beijing(at),
			fmt.Sprint(e.Items),
			e.CaseID,
			submission.PlaceOf(e.Source).String(),
		))...)
	})
	return errors.Join(err, t.Flush(), printSeveral(cmd, all))
}
