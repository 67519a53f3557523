package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"diaoxiao/internal/display"
	"diaoxiao/internal/intake"
	"diaoxiao/internal/store"
)

func (c *command) account() *cobra.Command {
	cmd := &cobra.Command{Use: "account", Short: "管理接入应用的用户账户",
		Long: `管理接入应用的用户账户。APP 为 appKey 或应用名称。
改动立即生效，可在服务运行时执行，并记入审计记录。`}
	cmd.AddCommand(
		c.accountDo("add APP ACCOUNT", "增加账户", "增加", func(cmd *cobra.Command, d *intake.Desk, app, name string) error {
			return d.AddAccount(cmd.Context(), c.actor(), app, name)
		}),
		c.accountDo("disable APP ACCOUNT", "停用账户，立即结束其会话", "停用", func(cmd *cobra.Command, d *intake.Desk, app, name string) error {
			return d.SetAccountDisabled(cmd.Context(), c.actor(), app, name, true)
		}),
		c.accountDo("enable APP ACCOUNT", "启用账户", "启用", func(cmd *cobra.Command, d *intake.Desk, app, name string) error {
			return d.SetAccountDisabled(cmd.Context(), c.actor(), app, name, false)
		}))
	return cmd
}

func (c *command) accountDo(use, short, done string, do func(*cobra.Command, *intake.Desk, string, string) error) *cobra.Command {
	return &cobra.Command{Use: use, Short: short, Args: args("APP", "ACCOUNT"), RunE: func(cmd *cobra.Command, args []string) error {
		return c.withDesk(cmd, existing, func(desk *intake.Desk, _ *store.Store) error {
			if err := do(cmd, desk, args[0], args[1]); err != nil {
				return onNotFound(err, "用 diaoxiao app list 查看应用，用 diaoxiao app show APP 查看其账户")
			}
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "应用 %s 的账户 %s 已%s\n", display.Plain(args[0]), display.Plain(args[1]), done)
			return err
		})
	}}
}
