package cli

import (
	"encoding/hex"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/receiver/casepack"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
)

func newEvidenceArchiveCommand(env *cli.Environment) *cobra.Command {
	var from, to, keys string
	var of casepack.Period
	cmd := &cobra.Command{Use: "archive 目录", Short: "把办结的案件逐件写成案卷包，供归档", Args: cli.Args("目录"),
		Long: `把某一时段受理、已经办结（退回，或各户都已公示、不予公示）的案件逐件写成案卷包
（受理号.zip），并写出归档清单：每件的文件名、字节数、SHA-256、SM3，最后一行为件数和
以上各行的 SHA-256。目录中已有的案卷包不再重写，中断以后再次执行即可接着写。
没有办结的不列入，只报件数。记入审计，须以 --reason 写明目的。可在服务运行时执行。`,
		Example: `  diaoxiao evidence archive /归档/2026 --from 2026-01-01 --to 2026-12-31 --reason 2026年度归档`,
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if of.From, err = time.ParseInLocation(time.DateOnly, from, beijingtime.Zone); err != nil {
				return explain.Usagef("--from %q 不是日期，应如 2026-01-01", from)
			}
			if of.To, err = time.ParseInLocation(time.DateOnly, to, beijingtime.Zone); err != nil {
				return explain.Usagef("--to %q 不是日期，应如 2026-12-31", to)
			}
			of.To = of.To.AddDate(0, 0, 1)
			if of.Policy, err = policyFor(env, cmd, keys); err != nil {
				return err
			}
			if err := os.MkdirAll(args[0], 0o700); err != nil {
				return err
			}
			return withDesk(env, cmd, existing, func(desk *intake.Desk, _ *store.Store) error {
				return archive(cmd, casepack.New(desk), actorOf(env), of, args[0])
			})
		}}
	cmd.Flags().StringVar(&from, "from", "", "受理`日期`从这一天起（北京时间）")
	cmd.Flags().StringVar(&to, "to", "", "到这一`日`为止，含当日")
	cmd.Flags().StringVar(&of.Purpose, "reason", "", "目的；记入审计")
	cmd.Flags().StringVar(&keys, "keys", "", "放入案卷包的信任策略`文件`；没有给出的，取设置 evidence_keys 的目录中的 policy.txt")
	return cmd
}

func archive(cmd *cobra.Command, p *casepack.Packer, by intake.By, of casepack.Period, folder string) error {
	progress := cli.NewProgress(cmd.ErrOrStderr(), "归档")
	a, err := p.Archive(cmd.Context(), by, of, folder, func(a casepack.Archived) {
		progress.At("%s 件", display.Count(a.Packages))
	})
	if err != nil {
		return explain.Undone("归档", packError(err), "已写出的案卷包可以留着，再次执行即接着写")
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "案卷包 %s 件（本次写出 %s 件），没有办结的 %s 件；归档清单各行的 SHA-256 为 %s\n",
		display.Count(a.Packages), display.Count(a.Made), display.Count(a.Open), hex.EncodeToString(a.Sum[:]))
	return err
}
