package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
)

// deed is an action on a case, an operator, an app or an account.
type deed struct {
	subject string // as people read it
	absent  string // the next step where there is no such subject
}

func onCase(acceptID string) deed {
	return deed{"受理号 " + acceptID, "用 diaoxiao case list 查看受理号"}
}

func onOperator(name string) deed {
	return deed{"操作员 " + display.Plain(name), "用 diaoxiao operator list 查看操作员"}
}

func onApp(name string) deed {
	return deed{"应用 " + display.Plain(name), "用 diaoxiao app list 查看已有的应用"}
}

func onAccount(app, name string) deed {
	return deed{"应用 " + display.Plain(app) + " 的账户 " + display.Plain(name),
		"用 diaoxiao app list 查看应用，用 diaoxiao app show APP 查看其账户"}
}

// do runs f at the desk and then prints the subject and done.
func (d deed) do(env *cli.Environment, cmd *cobra.Command, done string, f func(*intake.Desk) error) error {
	return withDesk(env, cmd, existing, func(desk *intake.Desk, _ *store.Store) error {
		if err := f(desk); err != nil {
			return onNotFound(err, d.absent)
		}
		_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s %s\n", d.subject, done)
		return err
	})
}

// onNotFound adds the next step to intake.ErrNotFound.
func onNotFound(err error, step string) error {
	if errors.Is(err, intake.ErrNotFound) {
		return explain.WithStep(err, step)
	}
	return err
}
