package cli

import (
	"github.com/spf13/cobra"

	"diaoxiao/internal/cli"
)

// Commands are the commands of the sender, in the order of the help.
func Commands(env *cli.Environment) []*cobra.Command {
	return []*cobra.Command{
		newProfile(env),
		newDoctor(env),
		newSubmit(env),
		newOutbox(env),
		newStatus(env),
		newReconcile(env),
	}
}
