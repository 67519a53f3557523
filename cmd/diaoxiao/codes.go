package main

import (
	"encoding/json"
	"io"

	"github.com/spf13/cobra"

	"diaoxiao/api"
)

func (c *command) codes() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{Use: "codes", Short: "显示错误代码表（Markdown）", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		if asJSON {
			return json.NewEncoder(cmd.OutOrStdout()).Encode(api.Codes())
		}
		_, err := io.WriteString(cmd.OutOrStdout(), api.CodeTable())
		return err
	}}
	cmd.Flags().BoolVar(&asJSON, "json", false, "以 JSON 输出")
	return cmd
}
