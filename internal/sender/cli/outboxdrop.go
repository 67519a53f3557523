package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/sender/outbox"
	"diaoxiao/internal/sender/profile"
	"diaoxiao/internal/sender/submission"
)

func newOutboxDropCommand(env *cli.Environment) *cobra.Command {
	var url string
	cmd := &cobra.Command{Use: "drop [CASEID…]", Short: "放弃从未发出的案件",
		Long: `把从未发出过的案件标为已放弃，以后不再发送：编号写错而已改用别的编号的，地址写错而从未
送达的。只放弃确实没有发出过的；可能已到达接收方的（结果未知、被拒绝、已受理）不放弃，逐件
列出（退出码 3）。案件仍留在发件箱中可查（outbox show），以后还可以重新报送（submit）。

编号可以照 outbox list 显示的写；--url 放弃报给该地址的全部。`,
		Example: `  diaoxiao outbox drop 呼市监处罚〔2026〕3号
  diaoxiao outbox drop --url https://10.1.2.3:8444`,
		RunE: func(cmd *cobra.Command, args []string) error { return dropEntries(env, cmd, args, url) }}
	outboxFlags(cmd.Flags())
	cmd.Flags().StringVar(&url, "url", "", "只放弃报给该`地址`的")
	return cmd
}

func dropEntries(env *cli.Environment, cmd *cobra.Command, ids []string, url string) (err error) {
	if len(ids) == 0 && url == "" {
		return explain.Usagef("缺少 CASEID 或 --url")
	}
	if url != "" {
		if url, err = profile.ParseRoot(url, true); err != nil {
			return err
		}
	}
	dir, err := outboxDir(env, cmd)
	if err != nil {
		return err
	}
	if b, err := outbox.OpenToRead(dir); err != nil { // drop makes none
		return submission.BoxError(err)
	} else if err := b.Close(); err != nil {
		return err
	}
	b, err := openOutbox(dir)
	if err != nil {
		return err
	}
	return errors.Join(dropCases(cmd, b, ids, outbox.Target{URL: url}.Canonical().URL), b.Close())
}

// dropCases gives up the cases with the caseids ids that were never sent to url. Without ids it is all cases, with ""
// any receiver.
func dropCases(cmd *cobra.Command, b *outbox.Outbox, ids []string, url string) error {
	named := make(map[string]bool, len(ids)) // whether it was found
	for _, id := range ids {
		named[id] = false
	}
	var nos []int64
	kept := 0
	err := b.Entries(cmd.Context(), outbox.Filter{}, func(e outbox.Entry) error {
		id, ok := nameIn(named, e.CaseID)
		if url != "" && e.URL != url || len(ids) > 0 && !ok {
			return nil
		}
		if named[id] = true; e.NeverSent() {
			nos = append(nos, e.No)
			return nil
		}
		kept++
		_, err := fmt.Fprintf(cmd.OutOrStdout(), "✘ 案件 %s %s，可能已到达接收方，没有放弃\n", display.Marked(e.CaseID), e.State)
		return err
	})
	if err != nil {
		return submission.BoxError(err)
	}
	for id, found := range named {
		if !found && len(ids) > 0 {
			return explain.BadUsage(explain.WithStep(
				fmt.Errorf("%w：%s", outbox.ErrNotFound, display.Marked(id)),
				"用 diaoxiao outbox list 查看已有的案件",
			))
		}
	}
	n, err := b.Drop(nos)
	if err != nil {
		return submission.BoxError(err)
	}
	fmt.Fprintf(cmd.OutOrStdout(), "已放弃 %s 件，都没有发出过；要报送的用 diaoxiao submit 重新报送\n", display.Count(n))
	if kept > 0 {
		return explain.ErrFaults
	}
	return nil
}

// nameIn finds a caseid among names, which may be written as they are shown.
func nameIn(names map[string]bool, caseID string) (string, bool) {
	for _, id := range []string{caseID, display.Marked(caseID), display.Plain(caseID)} {
		if _, ok := names[id]; ok {
			return id, true
		}
	}
	return "", false
}
