package trial

import (
	"io"

	"github.com/spf13/cobra"

	"diaoxiao/api"
	"diaoxiao/internal/cli"
)

func newCodesCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{Use: "codes", Short: "显示错误代码表（Markdown）", Args: cli.Args(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if asJSON {
				return printCodes(cmd)
			}
			_, err := io.WriteString(cmd.OutOrStdout(), api.CodeTable())
			return err
		}}
	cmd.Flags().BoolVar(&asJSON, "json", false, "以 JSON 输出")
	return cmd
}

// codeView is a code as --json shows it.
type codeView struct {
	Code     api.Code `json:"code"`
	Message  string   `json:"message"`
	Advice   string   `json:"advice"`
	Status   int      `json:"status"`
	Document bool     `json:"document"`
}

func printCodes(cmd *cobra.Command) error {
	var views []codeView
	for _, i := range api.Codes() {
		views = append(views, codeView{i.Code, i.Message, i.Advice, i.Status, i.Document})
	}
	return cli.PrintJSON(cmd.OutOrStdout(), views)
}
