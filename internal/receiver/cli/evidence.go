package cli

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/seal"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/receiver/evidencelog"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/server"
	"diaoxiao/internal/receiver/store"
)

func newEvidenceCommand(env *cli.Environment) *cobra.Command {
	cmd := &cobra.Command{Use: "evidence", Short: "存证：密钥、检查点"}
	cmd.AddCommand(newEvidenceInitCommand(), newEvidenceCheckpointCommand(env),
		newEvidenceContinueCommand(env), newEvidenceRotateCommand(env), newEvidenceExportCommand(env),
		newEvidenceRebuildCommand(env), newEvidenceStampCommand(env), newEvidenceStampsCommand(env),
		newEvidencePackCommand(env), newEvidenceArchiveCommand(env))
	return cmd
}

func newEvidenceInitCommand() *cobra.Command {
	var name string
	var mldsa bool
	cmd := &cobra.Command{Use: "init 目录", Short: "建立存证日志的密钥", Args: cli.Args("目录"),
		Long: `在一个新的目录中建立存证日志的密钥：Ed25519 和 SM2 各一个，以口令加密（PKCS #8，
OpenSSL 可读）；以及 policy.txt，即交给报送方、法院等验证者的公钥。没有口令文件
passphrase 时随机生成一个。目录须在数据目录之外，不进入数据库的备份；请把目录另行
备份到安全的地方。已有的密钥不会被覆盖。

密钥在密码卡、USB 密钥或签名服务器中时，先在目录中放好签名命令 ed25519.command、
sm2.command（程序和参数各占一行）和公钥 ed25519.pub、sm2.pub（PEM）：本命令不再
生成该密钥，并试签一次。见 docs/operations.md。`,
		Example: `  diaoxiao evidence init /etc/diaoxiao/evidence --name credit.example.gov.cn/diaoxiao
  diaoxiao serve --evidence-keys /etc/diaoxiao/evidence \
      --evidence-passphrase-file /etc/diaoxiao/evidence/passphrase`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if !seal.ValidName(name) {
				return explain.Usagef("--name %q 不能作为日志的名称：应为主机名和路径，不含空格和加号，如 credit.example.gov.cn/diaoxiao", name)
			}
			return initEvidence(cmd, args[0], name, mldsa)
		}}
	cmd.Flags().StringVar(&name, "name", "", "存证日志的`名称`，写入每个检查点，不能更改，如 credit.example.gov.cn/diaoxiao")
	cmd.Flags().BoolVar(&mldsa, "mldsa", false, "另建一个 ML-DSA-44（抗量子）密钥；回执增大约 3 kB")
	cobra.CheckErr(cmd.MarkFlagRequired("name"))
	return cmd
}

// kinds are the keys that are asked for beside those that every log has.
func kinds(mldsa bool) []seal.Kind {
	if mldsa {
		return []seal.Kind{seal.MLDSA}
	}
	return nil
}

func initEvidence(cmd *cobra.Command, folder, name string, mldsa bool) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	passphrase, err := passphraseIn(folder)
	if err != nil {
		return err
	}
	keys, err := seal.Create(folder, name, passphrase, kinds(mldsa)...)
	if errors.Is(err, fs.ErrExist) {
		return explain.WithStep(fmt.Errorf("%s 中已有存证密钥", folder), "换一个新的目录；已有的密钥不会被覆盖")
	} else if err != nil {
		return err
	}
	policy := evidence.WritePolicy(keys.VerifierKeys()...)
	if err := os.WriteFile(filepath.Join(folder, policyFile), []byte(policy), 0o644); err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "已建立存证密钥（%s）。验证者的信任策略：\n%s下一步：\n"+
		"  1. 把目录另行备份到安全的地方，不与数据库的备份放在一起\n"+
		"  2. 公布 policy.txt，或交给报送方\n"+
		"  3. diaoxiao serve --evidence-keys %s --evidence-passphrase-file %s\n", folder, policy, folder,
		filepath.Join(folder, passphraseFile))
	return err
}

// Files of a folder of keys.
const (
	passphraseFile = "passphrase"
	policyFile     = "policy.txt"
)

// passphraseIn reads the passphrase in a folder, or makes a random one of 160 bits.
func passphraseIn(folder string) (string, error) {
	path := filepath.Join(folder, passphraseFile)
	p, err := server.ReadPassphrase(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return p, err
	}
	b := make([]byte, 20)
	rand.Read(b)
	p = strings.ToLower(base32.StdEncoding.EncodeToString(b))
	return p, os.WriteFile(path, []byte(p+"\n"), 0o600)
}

