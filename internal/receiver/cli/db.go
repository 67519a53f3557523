package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/receiver/config"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/server"
	"diaoxiao/internal/receiver/store"
	"diaoxiao/internal/receiver/verify"
)

func newDBCommand(env *cli.Environment) *cobra.Command {
	cmd := &cobra.Command{Use: "db", Short: "检查、备份、恢复、搬迁数据库"}
	cmd.AddCommand(newDBCheckCommand(env), newDBBackupCommand(env), newDBRestoreCommand(env), newDBGapCommand(env),
		newDBConfirmCommand(env), newDBCopyCommand(env))
	return cmd
}

func newDBCheckCommand(env *cli.Environment) *cobra.Command {
	var asJSON bool
	var list, keys string
	cmd := &cobra.Command{Use: "check", Short: "逐件证明保存的报文与受理时的摘要、派生数据相符", Args: cli.Args(),
		Long: `检查数据库文件的结构，以及其中有无不属于本程序的对象（如触发器）；逐件重新读取
报文正文，与受理时记录的长度、SHA-256、内容摘要和案件行核对；与核验得出的市场主体
行、检索键和提示核对；核对每件的受理记录和审计记录的链（diaoxiao audit verify）。
有存证日志的，由数据库的内容重新得出日志，与签署的检查点对照。
只读，可在服务运行时执行。

--against 另外证明清单中的每一件都在、没有改动：既与案件行对照，也重新读取报文正文
计算 SHA-256。恢复备份、切换主库之后用它发现丢失的案件。清单每行一件，或为含有
acceptid 和 sha256 的 JSON 对象（diaoxiao case list --json 和 diaoxiao export 所写的
都可以），或为“受理号 SHA-256”两栏；- 为标准输入。清单为空时不算通过。
--against 也可以是另行保存的检查点（diaoxiao evidence checkpoint 所写的）：证明到那时
为止的案件和办理一件不少、一字未改；--keys 为信任策略，并验证各检查点的签名。
退出码：0 全部相符；2 清单有误；3 发现不符（逐条列出）。`,
		Example: `  diaoxiao db check
  diaoxiao case list --json > 清单.jsonl
  diaoxiao db check --against 清单.jsonl
  diaoxiao db check --against 检查点.note --keys policy.txt`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			l, err := openList(cmd, list)
			if err != nil {
				return err
			}
			defer l.Close()
			if err := l.trust(keys); err != nil {
				return err
			}
			return withDesk(env, cmd, existing,
				func(desk *intake.Desk, s *store.Store) error { return check(cmd, desk, actorOf(env), s, l, asJSON) })
		}}
	againstFlag(cmd, &list)
	cmd.Flags().StringVar(&keys, "keys", "", "信任策略`文件`（policy.txt）：并验证存证日志各检查点的签名")
	cmd.Flags().BoolVar(&asJSON, "json", false, "以 JSON Lines 输出：每条不符一行，最后一行为合计")
	return cmd
}

// check inspects an open store, compares it with a list where there is one, and prints the faults that it finds.
func check(cmd *cobra.Command, desk *intake.Desk, by intake.By, s *store.Store, l *acceptanceList,
	asJSON bool) error {
	var kinds []verify.FaultKind
	report := func(f verify.Fault) {
		if !slices.Contains(kinds, f.Kind) {
			kinds = append(kinds, f.Kind)
		}
		if asJSON {
			cli.PrintJSON(cmd.OutOrStdout(), faultView{f, f.Kind.Next()})
			return
		}
		fmt.Fprintf(cmd.OutOrStdout(), "不符  %s%s%s\n", faultyCase(f), f.What, compared(f))
	}
	listed, lost, err := l.compare(cmd, desk, by, report)
	if err != nil {
		return err
	}
	structure, err := s.Integrity(cmd.Context())
	if err != nil && cmd.Context().Err() != nil {
		return explain.Undone("检查", err, "")
	}
	if err != nil {
		structure = []string{server.Speaker().Words(err)} // the damage is so great that the inspection fails
	}
	for _, line := range structure {
		report(verify.Fault{Kind: verify.FaultStructure, What: "数据库文件结构：" + line})
	}
	foreign, err := s.Schema(cmd.Context())
	if err != nil && len(structure) == 0 {
		return explain.Undone("检查", err, "")
	}
	for _, f := range foreign {
		report(verify.Fault{Kind: verify.FaultSchema, Place: f.Kind + " " + f.Name, What: f.String()})
	}
	p := cli.NewProgress(cmd.ErrOrStderr(), "检查")
	total, err := verify.NewExaminer(desk).Inspect(cmd.Context(), by, report, func(in verify.Inspection) {
		p.At("审计记录 %s 条，案件 %s 件，%s 户", display.Count(in.Audited), display.Count(in.Cases), display.Count(in.Entities))
	})
	total.Listed, total.Faults = listed, total.Faults+int64(len(structure)+len(foreign))+lost
	if err == nil {
		var altered int64
		altered, err = checkEvidence(cmd, desk, by, l, report)
		total.Faults += altered
	}
	if err != nil && (len(structure) == 0 || cmd.Context().Err() != nil) {
		return explain.Undone("检查", err, "")
	}
	if err != nil {
		report(verify.Fault{Kind: verify.FaultStructure, What: "其余部分因文件结构损坏无法检查：" + server.Speaker().Words(err)})
		total.Faults++
	}
	return printInspection(cmd, total, kinds, asJSON)
}

