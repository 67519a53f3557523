package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/receiver/store"
)

// version is set by the release build; a build from a checkout is named after its commit.
var version = "dev"

// versionInfo says what runs.
type versionInfo struct {
	Version string `json:"version"`
	Commit  string `json:"commit"`
	Time    string `json:"time"`
	Dirty   bool   `json:"dirty"`
	Go      string `json:"go"`
	OS      string `json:"os"`
	Arch    string `json:"arch"`
	SQLite  string `json:"sqlite"`
}

func readVersion() versionInfo {
	v := versionInfo{Version: version, Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH, SQLite: store.SQLiteVersion()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			v.Commit = s.Value
		case "vcs.time":
			v.Time = s.Value
		case "vcs.modified":
			v.Dirty = s.Value == "true"
		}
	}
	return v
}

// source names the commit for people, "" where the build does not know it.
func (v versionInfo) source() string {
	if v.Commit == "" {
		return ""
	}
	text := fmt.Sprintf("（提交 %.12s，%s", v.Commit, v.Time)
	if v.Dirty {
		text += "，含未提交的改动"
	}
	return text + "）"
}

func newVersionCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{Use: "version", Short: "显示版本", Args: cli.Args(), RunE: func(cmd *cobra.Command, _ []string) error {
		v := readVersion()
		if asJSON {
			return cli.PrintJSON(cmd.OutOrStdout(), v)
		}
		_, err := fmt.Fprintf(cmd.OutOrStdout(), "diaoxiao %s%s\n%s  %s/%s  SQLite %s\n", v.Version, v.source(), v.Go, v.OS, v.Arch, v.SQLite)
		return err
	}}
	cmd.Flags().BoolVar(&asJSON, "json", false, "以 JSON 输出")
	return cmd
}
