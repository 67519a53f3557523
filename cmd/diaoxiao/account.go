package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"diaoxiao/internal/intake"
	"diaoxiao/internal/store"
)

func (c *command) account() *cobra.Command {
	cmd := &cobra.Command{Use: "account", Short: "管理接入应用的用户账户"}
	cmd.AddCommand(
		c.accountDo("add APP ACCOUNT", "增加账户", "已增加", func(cmd *cobra.Command, d *intake.Desk, app, name string) error {
			return d.AddAccount(cmd.Context(), actor(), app, name)
		}),
		c.accountDo("disable APP ACCOUNT", "停用账户，立即结束其会话", "已停用", func(cmd *cobra.Command, d *intake.Desk, app, name string) error {
			return d.SetAccountDisabled(cmd.Context(), actor(), app, name, true)
		}),
		c.accountDo("enable APP ACCOUNT", "启用账户", "已启用", func(cmd *cobra.Command, d *intake.Desk, app, name string) error {
			return d.SetAccountDisabled(cmd.Context(), actor(), app, name, false)
		}))
	return cmd
}

func (c *command) accountDo(use, short, done string, do func(*cobra.Command, *intake.Desk, string, string) error) *cobra.Command {
	return &cobra.Command{Use: use, Short: short, Args: cobra.ExactArgs(2), RunE: func(cmd *cobra.Command, args []string) error {
		return c.withDesk(cmd, existing, func(desk *intake.Desk, _ *store.Store) error {
			if err := do(cmd, desk, args[0], args[1]); err != nil {
				return err
			}
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "账户%s%s\n", args[1], done)
			return err
		})
	}}
}
