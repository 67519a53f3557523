package cli

import (
	"encoding/hex"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/receiver/casepack"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
)

func newEvidencePackCommand(env *cli.Environment) *cobra.Command {
	var want casepack.Wanted
	var keys, out string
	cmd := &cobra.Command{Use: "export", Short: "写出一件案件的案卷包，供法院、复议机关或档案", Args: cli.Args(),
		Long: `把一件案件的全部记录写成一个 ZIP 文件：报文原文、市场主体、比对结论和主体库登记、核验
提示、办理和复核经过、审计记录、受理回执、中文封面和目录、散列清单，以及只需 sha256sum、
coreutils 和 OpenSSL 的验证脚本 verify.sh。

--entity 只出一户：其中没有其他市场主体的内容，报文原文也不在其中；该户的各项内容由回执
证明就是受理时的内容。记入审计，须以 --reason 写明目的。可在服务运行时执行。`,
		Example: `  diaoxiao evidence export --case 202611300000000012 --reason 行政复议〔2026〕3号 -o 案卷.zip
  diaoxiao evidence export --case 202611300000000012 --entity 7 --reason 应诉 -o 第7户.zip`,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if want.AcceptID == "" || out == "" {
				return explain.Usagef("请以 --case 给出受理号，以 -o 给出要写入的文件")
			}
			if cmd.Flags().Changed("entity") && want.Firm < 1 {
				return explain.Usagef("--entity %d 不是清单中的序号：序号从 1 起", want.Firm)
			}
			if keys != "" {
				if want.Policy, err = os.ReadFile(keys); err != nil {
					return err
				}
			}
			return withDesk(env, cmd, existing, func(desk *intake.Desk, _ *store.Store) error {
				return writePack(cmd, casepack.New(desk), actorOf(env), want, out)
			})
		}}
	cmd.Flags().StringVar(&want.AcceptID, "case", "", "案件的`受理号`")
	cmd.Flags().IntVar(&want.Firm, "entity", 0, "只出清单中的这一户（从 1 起的`序号`）")
	cmd.Flags().StringVar(&want.Purpose, "reason", "", "目的，如复议或诉讼的案号；记入审计")
	cmd.Flags().StringVar(&keys, "keys", "", "一并放入的信任策略`文件`（policy.txt）")
	cmd.Flags().StringVarP(&out, "out", "o", "", "写入的`文件`，不得已存在")
	return cmd
}

// writePack writes a package into a new file, of which nothing is left after an error.
func writePack(cmd *cobra.Command, p *casepack.Packer, by intake.By, want casepack.Wanted, out string) (err error) {
	f, err := os.OpenFile(out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return explain.WithStep(fmt.Errorf("%s 已存在，不覆盖", out), "请换一个文件名")
	}
	if err != nil {
		return err
	}
	made, err := p.Write(cmd.Context(), by, want, f)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(out))
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "已写出 %s：%d 个文件，散列清单 SHA256SUMS 的 SHA-256 为 %s\n", out, len(made.Entries),
		hex.EncodeToString(made.Sum[:]))
	return err
}
