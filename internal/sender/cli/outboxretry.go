package cli

import (
	"errors"
	"time"

	"github.com/spf13/cobra"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/sender/outbox"
	"diaoxiao/internal/sender/submission"
)

func newOutboxRetryCommand(env *cli.Environment) *cobra.Command {
	var from senderFlags
	var yes, asJSON bool
	cmd := &cobra.Command{Use: "retry [CASEID…]", Short: "再次发送没有结果的案件",
		Long: `以完全相同的内容发送待发送和结果未知的案件；已受理过的得到原受理号，不会重报。指明案件
编号时只发送这些，被拒绝的也再发送；已受理的先向接收方查询，已退回的按原内容重报并得到新的
受理号，没有退回的不发送；接收方没有该案件或受理号不同的，指出来（退出码 3）。

待确认的案件（有严重提示或存疑）不发送，逐件列出原因（退出码 3）；核对无误的加 --yes。`,
		RunE: func(cmd *cobra.Command, args []string) error { return retry(env, cmd, args, yes, asJSON) }}
	from.flags(cmd.Flags())
	cmd.Flags().BoolVar(&yes, "yes", false, yesFlag)
	cmd.Flags().BoolVar(&asJSON, "json", false, "以 JSON Lines 输出，每件一行，最后一行为合计")
	return cmd
}

// retry sends cases of the outbox.
func retry(env *cli.Environment, cmd *cobra.Command, caseIDs []string, yes, asJSON bool) (err error) {
	to, err := openSender(env, cmd)
	if err != nil {
		return err
	}
	if b, err := outbox.OpenToRead(to.Outbox); err != nil { // retry makes none
		return submission.BoxError(err)
	} else if err := b.Close(); err != nil {
		return err
	}
	d := newDelivery(cmd, asJSON)
	conf := submission.Config{Report: d.out}
	if err := d.open(to, &conf); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.box.Close()) }()
	defer leave(cmd.Context(), d.client)
	began := time.Now()
	d.run = submission.New(conf)
	if err = d.run.Retry(cmd.Context(), caseIDs, yes); err == nil {
		err = d.run.Release()
	}
	if err == nil {
		err = d.send()
	}
	if err == nil {
		err = d.collect()
	}
	return d.end(err, time.Since(began))
}
