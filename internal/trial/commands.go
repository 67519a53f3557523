// Package trial is the commands that bring both sides of the interface together: the demo, the sandbox and the codes
// that both know. They run the real server on data of their own and read neither settings nor environment.
package trial

import (
	"github.com/spf13/cobra"

	"diaoxiao/internal/buildinfo"
)

// Commands are the commands that try both sides of the interface, in the order of the help.
func Commands(build buildinfo.Info) []*cobra.Command {
	return []*cobra.Command{newDemoCommand(build), newSandboxCommand(), newCodesCommand()}
}
