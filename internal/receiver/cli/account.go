package cli

import (
	"context"

	"github.com/spf13/cobra"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/receiver/intake"
)

func newAccountCommand(env *cli.Environment) *cobra.Command {
	cmd := &cobra.Command{Use: "account", Short: "管理接入应用的用户账户",
		Long: `管理接入应用的用户账户。APP 为 appKey 或应用名称。
改动立即生效，可在服务运行时执行，并记入审计记录。`}
	cmd.AddCommand(
		newAccountDeedCommand(env, "add APP ACCOUNT", "增加账户", "已增加",
			func(ctx context.Context, d *intake.Desk, app, name string) error {
				return d.AddAccount(ctx, actorOf(env), app, name)
			}),
		newAccountDeedCommand(env, "disable APP ACCOUNT", "停用账户，立即结束其会话", "已停用",
			func(ctx context.Context, d *intake.Desk, app, name string) error {
				return d.SetAccountDisabled(ctx, actorOf(env), app, name, true)
			}),
		newAccountDeedCommand(env, "enable APP ACCOUNT", "启用账户", "已启用",
			func(ctx context.Context, d *intake.Desk, app, name string) error {
				return d.SetAccountDisabled(ctx, actorOf(env), app, name, false)
			}))
	return cmd
}

// newAccountDeedCommand does one thing with the account that its arguments name.
func newAccountDeedCommand(env *cli.Environment, use, short, done string,
	do func(ctx context.Context, d *intake.Desk, app, name string) error) *cobra.Command {
	return &cobra.Command{Use: use, Short: short, Args: cli.Args("APP", "ACCOUNT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return onAccount(args[0], args[1]).do(env, cmd, done,
				func(d *intake.Desk) error { return do(cmd.Context(), d, args[0], args[1]) })
		}}
}
