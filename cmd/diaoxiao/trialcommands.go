package main

import (
	"github.com/spf13/cobra"

	"diaoxiao/internal/buildinfo"
)

// trialCommands are the commands that try both sides of the interface, in the order of the help.
func trialCommands(build buildinfo.Info) []*cobra.Command {
	return []*cobra.Command{newDemoCommand(build), newSandboxCommand(), newCodesCommand()}
}
