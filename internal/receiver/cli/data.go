package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/receiver/config"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/server"
	"diaoxiao/internal/receiver/store"
)

// withDesk runs f with the desk of the data folder or database and closes it again. It works beside a running server.
func withDesk(env *cli.Environment, cmd *cobra.Command, o store.Options,
	f func(*intake.Desk, *store.Store) error) (err error) {
	conf, err := config.Read(env, cmd.Flags())
	if err != nil {
		return err
	}
	s, err := server.OpenStore(cmd.Context(), &conf.Where, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if s.ReadOnly() {
		fmt.Fprintf(cmd.ErrOrStderr(), "注意：%s 不可写（磁盘只读，或没有权限），只能读取；请尽快备份到别处，查明原因\n", conf.Where.String())
	}
	return f(intake.NewDesk(intake.Config{Store: s}), s)
}

var existing = store.Options{MustExist: true}

func yesNo(disabled bool) string {
	if disabled {
		return "停用"
	}
	return "启用"
}
