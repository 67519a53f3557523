package cli

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"diaoxiao/client"
	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/sender/outbox"
	"diaoxiao/internal/sender/profile"
	"diaoxiao/internal/sender/reconcile"
	"diaoxiao/internal/sender/submission"
)

// newReconcile is the command reconcile: it compares the sender's records with those of a receiver.
func newReconcile(env *cli.Environment) *cobra.Command {
	var flags senderFlags
	var r reconciling
	cmd := &cobra.Command{Use: "reconcile", Short: "对账：本地的报送记录与接收方逐件核对", Args: cli.Args(),
		Long: `把发件箱（或 --list 给出的清单）中的案件与接收方的受理记录逐件核对：

  缺失    本地记为已受理，接收方没有——最严重，立即联系接收方
  未到    清单中没有受理号（结果未知），接收方也没有：以相同内容再次报送
  不同    两边的内容或受理号不一致
  多出    接收方有，本地没有
  未决    本地不知结果，接收方已受理：diaoxiao outbox retry 取回受理号
  已退回  接收方已退回，本地还不知道

日期为接收方的接收日（北京时间），首尾都含。前后各多取一天来配对，只报告起止日期
以内的差异；“缺失”的每一件（至多 1000 件）再单独查询一次，零点前后发出的、正在
报送的都不会误报。--list 为 CSV：首行列名，须有 caseid（案件编号），另有 acceptid
（受理号）、digest（内容摘要）、sha256 之一或几项；受理号一列空着的，为结果未知，接收方
有的告知受理号。内存约每件 300 字节。

退出码：0 一致；3 有差异；1 对账未能完成；2 参数有误。`,
		Example: `  diaoxiao reconcile --from 2026-11-01 --to 2026-11-30
  diaoxiao reconcile --from 2026-11-24 --list 已报送.csv --json`,
		RunE: func(cmd *cobra.Command, _ []string) error { return runReconcile(env, cmd, &r) }}
	flags.flags(cmd.Flags())
	cmd.Flags().StringVar(&r.fromDay, "from", "", "起始`日期`（必填），如 2026-11-01")
	cmd.Flags().StringVar(&r.toDay, "to", "", "截止`日期`，含当日；缺省为今天")
	cmd.Flags().StringVar(&r.list, "list", "", "不用发件箱，改用该 CSV `文件`中的清单")
	cmd.Flags().BoolVar(&r.asJSON, "json", false, "以 JSON 输出")
	return cmd
}

// reconciling is one reconciliation on its way.
type reconciling struct {
	fromDay, toDay, list string
	asJSON               bool

	sender   *profile.Sender
	others   []receiverView // of the outbox
	ends     reconcile.Ends
	progress *cli.Progress
}

func runReconcile(env *cli.Environment, cmd *cobra.Command, r *reconciling) (err error) {
	if err := cli.Need(cmd, "from"); err != nil {
		return err
	}
	if r.ends.Days, err = parseDays(r.fromDay, r.toDay); err != nil {
		return err
	}
	if r.sender, err = openSender(env, cmd); err != nil {
		return err
	}
	r.ends.Ledger, r.progress = reconcile.NewLedger(), cli.NewProgress(cmd.ErrOrStderr(), "对账")
	if r.ends.To, err = r.sender.Client(nil); err != nil {
		return err
	}
	if err := r.load(cmd.Context()); err != nil {
		return err
	}
	if r.ends.Box != nil {
		defer func() { err = errors.Join(err, r.ends.Box.Close()) }()
	}
	defer leave(cmd.Context(), r.ends.To)
	result, err := reconcile.Run(cmd.Context(), r.ends, r.progress.At)
	if err != nil {
		return explain.Undone("对账", err, reconcileStep(err))
	}
	if r.ends.Box != nil {
		if err := r.findOthers(cmd); err != nil {
			return err
		}
		noteReturned(cmd, r.sender, result.Returned())
	}
	return r.report(cmd.OutOrStdout(), result)
}

// parseDays reads the flags; without --to the span ends today.
func parseDays(from, to string) (d reconcile.Days, err error) {
	if to == "" {
		to = time.Now().In(beijingtime.Zone).Format(time.DateOnly)
	}
	for _, one := range []struct {
		name, text string
		to         *time.Time
	}{{"--from", from, &d.From}, {"--to", to, &d.To}} {
		if *one.to, err = time.ParseInLocation(time.DateOnly, one.text, beijingtime.Zone); err != nil {
			return d, explain.Usagef("%s：%q 不是日期，应为 2026-03-15", one.name, one.text)
		}
	}
	if d.To.Before(d.From) {
		return d, explain.Usagef("--to 不得早于 --from")
	}
	return d, nil
}

func reconcileStep(err error) string {
	if errors.Is(err, client.ErrNotOffered) {
		return "接收方没有提供对账接口（listCaseinfo），请接收方升级，或请其导出清单（diaoxiao case list --json）"
	}
	return cmp.Or(senderStep(err), "没有得出结论，再次运行即从头对账")
}

// load reads what the sender has for this receiver.
func (r *reconciling) load(ctx context.Context) (err error) {
	ledger := r.ends.Ledger
	if r.list != "" {
		err = ledger.FromList(r.list, func() { r.progress.At("读出清单 %s 件", display.Count(ledger.Len())) })
		if errors.Is(err, reconcile.ErrList) {
			return explain.BadUsage(err)
		}
		return err
	}
	if r.ends.Box, err = outbox.OpenToRead(r.sender.Outbox); err != nil {
		if errors.Is(err, outbox.ErrNone) {
			return explain.WithStep(err, "用 --outbox 指明发件箱目录，或用 --list 给出已报送案件的清单")
		}
		return err
	}
	r.ends.Filter = outbox.Filter{Target: outbox.Target{URL: r.sender.URL, AppKey: r.sender.AppKey}, History: true}
	err = ledger.FromOutbox(ctx, r.ends.Box, r.ends.Filter, func() {
		r.progress.At("读出发件箱 %s 件", display.Count(ledger.Len()))
	})
	if err != nil {
		return errors.Join(explain.Undone("对账", err, ""), r.ends.Box.Close())
	}
	return nil
}

// findOthers finds the cases of the outbox that are of another receiver, and so were not compared.
func (r *reconciling) findOthers(cmd *cobra.Command) error {
	others, err := r.ends.Box.Others(r.ends.Filter.Target)
	if err != nil {
		return submission.BoxError(err)
	}
	if r.others = viewReceivers(others, r.sender.AppKey, boxFlag(cmd, r.sender)); r.asJSON {
		return nil
	}
	return printOthers(cmd.OutOrStdout(), r.others)
}
