package main

import (
	"github.com/spf13/cobra"

	"diaoxiao/internal/buildinfo"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/receiver/config"
)

// receiverCommands are the commands of the receiver's side, in the order of the help.
func receiverCommands(env *cli.Environment, build buildinfo.Info) []*cobra.Command {
	return []*cobra.Command{newServeCommand(env, build), newOperatorCommand(env), newAppCommand(env), newAccountCommand(env),
		newCaseCommand(env), newExportCommand(env), newReverifyCommand(env), newAuditCommand(env), newDBCommand(env),
		newConfigCommand(env)}
}

// receiverVariables are the variables of the environment that these commands read, without their common prefix.
func receiverVariables() []string { return append(config.Names("env"), "CONFIG", copyFrom, copyTo) }
