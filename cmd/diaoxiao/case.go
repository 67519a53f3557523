package main

import (
	"encoding/hex"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"diaoxiao/internal/intake"
	"diaoxiao/internal/store"
)

func (c *command) cases() *cobra.Command {
	cmd := &cobra.Command{Use: "case", Short: "查看案件，退回案件"}
	cmd.AddCommand(c.caseList(), c.caseShow(), c.caseReturn())
	return cmd
}

// caseView is a case as --json shows it.
type caseView struct {
	AcceptID    string        `json:"acceptid"`
	CaseID      string        `json:"caseid"`
	CaseName    string        `json:"casename"`
	PenaltyDate string        `json:"penaltydate"`
	PenaltyOrg  string        `json:"penaltyorg"`
	Items       int           `json:"items"`
	State       string        `json:"state"`
	Findings    int           `json:"findings"`
	ReceivedAt  string        `json:"receivedAt"`
	AppKey      string        `json:"appKey"`
	Account     string        `json:"account"`
	Bytes       int64         `json:"bytes"`
	SHA256      string        `json:"sha256"`
	Digest      string        `json:"digest"`
	Supersedes  string        `json:"supersedes,omitempty"`
	Raised      []findingView `json:"raised,omitempty"`
}

type findingView struct {
	Row      int    `json:"row"` // counted from 1; 0: the case itself
	Field    string `json:"field"`
	Rule     int    `json:"rule"`
	Severity string `json:"severity"`
	Title    string `json:"title"`
	Detail   string `json:"detail"`
	Hint     string `json:"hint"`
}

func viewCase(c intake.Case) caseView {
	return caseView{AcceptID: c.AcceptID, CaseID: c.CaseID, CaseName: c.CaseName, PenaltyDate: c.PenaltyDate, PenaltyOrg: c.PenaltyOrg, Items: c.Items,
		State: c.State(), Findings: c.Findings, ReceivedAt: c.Received.In(intake.Beijing).Format(time.RFC3339), AppKey: c.AppKey, Account: c.Account,
		Bytes: c.Bytes, SHA256: hex.EncodeToString(c.SHA256[:]), Digest: hex.EncodeToString(c.Digest[:]), Supersedes: c.Supersedes}
}

func viewFinding(f intake.Finding) findingView {
	r, _ := intake.RuleByNo(f.Rule)
	return findingView{f.Pos + 1, f.Field, f.Rule, r.Severity.String(), r.Title, f.Detail, r.Hint}
}

func (c *command) caseList() *cobra.Command {
	var sel selection
	var asJSON bool
	cmd := &cobra.Command{Use: "list", Short: "列出案件", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		return c.withDesk(cmd, existing, func(desk *intake.Desk, _ *store.Store) error {
			return sel.each(cmd.Context(), desk, func(c intake.Case) error {
				v := viewCase(c)
				if asJSON {
					return printJSON(cmd.OutOrStdout(), v)
				}
				_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s  %s  %s  %d户  提示%d  %s  %s\n", v.AcceptID, v.ReceivedAt, v.State, v.Items, v.Findings, v.CaseID, v.PenaltyOrg)
				return err
			})
		})
	}}
	sel.flags(cmd.Flags())
	cmd.Flags().BoolVar(&asJSON, "json", false, "以 JSON Lines 输出")
	return cmd
}

func (c *command) caseShow() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{Use: "show ACCEPTID", Short: "显示一个案件及其核验提示", Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		return c.withDesk(cmd, existing, func(desk *intake.Desk, _ *store.Store) error {
			d, err := desk.Case(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			v := viewCase(d.Case)
			for _, f := range d.Raised {
				v.Raised = append(v.Raised, viewFinding(f))
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), v)
			}
			return printCase(cmd, v)
		})
	}}
	cmd.Flags().BoolVar(&asJSON, "json", false, "以 JSON 输出")
	return cmd
}

func printCase(cmd *cobra.Command, v caseView) error {
	t := newTable(cmd.OutOrStdout())
	for _, line := range [][2]string{{"受理号", v.AcceptID}, {"案件编号", v.CaseID}, {"案件名称", v.CaseName}, {"处罚决定日期", v.PenaltyDate},
		{"处罚决定机关", v.PenaltyOrg}, {"市场主体", fmt.Sprint(v.Items, "户")}, {"状态", v.State}, {"接收时间", v.ReceivedAt},
		{"报送应用", v.AppKey + " " + v.Account}, {"正文", fmt.Sprintf("%d字节 SHA-256 %s", v.Bytes, v.SHA256)}, {"替代", v.Supersedes}} {
		if line[1] != "" {
			fmt.Fprintf(t, "%s\t%s\n", line[0], line[1])
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, f := range v.Raised {
		printFinding(cmd, f)
	}
	if v.Findings > len(v.Raised) {
		fmt.Fprintf(cmd.OutOrStdout(), "另有%d条提示未列出\n", v.Findings-len(v.Raised))
	}
	return nil
}

func printFinding(cmd *cobra.Command, f findingView) {
	where := "案件"
	if f.Row > 0 {
		where = fmt.Sprintf("第%d条", f.Row)
	}
	fmt.Fprintf(cmd.OutOrStdout(), "[%s] %s %s %d %s：%s\n", f.Severity, where, f.Field, f.Rule, f.Title, f.Detail)
}

func (c *command) caseReturn() *cobra.Command {
	var reason string
	cmd := &cobra.Command{Use: "return ACCEPTID", Short: "退回案件：其案件编号可重新报送，原记录不变", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.withDesk(cmd, existing, func(desk *intake.Desk, _ *store.Store) error {
				if err := desk.ReturnCase(cmd.Context(), actor(), args[0], reason); err != nil {
					return err
				}
				_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s已退回\n", args[0])
				return err
			})
		}}
	cmd.Flags().StringVar(&reason, "reason", "", "退回理由（必填）")
	return cmd
}
