package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"diaoxiao/internal/buildinfo"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/receiver/store"
)

// version is set by the release build; a build from a checkout is named after its commit.
var version = "dev"

// versionView is what runs, as --json shows it.
type versionView struct {
	buildinfo.Info
	SQLite string `json:"sqlite"`
}

func newVersionCommand(build buildinfo.Info) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{Use: "version", Short: "显示版本", Args: cli.Args(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			v := versionView{build, store.SQLiteVersion()}
			if asJSON {
				return cli.PrintJSON(cmd.OutOrStdout(), v)
			}
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "diaoxiao %s%s\n%s  %s/%s  SQLite %s\n",
				v.Version, v.Source(), v.Go, v.OS, v.Arch, v.SQLite)
			return err
		}}
	cmd.Flags().BoolVar(&asJSON, "json", false, "以 JSON 输出")
	return cmd
}
