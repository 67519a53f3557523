package cli

import (
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/auditlog"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
)

// auditView is an audit entry as --json shows it.
type auditView struct {
	No     int64     `json:"no"`
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Action string    `json:"action"`
	Target string    `json:"target"`
	Detail string    `json:"detail"`
	Chain  string    `json:"chain,omitempty"` // hexadecimal
}

func newAuditCommand(env *cli.Environment) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{Use: "audit", Short: "列出管理操作的审计记录", Args: cli.Args(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withDesk(env, cmd, existing, func(desk *intake.Desk, _ *store.Store) error {
				if asJSON {
					return eachAudit(cmd, desk, actorOf(env),
						func(v auditView) error { return cli.PrintJSON(cmd.OutOrStdout(), v) })
				}
				t := display.NewTable(cmd.OutOrStdout())
				t.Add("序号", "时间", "操作人", "操作", "对象", "详情")
				err := eachAudit(cmd, desk, actorOf(env), func(v auditView) error {
					return t.Add(fmt.Sprint(v.No), cli.Beijing(v.At), v.By, v.Action, v.Target, v.Detail)
				})
				return errors.Join(err, t.Flush())
			})
		}}
	cmd.Flags().BoolVar(&asJSON, "json", false, "以 JSON Lines 输出")
	cmd.AddCommand(newAuditVerifyCommand(env))
	return cmd
}

// eachAudit calls f for every entry, oldest first.
func eachAudit(cmd *cobra.Command, desk *intake.Desk, by intake.By, f func(auditView) error) error {
	for after := int64(0); ; {
		es, err := auditlog.New(desk).EntriesAfter(cmd.Context(), by, after, 1000)
		if err != nil || len(es) == 0 {
			return err
		}
		for _, e := range es {
			after = e.No
			if err := f(auditView{e.No, e.At.In(beijingtime.Zone), string(e.By), string(e.Action), e.Target, e.Detail,
				hex.EncodeToString(e.Chain)}); err != nil {
				return err
			}
		}
	}
}
