// Package cli is the commands of the receiver's side: serve, and the commands that administer the data beside a running
// server. Each command is a constructor; what it does with cases, apps and operators is for the desk.
package cli

import (
	"github.com/spf13/cobra"

	"diaoxiao/internal/buildinfo"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/receiver/config"
)

// Commands are the commands of the receiver's side, in the order of the help.
func Commands(env *cli.Environment, build buildinfo.Info) []*cobra.Command {
	return []*cobra.Command{newServeCommand(env, build), newOperatorCommand(env), newAppCommand(env),
		newAccountCommand(env), newCaseCommand(env), newExportCommand(env), newReverifyCommand(env),
		newRegisterCommand(env), newStatsCommand(env), newAuditCommand(env),
		newEvidenceCommand(env), newReceiptCommand(env), newDBCommand(env), newConfigCommand(env)}
}

// Variables are the variables of the environment that these commands read, without their common prefix.
func Variables() []string { return append(config.Names("env"), "CONFIG", copyFrom, copyTo) }