func newEvidenceCheckpointCommand(env *cli.Environment) *cobra.Command {
	var since, upto string
	cmd := &cobra.Command{Use: "checkpoint", Short: "写出最后签署的检查点", Args: cli.Args(),
		Long: `写出存证日志最后签署的检查点（C2SP 签名文书）。请定期打印、发送邮件，或者存放到数
据库管理员不得接触的设备上：日后 diaoxiao db check --against 用它证明到那时为止的
案件一件不少、一字未改。只读，可在服务运行时执行。

--since 给出以前的检查点时，写出从那时到最后的检查点日志只增不改的证明，用
diaoxiao verify 验证；另以 --upto 给出其后的一个检查点时，证明到该检查点为止。`,
		Example: `  diaoxiao evidence checkpoint > 检查点.note
  diaoxiao evidence checkpoint --since 检查点.note > 只增不改.json
  diaoxiao evidence checkpoint --since 一月.note --upto 二月.note > 只增不改.json`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withDesk(env, cmd, existing, func(desk *intake.Desk, _ *store.Store) error {
				file, err := checkpointFile(cmd.Context(), evidencelog.New(desk), actorOf(env), since, upto)
				if err != nil {
					return err
				}
				_, err = cmd.OutOrStdout().Write(file)
				return err
			})
		}}
	cmd.Flags().StringVar(&since, "since", "", "以前的检查点的`文件`")
	cmd.Flags().StringVar(&upto, "upto", "", "证明到这个检查点`文件`为止，而不是到最后；与 --since 同用")
	return cmd
}

// checkpointFile is the last checkpoint, or the proof that the log was only added to since the one in a file, up to
// another one or the last.
func checkpointFile(ctx context.Context, l *evidencelog.Log, by intake.By,
	since, upto string) ([]byte, error) {
	if since == "" && upto != "" {
		return nil, explain.Usagef("--upto 须与 --since 同用")
	}
	if since == "" {
		return l.Checkpoint(ctx, by)
	}
	old, err := readCheckpoint(since)
	if err != nil {
		return nil, err
	}
	var later []byte
	if upto != "" {
		if later, err = readCheckpoint(upto); err != nil {
			return nil, err
		}
	}
	c, err := l.Consistency(ctx, by, old, later)
	if errors.Is(err, evidencelog.ErrOrder) {
		return nil, explain.Usagef("--upto 的检查点早于 --since 的，请对调")
	}
	if err != nil {
		return nil, err
	}
	return c.Marshal()
}

// readCheckpoint reads the file of a checkpoint.
func readCheckpoint(name string) ([]byte, error) {
	note, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	if _, err := evidence.UnsignedCheckpoint(note); err != nil {
		return nil, explain.Usagef("%s 不是存证日志的检查点", name)
	}
	return note, nil
}

func newEvidenceContinueCommand(env *cli.Environment) *cobra.Command {
	var where evidenceKeys
	cmd := &cobra.Command{Use: "continue", Short: "恢复较早的备份之后另起存证日志", Args: cli.Args(),
		Long: `数据库恢复为较早的备份之后，其中没有已经签署的最后一个检查点，服务拒绝继续签署，以免
同一日志出现两个版本。本命令另起一个日志：写出由原密钥签署的说明，其中有原日志最后的检
查点和新日志的公钥。请把说明连同新的信任策略公布；原日志的回执仍以原策略验证。
已丢失的案件须由报送方重新报送：diaoxiao db check --against 指出是哪些。`,
		Example: `  diaoxiao evidence continue --evidence-keys /var/lib/diaoxiao-evidence \
      --evidence-passphrase-file /etc/diaoxiao/evidence.passphrase > 说明.note`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			keys, _, err := where.load()
			if err != nil {
				return err
			}
			return withDesk(env, cmd, existing, func(desk *intake.Desk, _ *store.Store) error {
				note, err := evidencelog.Continue(cmd.Context(), desk, actorOf(env), keys,
					evidencelog.NewMemory(where.folder))
				if errors.Is(err, evidencelog.ErrNothingLost) {
					return explain.WithStep(errors.New("数据库中有最后签署的检查点，不需要另起日志"), "直接启动服务")
				}
				if err != nil {
					return err
				}
				_, err = cmd.OutOrStdout().Write(note)
				return err
			})
		}}
	where.flags(cmd)
	return cmd
}
