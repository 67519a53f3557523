package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"diaoxiao/internal/intake"
	"diaoxiao/internal/store"
)

func (c *command) db() *cobra.Command {
	cmd := &cobra.Command{Use: "db", Short: "检查、备份、恢复数据库"}
	cmd.AddCommand(c.dbCheck(), c.dbBackup(), c.dbRestore())
	return cmd
}

func (c *command) dbCheck() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{Use: "check", Short: "逐件证明保存的报文与受理时的摘要、派生数据相符", Args: args(),
		Long: `检查数据库文件的结构；逐件重新读取报文正文，与受理时记录的长度、SHA-256、
内容摘要和案件行核对；与核验得出的市场主体行、检索键和提示核对；核对每件的
受理记录。只读，可在服务运行时执行。
退出码：0 全部相符；3 发现不符（逐条列出）。`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.withDesk(cmd, existing, func(desk *intake.Desk, s *store.Store) error { return check(cmd, desk, s, asJSON) })
		}}
	cmd.Flags().BoolVar(&asJSON, "json", false, "以 JSON Lines 输出：每条不符一行，最后一行为合计")
	return cmd
}

// check inspects an open store and prints what it finds.
func check(cmd *cobra.Command, desk *intake.Desk, s *store.Store, asJSON bool) error {
	report := func(f intake.Fault) {
		if asJSON {
			printJSON(cmd.OutOrStdout(), f)
			return
		}
		fmt.Fprintf(cmd.OutOrStdout(), "不符  %s%s\n", faultyCase(f), f.What)
	}
	structure, err := s.Integrity(cmd.Context())
	if err != nil && cmd.Context().Err() != nil {
		return undone("检查", err, "")
	}
	if err != nil {
		structure = []string{inChineseWords(err)} // so damaged that it cannot be told how
	}
	for _, line := range structure {
		report(intake.Fault{What: "数据库文件结构：" + line})
	}
	p := newProgress(cmd.ErrOrStderr(), "检查")
	total, err := desk.Inspect(cmd.Context(), report, func(in intake.Inspection) { p.at("%s 件，%s 户", thousands(in.Cases), thousands(in.Entities)) })
	total.Faults += int64(len(structure))
	if err != nil && (len(structure) == 0 || cmd.Context().Err() != nil) {
		return undone("检查", err, "")
	}
	if err != nil {
		report(intake.Fault{What: "其余部分因文件结构损坏无法检查：" + inChineseWords(err)})
		total.Faults++
	}
	return printInspection(cmd, total, asJSON)
}

// faultyCase names the case of a fault, where it is of one.
func faultyCase(f intake.Fault) string {
	switch {
	case f.AcceptID != "":
		return fmt.Sprintf("受理号 %s（序号 %d）  ", f.AcceptID, f.CaseNo)
	case f.CaseNo != 0:
		return fmt.Sprintf("序号 %d  ", f.CaseNo)
	}
	return ""
}

// printInspection ends a check: errFaults where it found any.
func printInspection(cmd *cobra.Command, total intake.Inspection, asJSON bool) (err error) {
	if asJSON {
		err = printJSON(cmd.OutOrStdout(), total)
	} else {
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "案件 %s 件，市场主体 %s 户，报送记录 %s 条，已核验 %s 件，不符 %s 处\n", thousands(total.Cases),
			thousands(total.Entities), thousands(total.Attempts), thousands(total.Verified), thousands(total.Faults))
	}
	if err != nil || total.Faults == 0 {
		return err
	}
	fmt.Fprintln(cmd.ErrOrStderr(), `下一步：请保留该数据目录的一份副本，不要再改动。
正文、案件或报送记录不符的，与备份核对（diaoxiao db restore 恢复到新目录）；
只有派生数据、检索键或核验提示不符的，停止服务后用 diaoxiao reverify 重建。`)
	return errFaults
}

func (c *command) dbBackup() *cobra.Command {
	return &cobra.Command{Use: "backup FILE", Short: "备份到一个新文件；可在服务运行时执行", Args: args("FILE"),
		Long: `写出数据库在某一时刻的完整副本，落盘后才返回。FILE 不得已存在。
备份中没有明文密钥和令牌（只有散列），但含有案件内容，请按同等密级保管。
恢复用 diaoxiao db restore。`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.withDesk(cmd, existing, func(desk *intake.Desk, s *store.Store) error {
				began := time.Now()
				done := watchFile(cmd, args[0])
				err := s.Backup(cmd.Context(), args[0])
				done()
				if errors.Is(err, os.ErrExist) {
					return nextStep{fmt.Errorf("%s 已存在，不覆盖", args[0]), "请换一个文件名"}
				}
				if err != nil {
					return undone("备份", err, "没有留下文件，排除原因后再次执行")
				}
				info, err := os.Stat(args[0])
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "已备份到 %s（%s 字节，用时 %s）\n", args[0], thousands(info.Size()), since(began))
				return err
			})
		}}
}

// watchFile tells how long a file has become until the returned function is called.
func watchFile(cmd *cobra.Command, path string) (done func()) {
	p := newProgress(cmd.ErrOrStderr(), "备份")
	return watch(func() {
		if info, err := os.Stat(path); err == nil {
			p.at("%s MiB", thousands(info.Size()>>20))
		}
	})
}

func (c *command) dbRestore() *cobra.Command {
	return &cobra.Command{Use: "restore FILE", Short: "把备份恢复到一个新的数据目录，并做完整检查", Args: args("FILE"),
		Long: `把 diaoxiao db backup 写出的 FILE 复制到数据目录（--data），随后做与
diaoxiao db check 相同的检查。
数据目录中不得已有数据库；目录不存在时建立。退出码：0 恢复完毕且全部相符；3 已恢复但发现不符。`,
		Example: `  diaoxiao db restore 备份.db --data /var/lib/diaoxiao-restored`,
		RunE: func(cmd *cobra.Command, args []string) error {
			conf, err := c.settings(cmd.Flags())
			if err != nil {
				return err
			}
			if err := checkBackup(args[0]); err != nil {
				return err
			}
			if err := store.Restore(args[0], conf.Data); err != nil {
				return err
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "已恢复到 %s，开始检查\n", conf.Data)
			err = c.withDesk(cmd, existing, func(desk *intake.Desk, s *store.Store) error { return check(cmd, desk, s, false) })
			if err != nil && !errors.Is(err, errFaults) {
				return nextStep{err, "数据已恢复到 " + conf.Data + "，可用 diaoxiao db check 再检查"}
			}
			return err
		}}
}

// sqliteHeader begins every SQLite file.
const sqliteHeader = "SQLite format 3\x00"

// checkBackup refuses a file that is no database before it lies in a data folder and has to be cleared away again.
func checkBackup(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	head := make([]byte, len(sqliteHeader))
	if _, err := io.ReadFull(f, head); err != nil || string(head) != sqliteHeader {
		return nextStep{fmt.Errorf("%s 不是数据库文件", path), "请指定 diaoxiao db backup 写出的文件"}
	}
	return nil
}
