package cli

import (
	"context"
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

// evidenceKeys are where the keys of the evidence log are.
type evidenceKeys struct{ folder, passphraseFile string }

func (k *evidenceKeys) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&k.folder, "evidence-keys", "", "存证密钥的`目录`")
	cmd.Flags().StringVar(&k.passphraseFile, "evidence-passphrase-file", "", "存证密钥口令的`文件`")
	cobra.CheckErr(cmd.MarkFlagRequired("evidence-keys"))
	cobra.CheckErr(cmd.MarkFlagRequired("evidence-passphrase-file"))
}

// load reads the keys, and those that replaced them.
func (k *evidenceKeys) load() (all evidencelog.Keys, passphrase string, err error) {
	if passphrase, err = server.ReadPassphrase(k.passphraseFile); err != nil {
		return nil, "", err
	}
	loaded, err := seal.LoadAll(k.folder, passphrase)
	return evidencelog.KeysOf(loaded...), passphrase, err
}

func newEvidenceRotateCommand(env *cli.Environment) *cobra.Command {
	var where evidenceKeys
	var mldsa bool
	cmd := &cobra.Command{Use: "rotate", Short: "更换存证日志的密钥", Args: cli.Args(),
		Long: `更换存证日志的密钥：在密钥目录的子目录（2、3……）中建立新的密钥，并写出由原密钥签署的
说明，其中有原密钥所签的最后一个检查点和新的公钥。日志照旧延续，名称不变；以前的回执
仍以原策略验证，以后的回执以新策略，或以原策略加说明（verify --succession）验证。

先停止服务（集群中为各节点），更换后把密钥目录复制到各节点，再启动；仍用原密钥的节点
不再签署，并在日志中说明。中途停止的，再执行一次即可。原密钥留在原处，标明已停用。

新的密钥在密码卡等设备中时，先在子目录中放好签名命令和公钥，见 docs/operations.md。`,
		Example: `  diaoxiao evidence rotate --evidence-keys /var/lib/diaoxiao-evidence \
      --evidence-passphrase-file /etc/diaoxiao/evidence.passphrase > 说明.note`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			all, passphrase, err := where.load()
			if err != nil {
				return err
			}
			return withDesk(env, cmd, existing, func(desk *intake.Desk, _ *store.Store) error {
				r := rotation{desk, actorOf(env), where.folder, passphrase, all}
				statement, err := r.run(cmd.Context(), mldsa)
				if err != nil {
					return err
				}
				_, err = cmd.OutOrStdout().Write(statement)
				return err
			})
		}}
	where.flags(cmd)
	cmd.Flags().BoolVar(&mldsa, "mldsa", false, "新的密钥中另有一个 ML-DSA-44（抗量子）密钥")
	return cmd
}

// rotation replaces the keys in a folder.
type rotation struct {
	desk               *intake.Desk
	by                 intake.By
	folder, passphrase string
	all                evidencelog.Keys
}

const statementFile = "statement.note"

// run replaces the keys, or finishes what was interrupted, and returns the statement.
func (r rotation) run(ctx context.Context, mldsa bool) ([]byte, error) {
	at, statement, err := evidencelog.New(r.desk).InUse(ctx, r.by, r.all)
	if err != nil {
		return nil, err
	}
	if n := at + 1; n == len(r.all) && statement != nil && !r.finished(n) {
		return statement, r.finish(n, statement) // the database has them, and the folder does not say so yet
	}
	n := at + 2 // of the new keys
	if n > len(r.all) {
		if err := r.create(n, mldsa); err != nil {
			return nil, err
		}
	}
	statement, err = evidencelog.Rotate(ctx, r.desk, r.by, r.all, r.all[n-1], evidencelog.NewMemory(r.folder))
	if err != nil {
		return nil, err
	}
	return statement, r.finish(n, statement)
}

// create makes the nth keys.
func (r *rotation) create(n int, mldsa bool) error {
	folder := seal.FolderOf(r.folder, n)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	made, err := seal.Create(folder, r.all[0].Name, r.passphrase, kinds(mldsa)...)
	if errors.Is(err, fs.ErrExist) {
		return explain.WithStep(fmt.Errorf("%s 中有不完整的密钥", folder), "把其中的 .pem 文件移走，再执行一次")
	}
	r.all = append(r.all, made)
	return err
}

func (r rotation) finished(n int) bool {
	_, err := os.Stat(filepath.Join(seal.FolderOf(r.folder, n), statementFile))
	return err == nil
}

// finish writes what the folder says about the nth keys: the policy of before, the new one, that the keys of before
// were retired, and at last the statement. Safe to repeat.
func (r rotation) finish(n int, statement []byte) error {
	s, err := evidence.ParseSuccession(statement)
	if err != nil {
		return err
	}
	old, err := os.ReadFile(filepath.Join(r.folder, policyFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	kept := filepath.Join(r.folder, fmt.Sprintf("policy-%d.txt", n-1))
	retired := fmt.Sprintf("replaced by the keys in %s\n", seal.FolderOf(r.folder, n))
	if _, err := os.Stat(kept); errors.Is(err, fs.ErrNotExist) && len(old) > 0 {
		if err := os.WriteFile(kept, old, 0o644); err != nil {
			return err
		}
	}
	return errors.Join(
		os.WriteFile(filepath.Join(r.folder, policyFile), []byte(withKeys(string(old), s.Keys)), 0o644),
		os.WriteFile(filepath.Join(seal.FolderOf(r.folder, n-1), "retired"), []byte(retired), 0o600),
		os.WriteFile(filepath.Join(seal.FolderOf(r.folder, n), statementFile), statement, 0o644))
}

// withKeys is a policy with other keys of the log.
func withKeys(policy string, vkeys []string) string {
	var rest strings.Builder
	for line := range strings.Lines(policy) {
		if !strings.HasPrefix(line, "log ") {
			rest.WriteString(line)
		}
	}
	if rest.Len() == 0 {
		return evidence.WritePolicy(vkeys...)
	}
	return "log " + strings.Join(vkeys, "\nlog ") + "\n" + rest.String()
}
