package main

import (
	"io"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/explain"
)

func newCompletionCommand() *cobra.Command {
	shells := map[string]func(*cobra.Command, io.Writer) error{
		"bash":       func(root *cobra.Command, w io.Writer) error { return root.GenBashCompletionV2(w, true) },
		"zsh":        func(root *cobra.Command, w io.Writer) error { return root.GenZshCompletion(w) },
		"fish":       func(root *cobra.Command, w io.Writer) error { return root.GenFishCompletion(w, true) },
		"powershell": func(root *cobra.Command, w io.Writer) error { return root.GenPowerShellCompletionWithDesc(w) },
	}
	names := slices.Sorted(maps.Keys(shells))
	return &cobra.Command{Use: "completion SHELL", Short: "生成命令补全脚本（bash、zsh、fish、powershell）",
		Long: `生成命令补全脚本，写到标准输出。SHELL 为 bash、fish、powershell 或 zsh。`,
		Example: `  bash        source <(diaoxiao completion bash)  （需先安装 bash-completion）
  zsh         diaoxiao completion zsh > "${fpath[1]}/_diaoxiao"
  fish        diaoxiao completion fish > ~/.config/fish/completions/diaoxiao.fish
  powershell  diaoxiao completion powershell | Out-String | Invoke-Expression`,
		Args: cli.Args("SHELL"), ValidArgs: names,
		RunE: func(cmd *cobra.Command, args []string) error {
			generate, ok := shells[args[0]]
			if !ok {
				return explain.Usagef("没有 %q 的补全脚本；可用：bash、fish、powershell、zsh", args[0])
			}
			return generate(cmd.Root(), cmd.OutOrStdout())
		}}
}
