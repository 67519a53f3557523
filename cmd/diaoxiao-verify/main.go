// Command diaoxiao-verify is diaoxiao verify alone, for those who check a receipt (回执) and run no receiver: a court, an
// auditor, a sender. It has no store and opens no connection.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/evidence/verifycmd"
	"diaoxiao/internal/explain"
)

// Exit codes, those of diaoxiao.
const (
	exitOK      = 0
	exitFailure = 1
	exitUsage   = 2
	exitFaults  = 3
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the whole program; what it proves goes to out, everything else to errw.
func run(ctx context.Context, args []string, out, errw io.Writer) int {
	cmd := verifycmd.New()
	cmd.Use = "diaoxiao-verify 文件…"
	cmd.Example = "  diaoxiao-verify 回执.receipt --keys policy.txt"
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	cli.InChinese(cmd)
	cmd.SetArgs(args)
	cmd.SetOut(out)
	cmd.SetErr(errw)
	err := cmd.ExecuteContext(ctx)
	if err != nil && !errors.Is(err, explain.ErrFaults) {
		fmt.Fprintf(errw, "错误：%s\n", explain.Speaker{}.Explain(err))
	}
	return exitCode(err)
}

func exitCode(err error) int {
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, explain.ErrFaults):
		return exitFaults
	case errors.Is(err, explain.ErrUsage):
		return exitUsage
	}
	return exitFailure
}
