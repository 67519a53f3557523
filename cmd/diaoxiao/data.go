package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"diaoxiao/internal/intake"
	"diaoxiao/internal/store"
)

// withDesk runs f with the desk of the data folder and closes it again. It works beside a running server.
func (c *command) withDesk(cmd *cobra.Command, o store.Options, f func(*intake.Desk, *store.Store) error) (err error) {
	conf, err := c.settings(cmd.Flags())
	if err != nil {
		return err
	}
	s, err := store.Open(cmd.Context(), conf.Data, o)
	if err != nil {
		return openError(cmd.Context(), conf.Data, err)
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return f(intake.NewDesk(intake.Config{Store: s}), s)
}

// openError names the folder, but for errors that name it themselves.
func openError(ctx context.Context, dir string, err error) error {
	switch {
	case ctx.Err() != nil:
		return context.Canceled
	case errors.Is(err, store.ErrLocked) || errors.Is(err, store.ErrNoData) || errors.Is(err, store.ErrSchema):
		return err
	}
	return nextStep{fmt.Errorf("打不开数据目录 %s：%w", dir, err), "检查该目录的权限和磁盘；如文件已损坏，用 diaoxiao db restore 把备份恢复到新目录"}
}

var existing = store.Options{MustExist: true}

// printJSON writes v as one line.
func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

func yesNo(disabled bool) string {
	if disabled {
		return "停用"
	}
	return "启用"
}
