// Command diaoxiao (吊销) is the receiving side of the batch-revocation interface: the intake server and what its operators
// need beside it. This package alone knows flags, the environment, exit codes and text output.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"diaoxiao/internal/intake"
	"diaoxiao/internal/store"
)

// Exit codes.
const (
	exitOK      = 0
	exitFailure = 1 // the command could not do its work
	exitUsage   = 2 // the command line, the environment or the configuration file is wrong
	exitFaults  = 3 // a check ran to its end and found something
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the whole program. Once ctx ends it stops cleanly; data goes to out, everything else to errw.
func run(ctx context.Context, args, environ []string, out, errw io.Writer) int {
	root := newRoot(environ)
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(errw)
	err := root.ExecuteContext(ctx)
	if err != nil && !errors.Is(err, errFaults) {
		fmt.Fprintf(errw, "错误：%v\n", explain(err))
	}
	return exitCode(err)
}

// errUsage marks what the user has to write differently; errFaults what a check has found and told.
var (
	errUsage  = errors.New("用法")
	errFaults = errors.New("检查发现问题")
)

// usageError is an error of the command line, with its cause.
type usageError struct{ error }

func (usageError) Is(target error) bool { return target == errUsage }
func (e usageError) Unwrap() error      { return e.error }

func exitCode(err error) int {
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errFaults):
		return exitFaults
	case errors.Is(err, errUsage) || errors.Is(err, intake.ErrInvalid):
		return exitUsage
	}
	return exitFailure
}

// explain adds the next step to errors that have one.
func explain(err error) string {
	switch {
	case errors.Is(err, store.ErrLocked):
		return err.Error() + "；先停止该服务，或对运行中的服务使用不需要独占的命令"
	case errors.Is(err, store.ErrNoData):
		return err.Error() + "；用 --data 指明数据目录，或先用 diaoxiao serve 建立"
	case errors.Is(err, intake.ErrNotFound):
		return err.Error() + "（未找到）；用 diaoxiao app list 或 diaoxiao case list 查看"
	case errors.Is(err, intake.ErrExists):
		return err.Error() + "（已存在）"
	}
	return err.Error()
}

func newRoot(environ []string) *cobra.Command {
	root := &cobra.Command{
		Use:   "diaoxiao",
		Short: "批量吊销接口的接收端",
		Long: `diaoxiao 是批量吊销接口的接收端：接收执法办案系统报送的吊销案件，持久保存后才应答受理号，
随后核验清单并向操作人员提示可疑之处。

第一次使用：  diaoxiao demo
正式运行：    diaoxiao serve --listen 127.0.0.1:8080 --data ./data
接入一个系统：diaoxiao app create --data ./data --name 执法办案系统 --account 经办人

退出码：0 成功；1 失败；2 命令行、环境变量或配置文件有误；3 检查已完成并发现问题。`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
	}
	c := &command{environ: environ}
	root.PersistentFlags().StringVar(&c.file, "config", "", "配置文件（TOML）；也可用环境变量 DIAOXIAO_CONFIG")
	root.PersistentFlags().StringVar(&c.data, "data", defaults().Data, "数据目录")
	root.AddCommand(c.serve(), c.demo(), c.app(), c.account(), c.cases(), c.audit(), c.export(), c.db(), c.reverify(), c.config(), c.codes(), c.version())
	inChinese(root)
	return root
}

// command carries what all commands share.
type command struct {
	environ []string
	file    string // --config
	data    string // --data
}

// actor names who runs the command line, for the audit.
func actor() intake.Actor {
	for _, name := range []string{"SUDO_USER", "USER", "USERNAME"} {
		if v := os.Getenv(name); v != "" {
			return intake.Actor("cli:" + v)
		}
	}
	return intake.Actor(fmt.Sprintf("cli:uid%d", os.Getuid()))
}
