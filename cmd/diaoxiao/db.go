package main

import (
	"errors"
	"fmt"
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
	cmd := &cobra.Command{Use: "check", Short: "逐件证明保存的报文与受理时的摘要、派生数据相符", Args: cobra.NoArgs,
		Long: `检查数据库文件的结构；逐件重新读取报文正文，与受理时记录的长度、SHA-256、内容摘要和案件行核对；
与核验得出的市场主体行、检索键和提示核对；核对每件的受理记录。只读，可在服务运行时执行。
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
		fmt.Fprintf(cmd.OutOrStdout(), "不符  %s（序号%d）  %s\n", f.AcceptID, f.CaseNo, f.What)
	}
	structure, err := s.Integrity(cmd.Context())
	if err != nil {
		return err
	}
	for _, line := range structure {
		report(intake.Fault{What: "数据库文件结构：" + line})
	}
	p := newProgress(cmd.ErrOrStderr(), "检查")
	total, err := desk.Inspect(cmd.Context(), report, func(in intake.Inspection) { p.at("%d件，%d户", in.Cases, in.Entities) })
	if err != nil {
		return err
	}
	total.Faults += int64(len(structure))
	if asJSON {
		printJSON(cmd.OutOrStdout(), total)
	} else {
		fmt.Fprintf(cmd.OutOrStdout(), "案件%d件，市场主体%d户，报送记录%d条，已核验%d件，不符%d处\n", total.Cases, total.Entities, total.Attempts, total.Verified, total.Faults)
	}
	if total.Faults > 0 {
		return errFaults
	}
	return nil
}

func (c *command) dbBackup() *cobra.Command {
	return &cobra.Command{Use: "backup FILE", Short: "备份到一个新文件；可在服务运行时执行", Args: cobra.ExactArgs(1),
		Long: `写出数据库在某一时刻的完整副本，落盘后才返回。FILE 不得已存在。
备份中没有明文密钥和令牌（只有散列），但含有案件内容，请按同等密级保管。恢复用 diaoxiao db restore。`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.withDesk(cmd, existing, func(desk *intake.Desk, s *store.Store) error {
				began := time.Now()
				done := watchFile(cmd, args[0])
				err := s.Backup(cmd.Context(), args[0])
				done()
				if errors.Is(err, os.ErrExist) {
					return fmt.Errorf("%s已存在，不覆盖；请换一个文件名", args[0])
				}
				if err != nil {
					return err
				}
				info, err := os.Stat(args[0])
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "已备份到%s（%d字节，用时%s）\n", args[0], info.Size(), since(began))
				return err
			})
		}}
}

// watchFile tells how long a file has become until the returned function is called.
func watchFile(cmd *cobra.Command, path string) (done func()) {
	p, quit, ended := newProgress(cmd.ErrOrStderr(), "备份"), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-quit:
				return
			case <-time.After(500 * time.Millisecond):
				if info, err := os.Stat(path); err == nil {
					p.at("%d MiB", info.Size()>>20)
				}
			}
		}
	}()
	return func() { close(quit); <-ended }
}

func (c *command) dbRestore() *cobra.Command {
	return &cobra.Command{Use: "restore FILE", Short: "把备份恢复到一个新的数据目录，并做完整检查", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			conf, err := c.load(cmd.Flags())
			if err != nil {
				return err
			}
			if err := store.Restore(args[0], conf.Data); err != nil {
				return err
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "已恢复到%s，开始检查\n", conf.Data)
			return c.withDesk(cmd, existing, func(desk *intake.Desk, s *store.Store) error { return check(cmd, desk, s, false) })
		}}
}