// faultView is a fault as --json shows it.
type faultView struct {
	verify.Fault
	Next string `json:"next"`
}

// compared is the expected and the actual value of a fault, as far as it has them, for people.
func compared(f verify.Fault) string {
	switch {
	case f.Expected != "" && f.Actual != "":
		return fmt.Sprintf("（应为 %s，实为 %s）", display.Plain(f.Expected), display.Plain(f.Actual))
	case f.Expected != "":
		return fmt.Sprintf("（应为 %s，实际没有）", display.Plain(f.Expected))
	case f.Actual != "":
		return fmt.Sprintf("（实为 %s）", display.Plain(f.Actual))
	}
	return ""
}

// faultyCase names the case of a fault; "" where the fault is of no case.
func faultyCase(f verify.Fault) string {
	switch {
	case f.AcceptID != "" && f.CaseNo == 0:
		return "受理号 " + f.AcceptID + "  "
	case f.AcceptID != "":
		return fmt.Sprintf("受理号 %s（序号 %d）  ", f.AcceptID, f.CaseNo)
	case f.CaseNo != 0:
		return fmt.Sprintf("序号 %d  ", f.CaseNo)
	}
	return ""
}

// printInspection prints the end of a check. It returns explain.ErrFaults where the check found faults.
func printInspection(cmd *cobra.Command, total verify.Inspection, kinds []verify.FaultKind, asJSON bool) (err error) {
	if asJSON {
		err = cli.PrintJSON(cmd.OutOrStdout(), total)
	} else {
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "案件 %s 件，市场主体 %s 户，报送记录 %s 条，已核验 %s 件，审计记录 %s 条，不符 %s 处\n",
			display.Count(total.Cases),
			display.Count(total.Entities), display.Count(total.Attempts), display.Count(total.Verified),
			display.Count(total.Audited), display.Count(total.Faults))
		if total.Gaps > 0 && err == nil {
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "另有恢复时留出的空号 %s 段\n", display.Count(total.Gaps))
		}
		if total.Outdated > 0 && err == nil {
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "其中 %s 件由旧版本程序核验，服务会在后台重新核验；它们的待办事项和核验提示暂不核对\n",
				display.Count(total.Outdated))
		}
		if total.Unsettled > 0 && err == nil {
			_, err = fmt.Fprintf(cmd.OutOrStdout(),
				"另有 %s 件没有核对与其他案件有关的提示（规则 4xx）：它们或在前的案件待核验，或由旧版规则核验；等核验完毕（停着的服务用 diaoxiao reverify）后再检查\n",
				display.Count(total.Unsettled))
		}
		if total.Unjudged > 0 && err == nil {
			_, err = fmt.Fprintf(cmd.OutOrStdout(),
				"另有 %s 件的比对结论不能与主体库核对：案件等待与新的主体库比对，或者其快照的数据不在（备份不含主体库，恢复后须重新导入）\n",
				display.Count(total.Unjudged))
		}
		if total.Listed > 0 && err == nil {
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "已与清单的 %s 件对照\n", display.Count(total.Listed))
		}
	}
	if err != nil || total.Faults == 0 {
		return err
	}
	fmt.Fprintln(cmd.ErrOrStderr(), "下一步：请保留这些数据的一份副本，不要再改动。")
	for _, k := range kinds {
		fmt.Fprintf(cmd.ErrOrStderr(), "%s：%s。\n", kindTitle(k), k.Next())
	}
	return explain.ErrFaults
}

