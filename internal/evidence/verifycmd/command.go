// Package verifycmd is the command that verifies receipts (回执). It needs no store, so that it can be a program of its
// own.
package verifycmd

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/evidence"
	"diaoxiao/internal/evidence/papercode"
	"diaoxiao/internal/explain"
)

// New is the command verify.
func New() *cobra.Command {
	var keys string
	var successions []string
	var asJSON bool
	var stamping stamping
	cmd := &cobra.Command{Use: "verify 文件…", Short: "离线验证受理回执", Args: someFiles,
		Long: `验证受理回执（diaoxiao receipt 所写的文件），不需要网络和数据库：回执所附的检查点由
存证日志的密钥签署；所证明的内容在该检查点的两棵树（SHA-256、SM3）中；所出示的每一
部分与日志中的记录一致。逐项说明证明了什么、不能证明什么。也验证两个检查点之间日志只增
不改的证明（diaoxiao evidence checkpoint --since 所写的），由纸面回执上的二维码读出的文字
（每码一行，次序不拘，如 zbarimg -q --raw 所输出的），以及案卷包（diaoxiao evidence export
所写的 ZIP）。

--keys 为信任策略文件（C2SP tlog-policy），即 diaoxiao evidence init 建立的 policy.txt。
它须从可靠的途径取得（如公告、当面交付、盖章的纸件）：随回执一起送来的密钥不能作为
信任的依据。

--stamps 给出时间戳的文件时，一并证明回执的检查点在何时已经存在：每个时间戳按下一个时间戳
的时间判断，最后一个按现在判断。撤销列表不在检查之列。

退出码：0 全部得到证明；1 文件读不了；2 命令或策略有误；3 有回执不成立。`,
		Example: `  diaoxiao verify 回执.receipt --keys policy.txt`,
		RunE: func(cmd *cobra.Command, files []string) error {
			if keys == "" {
				return explain.Usagef("请以 --keys 给出信任策略文件（policy.txt）")
			}
			text, err := os.ReadFile(keys)
			if err != nil {
				return explain.BadUsage(err)
			}
			policy, err := evidence.ParsePolicy(string(text))
			if err != nil {
				return explain.Usagef("信任策略 %s 不能使用；技术原因：%w", keys, err)
			}
			if policy, err = follow(policy, successions); err != nil {
				return err
			}
			of, err := stamping.read()
			if err != nil {
				return err
			}
			return verifyAll(cmd, policy, of, files, asJSON)
		}}
	cmd.Flags().StringVar(&keys, "keys", "", "信任策略`文件`：存证日志的公钥，须从可靠的途径取得")
	cmd.Flags().StringSliceVar(&successions, "succession", nil,
		"更换密钥或另起存证日志的说明`文件`（diaoxiao evidence rotate、continue 所写）；由信任的密钥签署时，也信任其中的新密钥")
	stamping.flags(cmd.Flags())
	cmd.Flags().BoolVar(&asJSON, "json", false, "以 JSON Lines 输出：每个文件一行，格式见 docs/evidence.md")
	return cmd
}

// someFiles is the demand for arguments.
func someFiles(_ *cobra.Command, files []string) error {
	if len(files) == 0 {
		return explain.Usagef("请给出要验证的文件")
	}
	return nil
}

// follow trusts the keys of the logs that continue those of a policy.
func follow(p evidence.Policy, files []string) (evidence.Policy, error) {
	for _, name := range files {
		note, err := os.ReadFile(name)
		if err != nil {
			return p, err
		}
		if p, err = p.Follow(note); err != nil {
			return p, explain.Usagef("更换密钥或另起存证日志的说明 %s 不成立：不是信任策略中的密钥所签，或已损坏；技术原因：%w", name, err)
		}
	}
	return p, nil
}

// judged is what came of a file.
type judged struct {
	file    string
	proved  evidence.Proved
	was, is *evidence.Checkpoint // of a proof of consistency
	pack    *packed              // of a package of a case
	err     error                // why nothing is proved
}

func verifyAll(cmd *cobra.Command, p evidence.Policy, of *stamps, files []string, asJSON bool) error {
	failed := false
	for _, name := range files {
		j, err := subject{p, of}.judgeFile(name)
		if err != nil {
			return err
		}
		j.file, failed = name, failed || j.err != nil
		if asJSON {
			err = cli.PrintJSON(cmd.OutOrStdout(), viewOf(j))
		} else {
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s\n  %s\n", name, strings.Join(j.lines(), "\n  "))
		}
		if err != nil {
			return err
		}
	}
	if failed {
		return explain.ErrFaults
	}
	return nil
}

// subject is what files are verified by.
type subject struct {
	policy evidence.Policy
	stamps *stamps
}

// judgeFile verifies a file of any kind. A package is read piece by piece. The error is of a file that can't be read.
func (s subject) judgeFile(name string) (j judged, err error) {
	if is, err := isPack(name); err != nil {
		return j, err
	} else if is {
		return s.judgePack(name), nil
	}
	file, err := os.ReadFile(name)
	if err != nil {
		return j, err
	}
	return s.judge(file), nil
}

// judge verifies a file of any other kind than a package.
func (s subject) judge(file []byte) (j judged) {
	if papercode.Is(file) {
		if file, j.err = papercode.Decode(file); j.err != nil {
			return j
		}
	}
	if c, err := evidence.ParseConsistency(file); err == nil {
		was, is, err := s.policy.VerifyConsistency(c)
		if j.was, j.is = &was, &is; err != nil {
			j.err = notConsistent{err}
		}
		return j
	}
	j.proved, j.err = s.verifyReceipt(file)
	return j
}

func (s subject) verifyReceipt(file []byte) (v evidence.Proved, err error) {
	r, err := evidence.ParseReceipt(file)
	if err != nil {
		return v, err
	}
	if v, err = s.policy.Verify(r); err == nil {
		err = s.stamps.prove(&v)
	}
	return v, err
}

// kinds are the kinds of signatures of a checkpoint, as people read them.
func kinds(s evidence.Signatures) string {
	var names []string
	for _, k := range s.By {
		names = append(names, k.String())
	}
	text := strings.Join(names, "、")
	if len(s.Witnesses) > 0 {
		text += "；见证方 " + display.Plain(strings.Join(s.Witnesses, "、"))
	}
	if !s.Whole() {
		text += "（该签名不包括时间和 SM3 树的根）"
	}
	return text
}

func beijing(ms int64) string { return cli.Beijing(time.UnixMilli(ms)) }
