package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/server"
	"diaoxiao/internal/receiver/store"
)

// given decides whether a command may give data out; noted is the result of its entry in the audit. Where nothing can
// be written, as on a read-only disk, given warns and allows it: a backup must be possible then above all.
func given(cmd *cobra.Command, noted error) error {
	if errors.Is(noted, intake.ErrUnavailable) {
		fmt.Fprintf(cmd.ErrOrStderr(), "注意：%s，这一次查看或导出没有记入审计记录；请另行登记\n", unwritten(noted))
		return nil
	}
	return noted
}

// unwritten is the reason for which nothing could be written.
func unwritten(err error) string {
	if trouble, _ := store.TroubleOf(err); trouble == store.ReadOnly {
		return "数据目录不可写"
	}
	return "数据库现在不能写入（" + server.Cause(err) + "）"
}