// kindTitle names a kind of fault.
func kindTitle(k verify.FaultKind) string {
	return map[verify.FaultKind]string{verify.FaultStructure: "文件结构", verify.FaultSchema: "数据库结构",
		verify.FaultList: "清单",
		verify.FaultCase: "案件", verify.FaultBody: "正文", verify.FaultAttempt: "报送记录", verify.FaultCall: "调用记录",
		verify.FaultWork: "案件办理", verify.FaultGap: "空号", verify.FaultAudit: "审计记录",
		verify.FaultAccess: "应用和操作员", verify.FaultDerived: "派生数据", verify.FaultStatistics: "统计",
		verify.FaultEvidence: "存证日志"}[k]
}

func newDBBackupCommand(env *cli.Environment) *cobra.Command {
	return &cobra.Command{Use: "backup FILE", Short: "备份到一个新文件；可在服务运行时执行", Args: cli.Args("FILE"),
		Long: `写出数据库在某一时刻的完整副本，落盘后才返回。FILE 不得已存在。
备份中没有明文密钥和令牌（只有散列），但含有案件内容，请按同等密级保管。
PostgreSQL 的备份由 pg_dump 写出（自定义格式），须安装不旧于服务器的客户端程序。
恢复用 diaoxiao db restore。`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return withDesk(env, cmd, existing, func(desk *intake.Desk, s *store.Store) error {
				if _, err := os.Lstat(args[0]); err == nil {
					return explain.WithStep(fmt.Errorf("%s 已存在，不覆盖", args[0]), "请换一个文件名")
				}
				if err := given(cmd, desk.NoteBackup(cmd.Context(), actorOf(env), filepath.Base(args[0]))); err != nil {
					return err
				}
				began := time.Now()
				done := watchFile(cmd, args[0])
				err := s.Backup(cmd.Context(), args[0])
				done()
				if errors.Is(err, os.ErrExist) {
					return explain.WithStep(fmt.Errorf("%s 已存在，不覆盖", args[0]), "请换一个文件名")
				}
				if errors.Is(err, store.ErrTool) {
					return err
				}
				if err != nil {
					return explain.Undone("备份", err, "没有留下文件，排除原因后再次执行")
				}
				info, err := os.Stat(args[0])
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "已备份到 %s（%s 字节，用时 %s）\n", args[0], display.Count(info.Size()),
					cli.Since(began))
				return err
			})
		}}
}

// watchFile shows the size of a growing file until the returned function is called.
func watchFile(cmd *cobra.Command, path string) (done func()) {
	p := cli.NewProgress(cmd.ErrOrStderr(), "备份")
	return cli.Watch(func() {
		if info, err := os.Stat(path); err == nil {
			p.At("%s MiB", display.Count(info.Size()>>20))
		}
	})
}

func newDBRestoreCommand(env *cli.Environment) *cobra.Command {
	var list string
	var gap int64
	cmd := &cobra.Command{Use: "restore FILE", Short: "把备份恢复到新的数据目录或空的数据库，并做完整检查", Args: cli.Args("FILE"),
		Long: `把 diaoxiao db backup 写出的 FILE 恢复到数据目录（--data）或 PostgreSQL 数据库
（--database），随后做与 diaoxiao db check 相同的检查，给出 --against 时也与清单对照。
数据目录中不得已有数据库，目录不存在时建立；PostgreSQL 数据库须为空库，恢复由
pg_restore 完成。备份以后受理的案件不在其中，为使它们的受理号不再发给别的案件，
接着最后一件留出 --gap 个空号，并结束全部会话（报送程序和操作员重新登录即可）。
退出码：0 恢复完毕且全部相符；3 已恢复但发现不符。`,
		Example: `  diaoxiao db restore 备份.db --data /var/lib/diaoxiao-restored
  diaoxiao db restore 备份.dump --database postgres://用户@主机/新库 \
      --against 清单.jsonl`,
		RunE: func(cmd *cobra.Command, args []string) error { return restoreFile(env, cmd, args[0], list, gap) }}
	gapFlag(cmd, &gap)
	againstFlag(cmd, &list)
	return cmd
}

func restoreFile(env *cli.Environment, cmd *cobra.Command, file, list string, gap int64) error {
	conf, err := config.Read(env, cmd.Flags())
	if err != nil {
		return err
	}
	l, err := openList(cmd, list)
	if err != nil {
		return err
	}
	defer l.Close()
	if _, err := os.Stat(file); err != nil {
		return err
	}
	if err := restoreTo(env, cmd, &conf.Where, file, gap); err != nil {
		return err
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "已恢复到 %s，开始检查\n", conf.Shown())
	err = withDesk(env, cmd, existing,
		func(desk *intake.Desk, s *store.Store) error { return check(cmd, desk, actorOf(env), s, l, false) })
	if err != nil && !errors.Is(err, explain.ErrFaults) {
		return explain.WithStep(err, "数据已恢复到 "+conf.Shown()+"，可用 diaoxiao db check 再检查")
	}
	return err
}

