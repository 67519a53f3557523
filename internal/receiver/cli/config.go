package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/receiver/config"
	"diaoxiao/internal/receiver/server"
)

func newConfigCommand(env *cli.Environment) *cobra.Command {
	cmd := &cobra.Command{Use: "config", Short: "检查或显示生效的设置"}
	cmd.AddCommand(newConfigCheckCommand(env), newConfigPrintCommand(env))
	return cmd
}

func newConfigCheckCommand(env *cli.Environment) *cobra.Command {
	cmd := &cobra.Command{Use: "check", Short: "检查设置：命令行、环境变量与配置文件", Args: cli.Args(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			conf, err := config.Load(env, cmd.Flags())
			if err != nil {
				return err
			}
			if err := server.CheckFiles(&conf); err != nil {
				return err
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), "设置无误")
			return err
		}}
	conf := config.Defaults()
	conf.Flags(cmd.Flags())
	return cmd
}

func newConfigPrintCommand(env *cli.Environment) *cobra.Command {
	cmd := &cobra.Command{Use: "print", Short: "显示生效的设置（TOML，可存为配置文件）", Args: cli.Args(),
		Example: `  diaoxiao config print > diaoxiao.toml
  diaoxiao serve --config diaoxiao.toml`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			conf, err := config.Load(env, cmd.Flags())
			if err != nil {
				return err
			}
			return conf.Print(cmd.OutOrStdout(), cmd.Flags())
		}}
	conf := config.Defaults()
	conf.Flags(cmd.Flags())
	return cmd
}
