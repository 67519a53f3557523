package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"diaoxiao/internal/intake"
)

// given is about what the command line put into the audit before it gives something out. Where nothing can be written, as on a disk that
// is read-only, it is given out all the same, with a word: a backup must be possible then above all.
func given(cmd *cobra.Command, noted error) error {
	if errors.Is(noted, intake.ErrUnavailable) {
		fmt.Fprintf(cmd.ErrOrStderr(), "注意：这一次查看或导出没有记入审计记录（%v）；请另行登记\n", noted)
		return nil
	}
	return noted
}