func restoreTo(env *cli.Environment, cmd *cobra.Command, to *config.Where, file string, gap int64) error {
	o, err := server.StoreOptions(to, store.Options{})
	if err != nil {
		return err
	}
	p := cli.NewProgress(cmd.ErrOrStderr(), "恢复")
	done := cli.Watch(func() { p.At("正在写入 %s", to.Shown()) })
	err = store.Restore(cmd.Context(), file, to.Place(), o, func(tx intake.Tx) error {
		return intake.Restored(tx, time.Now(), actorOf(env), gap, "恢复 "+filepath.Base(file))
	})
	done()
	if errors.Is(err, store.ErrBackup) {
		return explain.WithStep(err, "请指定 diaoxiao db backup 写出的文件；是复制来的，与原处核对长度和 sha256sum，重新复制，或换另一份备份。没有改动任何数据")
	}
	for _, known := range []error{store.ErrNotEmpty, store.ErrTool, store.ErrLocked, store.ErrSchema,
		intake.ErrInvalid} {
		if errors.Is(err, known) {
			return err
		}
	}
	if err != nil {
		return explain.Undone("恢复", err, "")
	}
	return nil
}

func gapFlag(cmd *cobra.Command, gap *int64) {
	cmd.Flags().Int64Var(gap, "gap", intake.DefaultGap, "空号的`个数`；须多于可能丢失的案件数")
}

func newDBGapCommand(env *cli.Environment) *cobra.Command {
	var gap int64
	var why string
	cmd := &cobra.Command{Use: "gap", Short: "留出空号：不经 diaoxiao db restore 恢复之后、启动服务之前执行", Args: cli.Args(),
		Long: `数据库若回到了从前的某一时刻（PostgreSQL 时间点恢复、异步备库提升、虚拟机快照、
自行复制的文件），其后应答过的受理号它并不知道，会再次发给别的案件。本命令接着最后
一件留出空号，并结束全部会话。diaoxiao db restore 已自动这样做，不必再执行。
服务须已停止。空号记录在数据库中，diaoxiao db check 据此判断序号是否有缺。`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := cli.Need(cmd, "reason"); err != nil {
				return err
			}
			return withDesk(env, cmd, store.Options{MustExist: true, Alone: true},
				func(desk *intake.Desk, _ *store.Store) error {
					g, err := desk.LeaveGap(cmd.Context(), actorOf(env), gap, why)
					if err != nil {
						return err
					}
					_, err = fmt.Fprintf(cmd.OutOrStdout(), "已留出空号 %s 至 %s，下一件的序号为 %s\n", display.Count(g.From),
						display.Count(g.To), display.Count(g.To+1))
					return err
				})
		}}
	gapFlag(cmd, &gap)
	cmd.Flags().StringVar(&why, "reason", "", "`原因`（必填，记入审计记录）")
	return cmd
}

func newDBConfirmCommand(env *cli.Environment) *cobra.Command {
	var why string
	cmd := &cobra.Command{Use: "confirm", Short: "确认数据库就是最新的那一个，不留空号即可启动服务", Args: cli.Args(),
		Long: `服务在数据目录中留有状态文件 server.run，记着数据库上次运行到哪里。数据库旧于它、
或者是副本时服务不启动，以免把已发出的受理号再次发给别的案件。

确知没有丢失任何案件（如状态文件被误删、整个目录搬到了别处而原来的不再使用）时，
用本命令确认，记入审计记录；不能确知时用 diaoxiao db gap 留出空号。服务须已停止。`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := cli.Need(cmd, "reason"); err != nil {
				return err
			}
			return withDesk(env, cmd, store.Options{MustExist: true, Alone: true},
				func(desk *intake.Desk, _ *store.Store) error {
					if err := desk.Confirm(cmd.Context(), actorOf(env), why); err != nil {
						return err
					}
					_, err := fmt.Fprintln(cmd.OutOrStdout(), "已确认，可以启动服务")
					return err
				})
		}}
	cmd.Flags().StringVar(&why, "reason", "", "`原因`（必填，记入审计记录）")
	return cmd
}
