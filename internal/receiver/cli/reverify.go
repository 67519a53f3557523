package cli

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
	"diaoxiao/internal/receiver/verify"
)

func newReverifyCommand(env *cli.Environment) *cobra.Command {
	return &cobra.Command{Use: "reverify", Short: "重新核验全部案件：重建市场主体行、检索键和提示", Args: cli.Args(),
		Long: `服务未运行时，清空派生数据并由本命令从报文正文重建；服务运行时，由服务在后台
逐件重做，本命令等待并显示进度。受理记录和报文正文不受影响。
中断后再次执行即可，或由服务启动后接着做完。`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			err := withDesk(env, cmd, store.Options{MustExist: true, Alone: true},
				func(desk *intake.Desk, _ *store.Store) error {
					return rebuildAll(env, cmd, desk)
				})
			if errors.Is(err, store.ErrLocked) {
				err = withDesk(env, cmd, existing,
					func(desk *intake.Desk, _ *store.Store) error { return awaitReverify(env, cmd, desk) })
			}
			return err
		}}
}

// rebuildAll verifies all cases again in this process.
func rebuildAll(env *cli.Environment, cmd *cobra.Command, desk *intake.Desk) error {
	// First the verdicts that are there are compared with a new register: only so it is known which become worse. Where
	// that fails, Rebuild takes all that wait for such.
	if err := verify.New(desk, nil).Compare(cmd.Context()); cmd.Context().Err() != nil {
		return explain.Undone("核验", err, "再次执行 diaoxiao reverify，或启动服务由其做完")
	}
	if err := verify.NewExaminer(desk).Rebuild(cmd.Context(), actorOf(env)); err != nil {
		return err
	}
	v := verify.New(desk, nil)
	p := cli.NewProgress(cmd.ErrOrStderr(), "核验")
	done := cli.Watch(func() {
		cases, entities := v.Progress()
		p.At("%s 件，%s 户", display.Count(cases), display.Count(entities))
	})
	err := v.Pass(cmd.Context())
	done()
	if err != nil {
		return explain.Undone("核验", err, "再次执行 diaoxiao reverify，或启动服务由其做完")
	}
	cases, entities := v.Progress()
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "已重新核验 %s 件，%s 户\n", display.Count(cases), display.Count(entities))
	return err
}

// awaitReverify lets the running server verify all cases again, and waits for it.
func awaitReverify(env *cli.Environment, cmd *cobra.Command, desk *intake.Desk) error {
	if err := verify.NewExaminer(desk).Reverify(cmd.Context(), actorOf(env)); err != nil {
		return err
	}
	p := cli.NewProgress(cmd.ErrOrStderr(), "等待服务重新核验")
	for {
		n, err := verify.NewExaminer(desk).Backlog(cmd.Context(), 100_000)
		if err != nil {
			return stillVerifying(err)
		}
		if n == 0 {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), "服务已重新核验全部案件")
			return err
		}
		p.At("剩余 %s 件", display.Count(n))
		if err := cli.Sleep(cmd.Context(), 200*time.Millisecond); err != nil {
			return stillVerifying(err)
		}
	}
}

func stillVerifying(err error) error {
	return explain.Undone("等待", err, "服务会在后台继续重新核验")
}
