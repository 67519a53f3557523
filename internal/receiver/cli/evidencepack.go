package cli

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/verifycmd"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/receiver/casepack"
	"diaoxiao/internal/receiver/config"
	"diaoxiao/internal/receiver/evidencelog"
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
证明就是受理时的内容。案卷包中须有信任策略：--keys 给出，或者取自设置 evidence_keys 的目录。
同一案件没有变化时，再次写出的字节相同。记入审计，须以 --reason 写明目的。可在服务运行时执行。`,
		Example: `  diaoxiao evidence export --case 202611300000000012 --reason 行政复议〔2026〕3号 -o 案卷.zip
  diaoxiao evidence export --case 202611300000000012 --entity 7 --reason 应诉 -o 第7户.zip`,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if want.AcceptID == "" || out == "" {
				return explain.Usagef("请以 --case 给出受理号，以 -o 给出要写入的文件")
			}
			if cmd.Flags().Changed("entity") && want.Firm < 1 {
				return explain.Usagef("--entity %d 不是清单中的序号：序号从 1 起", want.Firm)
			}
			if want.Policy, err = policyFor(env, cmd, keys); err != nil {
				return err
			}
			return withDesk(env, cmd, existing, func(desk *intake.Desk, _ *store.Store) error {
				return writePack(cmd, casepack.New(desk), actorOf(env), want, out)
			})
		}}
	cmd.Flags().StringVar(&want.AcceptID, "case", "", "案件的`受理号`")
	cmd.Flags().IntVar(&want.Firm, "entity", 0, "只出清单中的这一户（从 1 起的`序号`）")
	cmd.Flags().StringVar(&want.Purpose, "reason", "", "目的，如复议或诉讼的案号；记入审计")
	cmd.Flags().StringVar(&keys, "keys", "", "放入案卷包的信任策略`文件`；没有给出的，取设置 evidence_keys 的目录中的 policy.txt")
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
	k, err := p.Take(cmd.Context(), by, want)
	var made casepack.Made
	if err == nil {
		to := bufio.NewWriter(f)
		made, err = k.Write(to)
		err = errors.Join(err, to.Flush(), f.Sync())
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(packError(err), os.Remove(out))
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "已写出 %s：%d 个文件，散列清单 SHA256SUMS 的 SHA-256 为 %s\n", out, len(made.Entries),
		hex.EncodeToString(made.Sum[:]))
	return err
}

// policyFor is the trust policy that is put into packages: of a file, or beside the keys of the evidence log.
func policyFor(env *cli.Environment, cmd *cobra.Command, file string) ([]byte, error) {
	if file == "" {
		conf, err := config.Read(env, cmd.Flags())
		if err != nil {
			return nil, err
		}
		if conf.EvidenceKeys == "" {
			return nil, explain.Usagef("请以 --keys 给出信任策略文件（policy.txt）：没有设置 evidence_keys，不能从其目录中取得")
		}
		file = filepath.Join(conf.EvidenceKeys, policyFile)
	}
	text, err := os.ReadFile(file)
	if err == nil {
		_, err = evidence.ParsePolicy(string(text))
	}
	if err != nil {
		return nil, explain.Usagef("信任策略 %s 不能使用：%w", file, err)
	}
	return text, nil
}

// packError says what to do where no package can be made.
func packError(err error) error {
	var why string
	switch {
	case errors.Is(err, casepack.ErrPolicy):
		return explain.WithStep(fmt.Errorf("信任策略不能用于本案的受理回执（%s）", verifycmd.Refusal(err)),
			"请以 --keys 给出现行的 policy.txt")
	case errors.Is(err, evidencelog.ErrNotYet):
		why = "该案尚未列入存证日志，请在一秒后再执行；服务须以 evidence_keys 运行"
	case errors.Is(err, evidencelog.ErrNoLog):
		why = "没有存证日志：请以 evidence_keys 运行服务"
	default:
		return err
	}
	return fmt.Errorf("不能出具案卷包：%s（%w）", why, err)
}
