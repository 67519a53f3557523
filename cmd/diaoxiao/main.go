// Command diaoxiao (吊销) is the batch-revocation interface from both ends: the intake server with what its operators
// need beside it, and the sender's command line, sandbox and conformance checker. This package has the tree of the
// commands and the exit codes, and hands the environment in; the commands are in internal/receiver/cli,
// internal/sender/cli and internal/trial.
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

	"github.com/spf13/cobra"

	"diaoxiao/internal/buildinfo"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/evidence/verifycmd"
	"diaoxiao/internal/explain"
	receivercli "diaoxiao/internal/receiver/cli"
	"diaoxiao/internal/receiver/config"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/server"
	sendercli "diaoxiao/internal/sender/cli"
	"diaoxiao/internal/trial"
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
	// From a second on, another signal ends the program at once; not before, because timeout(1) and others that pass a
	// signal on deliver it twice.
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
	ran, err := cli.Misspelt(root, args)
	if err == nil {
		ran, err = root.ExecuteContextC(ctx)
	}
	if err != nil && !errors.Is(err, explain.ErrFaults) {
		fmt.Fprintf(errw, "错误：%s\n", explain.Speaker{server.Vocabulary(), sendercli.Vocabulary()}.Explain(err))
	}
	if exitCode(err) == exitUsage {
		fmt.Fprintf(errw, "说明：%s --help\n", ran.CommandPath())
	}
	return exitCode(err)
}

// knownVariables are those of the environment that some command reads, without envPrefix.
func knownVariables() []string {
	return append(receivercli.Variables(), sendercli.Variables()...)
}

func exitCode(err error) int {
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, explain.ErrFaults):
		return exitFaults
	case errors.Is(err, explain.ErrUsage) || errors.Is(err, intake.ErrInvalid):
		return exitUsage
	}
	return exitFailure
}

func newRoot(environ []string) *cobra.Command {
	root := &cobra.Command{
		Use:   "diaoxiao",
		Short: "批量吊销接口的接收端和报送端",
		Long: `diaoxiao 是批量吊销接口的两端：接收端接收执法办案系统报送的吊销案件，持久保存后
才应答受理号，随后核验清单并提示可疑之处；报送端把表格或办案系统中的案件报送出去，
不漏报，不重报，还有联调用的沙箱和一致性检查。

先看一遍：    diaoxiao demo
运行接收端：  diaoxiao serve --listen 127.0.0.1:8080 --data ./data
接入一个系统：diaoxiao app create --data ./data --name 办案系统 --account 经办人
报送表格：    diaoxiao submit template 模板.xlsx，填好后 diaoxiao submit 模板.xlsx
联调：        diaoxiao sandbox

退出码：0 成功；1 失败；2 命令行、环境变量或配置文件有误；3 检查已完成并发现问题。`,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	env := &cli.Environment{Environ: environ, Known: knownVariables()}
	build := buildinfo.Read(version)
	root.PersistentFlags().StringVar(&env.File, "config", "", "配置`文件`（TOML）；也可用环境变量 DIAOXIAO_CONFIG")
	shown := config.Defaults()
	shown.Where.Flags(root.PersistentFlags()) // settings reads what was given
	cli.Heading(root, "接收端", receivercli.Commands(env, build)...)
	cli.Heading(root, "报送端", sendercli.Commands(env)...)
	cli.Heading(root, "验证", verifycmd.New())
	cli.Heading(root, "联调", append(trial.Commands(build), sendercli.NewConformance(env, build))...)
	root.AddCommand(newCompletionCommand(), newVersionCommand(build))
	cli.InChinese(root, withoutData()...)
	return root
}

// withoutData are the commands that take neither a data folder nor settings, with all below them: those of the sender's
// side speak to a receiver by the interface alone.
func withoutData() []string {
	return []string{
		"demo", "codes", "completion", "version", "help", "profile", "doctor", "status", "reconcile", "submit",
		"outbox", "sandbox", "conformance", "verify",
	}
}
