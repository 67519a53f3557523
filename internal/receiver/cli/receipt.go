package cli

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/spf13/cobra"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/evidence"
	"diaoxiao/internal/receiver/evidencelog"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
)

func newReceiptCommand(env *cli.Environment) *cobra.Command {
	var rows []int
	var events bool
	var out string
	cmd := &cobra.Command{Use: "receipt 受理号", Short: "写出案件的受理回执", Args: cli.Args("受理号"),
		Long: `写出一个案件的受理回执：任何人用 diaoxiao verify 或 C2SP 的工具都能离线验证，它证明
何时受理了何人报送的什么内容，以及其后的办理（--events）。

不给 --entity 时出示报文的摘要和全案的盐值，供持有报文的报送方核对；给出 --entity 时
只出示这几户，其他户的内容既不出示，也不能由它猜出。只读，可在服务运行时执行。`,
		Example: `  diaoxiao receipt 202611300000000012 -o 回执.receipt
  diaoxiao receipt 202611300000000012 --entity 7 --events -o 第7户.receipt`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return withDesk(env, cmd, existing, func(desk *intake.Desk, _ *store.Store) error {
				r, err := awaitReceipt(cmd.Context(), evidencelog.New(desk), actorOf(env), args[0],
					evidencelog.Content{Whole: len(rows) == 0, Rows: rows, Events: events})
				if err != nil {
					return err
				}
				file, err := r.Marshal()
				if err != nil {
					return err
				}
				if out == "" {
					_, err = cmd.OutOrStdout().Write(file)
					return err
				}
				return os.WriteFile(out, file, 0o644)
			})
		}}
	cmd.Flags().IntSliceVar(&rows, "entity", nil, "只出示清单中的这几户（从 1 起的`序号`，以逗号分隔）")
	cmd.Flags().BoolVar(&events, "events", false, "也证明案件其后的办理：核对、放行、公示、退回等")
	cmd.Flags().StringVarP(&out, "out", "o", "", "写入的`文件`；不给出时写到标准输出")
	return cmd
}

// awaitReceipt makes a receipt. It waits some seconds for a case that was accepted just now to be signed.
func awaitReceipt(ctx context.Context, l *evidencelog.Log, by intake.By, acceptID string, c evidencelog.Content) (
	r evidence.Receipt, err error) {
	for until := time.Now().Add(5 * time.Second); ; {
		r, err = l.Receipt(ctx, by, acceptID, c)
		if !errors.Is(err, evidencelog.ErrNotYet) || time.Now().After(until) {
			return r, err
		}
		if err := cli.Sleep(ctx, 200*time.Millisecond); err != nil {
			return r, err
		}
	}
}
