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
	"time"

	"github.com/caarlos0/env/v11"
	"github.com/spf13/cobra"

	"diaoxiao/internal/intake"
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
	// From a second on, another signal ends the program at once; not before, because timeout(1) and others that pass a signal
	// on deliver it twice.
	context.AfterFunc(ctx, func() { time.AfterFunc(time.Second, stop) })
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
	ran, err := root.ExecuteContextC(ctx)
	if err != nil && !errors.Is(err, errFaults) {
		fmt.Fprintf(errw, "错误：%s\n", explain(err))
	}
	if exitCode(err) == exitUsage {
		fmt.Fprintf(errw, "说明：%s --help\n", ran.CommandPath())
	}
	return exitCode(err)
}

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

func newRoot(environ []string) *cobra.Command {
	root := &cobra.Command{
		Use:   "diaoxiao",
		Short: "批量吊销接口的接收端",
		Long: `diaoxiao 是批量吊销接口的接收端：接收执法办案系统报送的吊销案件，持久保存后
才应答受理号，随后核验清单并向操作人员提示可疑之处。

第一次使用：  diaoxiao demo
正式运行：    diaoxiao serve --listen 127.0.0.1:8080 --data ./data
接入一个系统：diaoxiao app create --data ./data --name 办案系统 --account 经办人

退出码：0 成功；1 失败；2 命令行、环境变量或配置文件有误；3 检查已完成并发现问题。`,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	c := &command{environ: environ}
	root.PersistentFlags().StringVar(&c.file, "config", "", "配置`文件`（TOML）；也可用环境变量 DIAOXIAO_CONFIG")
	shown := defaults()
	shown.Where.flags(root.PersistentFlags()) // settings reads what was given
	root.AddCommand(c.demo(), c.serve(), c.app(), c.account(), c.cases(), c.export(), c.reverify(), c.audit(), c.db(), c.config(), c.codes(),
		c.profile(), c.submit(), c.outbox(), c.doctor(), c.status(), c.reconcile(), c.sandbox(), c.conformance(), c.completion(), c.version())
	inChinese(root)
	return root
}

// command carries what all commands share.
type command struct {
	environ []string
	file    string // --config
}

// actor names who runs the command line, for the audit.
func (c *command) actor() intake.Actor {
	environ := env.ToMap(c.environ)
	for _, name := range []string{"SUDO_USER", "USER", "USERNAME"} {
		if v := environ[name]; v != "" {
			return intake.Actor("cli:" + v)
		}
	}
	return intake.Actor(fmt.Sprintf("cli:uid%d", os.Getuid()))
}
