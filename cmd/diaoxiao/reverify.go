package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"diaoxiao/internal/intake"
	"diaoxiao/internal/store"
)

func (c *command) reverify() *cobra.Command {
	return &cobra.Command{Use: "reverify", Short: "重新核验全部案件：重建市场主体行、检索键和提示", Args: cobra.NoArgs,
		Long: `服务未运行时，清空派生数据并由本命令从报文正文重建；服务运行时，由服务在后台逐件重做，本命令等待并显示进度。
受理记录和报文正文不受影响。中断后再次执行即可。`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			err := c.withDesk(cmd, store.Options{MustExist: true, Server: true}, func(desk *intake.Desk, _ *store.Store) error {
				if err := desk.Rebuild(cmd.Context(), actor()); err != nil {
					return err
				}
				return rebuild(cmd, desk)
			})
			if errors.Is(err, store.ErrLocked) {
				err = c.withDesk(cmd, existing, func(desk *intake.Desk, _ *store.Store) error { return awaitReverify(cmd, desk) })
			}
			return err
		}}
}

// rebuild verifies everything in this process.
func rebuild(cmd *cobra.Command, desk *intake.Desk) error {
	v := intake.NewVerifier(desk, nil)
	p, quit, ended := newProgress(cmd.ErrOrStderr(), "核验"), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-quit:
				return
			case <-time.After(500 * time.Millisecond):
				cases, entities := v.Progress()
				p.at("%d件，%d户", cases, entities)
			}
		}
	}()
	err := v.Pass(cmd.Context())
	close(quit)
	<-ended
	if err != nil {
		return err
	}
	cases, entities := v.Progress()
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "已重新核验%d件，%d户\n", cases, entities)
	return err
}

// awaitReverify has the running server do it.
func awaitReverify(cmd *cobra.Command, desk *intake.Desk) error {
	if err := desk.Reverify(cmd.Context(), actor()); err != nil {
		return err
	}
	p := newProgress(cmd.ErrOrStderr(), "等待服务重新核验")
	for {
		n, err := desk.Backlog(cmd.Context(), 100_000)
		if err != nil {
			return err
		}
		if n == 0 {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), "服务已重新核验全部案件")
			return err
		}
		p.at("剩余%d件", n)
		if err := sleep(cmd.Context(), time.Second); err != nil {
			return fmt.Errorf("不再等待，服务会继续核验：%w", err)
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
