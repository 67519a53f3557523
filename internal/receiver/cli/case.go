package cli

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"diaoxiao/api"
	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
	"diaoxiao/internal/receiver/store"
)

func newCaseCommand(env *cli.Environment) *cobra.Command {
	cmd := &cobra.Command{Use: "case", Short: "查看案件，退回案件", Long: `查看案件及其市场主体的办理状态，申请退回案件。放行、不予公示和登记公示只在管理台办理，
须由两人（申请人和复核员）各自登录。`}
	cmd.AddCommand(newCaseListCommand(env), newCaseShowCommand(env), newCaseEntitiesCommand(env),
		newCaseProposalsCommand(env), newCaseReturnCommand(env), newCaseConfirmCommand(env),
		newCaseWithdrawCommand(env))
	return cmd
}

// caseView is a case as --json shows it.
type caseView struct {
	AcceptID    string            `json:"acceptid"`
	CaseID      string            `json:"caseid"`
	CaseName    string            `json:"casename"`
	PenaltyDate string            `json:"penaltydate"`
	PenaltyOrg  string            `json:"penaltyorg"`
	Items       int               `json:"items"`
	State       string            `json:"state"`
	Findings    int               `json:"findings"`
	ReceivedAt  string            `json:"receivedAt"`
	AppKey      string            `json:"appKey"`
	Account     string            `json:"account"`
	Bytes       int64             `json:"bytes"`
	SHA256      string            `json:"sha256"`
	Digest      string            `json:"digest"`
	Revision    int               `json:"revision"`
	Supersedes  string            `json:"supersedes,omitempty"`
	Raised      []cli.FindingView `json:"raised,omitempty"`
	Firms       *api.FirmCounts   `json:"firmCounts,omitempty"` // by state, as queryCaseinfo has them
}

func viewCase(c intake.Case) caseView {
	return caseView{AcceptID: c.AcceptID, CaseID: c.CaseID, CaseName: c.CaseName, PenaltyDate: c.PenaltyDate,
		PenaltyOrg: c.PenaltyOrg, Items: c.Items,
		State: c.State(), Findings: c.Findings, ReceivedAt: c.Received.In(beijingtime.Zone).Format(time.RFC3339),
		AppKey: c.AppKey, Account: c.Account, Bytes: c.Bytes, SHA256: hex.EncodeToString(c.SHA256[:]),
		Digest: hex.EncodeToString(c.Digest[:]), Revision: c.Revision, Supersedes: c.Supersedes}
}

func newCaseListCommand(env *cli.Environment) *cobra.Command {
	var sel selection
	var asJSON bool
	cmd := &cobra.Command{Use: "list", Short: "列出案件", Args: cli.Args(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withDesk(env, cmd, existing, func(desk *intake.Desk, _ *store.Store) error {
				if asJSON {
					return sel.each(cmd, desk, actorOf(env),
						func(c intake.Case) error { return cli.PrintJSON(cmd.OutOrStdout(), viewCase(c)) })
				}
				return printCases(cmd, desk, actorOf(env), &sel)
			})
		}}
	sel.flags(cmd.Flags())
	cmd.Flags().BoolVar(&asJSON, "json", false, "以 JSON Lines 输出")
	return cmd
}

func printCases(cmd *cobra.Command, desk *intake.Desk, by intake.By, sel *selection) error {
	t := display.NewTable(cmd.OutOrStdout())
	t.Add("受理号", "接收时间", "状态", "户数", "提示", "案件编号", "处罚决定机关")
	err := sel.each(cmd, desk, by, func(c intake.Case) error {
		return t.Add(c.AcceptID, cli.Beijing(c.Received), c.State(), fmt.Sprint(c.Items), fmt.Sprint(c.Findings),
			c.CaseID, c.PenaltyOrg)
	})
	return errors.Join(err, t.Flush())
}

func newCaseShowCommand(env *cli.Environment) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{Use: "show ACCEPTID", Short: "显示一个案件及其核验提示", Args: cli.Args("ACCEPTID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withDesk(env, cmd, existing, func(desk *intake.Desk, _ *store.Store) error {
				cases, by := casework.New(desk), actorOf(env)
				file, err := cases.CaseFile(cmd.Context(), by, args[0])
				if err != nil {
					return onNotFound(err, "用 diaoxiao case list 查看受理号")
				}
				raised, err := cases.Findings(cmd.Context(), by, file.No)
				if err != nil {
					return err
				}
				if err := given(cmd, cases.NoteShown(cmd.Context(), by, args[0])); err != nil {
					return err
				}
				v := viewCase(file.Case)
				v.Firms = viewCounts(file.Firms)
				for _, f := range raised {
					v.Raised = append(v.Raised, cli.ViewFinding(f))
				}
				if asJSON {
					return cli.PrintJSON(cmd.OutOrStdout(), v)
				}
				return printCase(cmd, v)
			})
		}}
	cmd.Flags().BoolVar(&asJSON, "json", false, "以 JSON 输出")
	return cmd
}

// viewCounts are the firms of a case by state.
func viewCounts(c release.Counts) *api.FirmCounts {
	return &api.FirmCounts{Pending: c.Pending, Ready: c.Ready, Held: c.Held, Released: c.Released,
		Withheld: c.Withheld, Returned: c.Returned, Published: c.Published}
}

// countsText are the states that a case has firms in, in order.
func countsText(c *api.FirmCounts) string {
	var parts []string
	for _, p := range []struct {
		state release.State
		n     int
	}{{release.Pending, c.Pending}, {release.Ready, c.Ready}, {release.Held, c.Held}, {release.Released, c.Released},
		{release.Withheld, c.Withheld}, {release.Returned, c.Returned}} {
		if p.n > 0 {
			parts = append(parts, p.state.String()+" "+display.Count(p.n))
		}
	}
	if c.Published > 0 {
		parts = append(parts, "其中已公示 "+display.Count(c.Published))
	}
	return strings.Join(parts, "，")
}

func printCase(cmd *cobra.Command, v caseView) error {
	t := display.NewTable(cmd.OutOrStdout())
	for _, line := range [][2]string{{"受理号", v.AcceptID}, {"案件编号", v.CaseID}, {"案件名称", v.CaseName},
		{"处罚决定日期", v.PenaltyDate}, {"处罚决定机关", v.PenaltyOrg}, {"市场主体", display.Count(v.Items) + " 户"},
		{"各状态户数", countsText(v.Firms)}, {"状态", v.State},
		{"接收时间", v.ReceivedAt}, {"报送应用", v.AppKey}, {"报送账户", v.Account}, {"正文", display.Count(v.Bytes) + " 字节"},
		{"SHA-256", v.SHA256}, {"替代", v.Supersedes}} {
		if line[1] != "" {
			t.Add(line[0], line[1])
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, f := range v.Raised {
		if _, err := fmt.Fprintln(cmd.OutOrStdout(), "\n"+f.Text("")); err != nil {
			return err
		}
	}
	if v.Findings > len(v.Raised) {
		fmt.Fprintf(cmd.OutOrStdout(), "\n另有 %s 条提示未列出\n", display.Count(v.Findings-len(v.Raised)))
	}
	return nil
}
