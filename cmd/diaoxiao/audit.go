package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"diaoxiao/internal/intake"
	"diaoxiao/internal/store"
)

// auditView is an audit entry as --json shows it.
type auditView struct {
	No     int64     `json:"no"`
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Action string    `json:"action"`
	Target string    `json:"target"`
	Detail string    `json:"detail"`
}

func (c *command) audit() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{Use: "audit", Short: "列出管理操作的审计记录", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		return c.withDesk(cmd, existing, func(desk *intake.Desk, _ *store.Store) error {
			for after := int64(0); ; {
				es, err := desk.Audit(cmd.Context(), after, 1000)
				if err != nil || len(es) == 0 {
					return err
				}
				for _, e := range es {
					after = e.No
					if err := printAudit(cmd, auditView{e.No, e.At, string(e.By), e.Action, e.Target, e.Detail}, asJSON); err != nil {
						return err
					}
				}
			}
		})
	}}
	cmd.Flags().BoolVar(&asJSON, "json", false, "以 JSON Lines 输出")
	return cmd
}

func printAudit(cmd *cobra.Command, v auditView, asJSON bool) error {
	if asJSON {
		return printJSON(cmd.OutOrStdout(), v)
	}
	_, err := fmt.Fprintf(cmd.OutOrStdout(), "%d  %s  %s  %s  %s  %s\n", v.No, beijing(v.At), v.By, v.Action, v.Target, v.Detail)
	return err
}
