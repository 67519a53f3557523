package cli

import (
	"encoding/hex"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"diaoxiao/internal/beijingtime"
	"diaoxiao/internal/cli"
	"diaoxiao/internal/display"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/store"
)

func newCaseProposalsCommand(env *cli.Environment) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{Use: "proposals", Short: "列出等待复核的申请", Args: cli.Args(),
		Long: `列出等待复核的申请，先提出的在前：放行、不予公示、退回、存疑公示和撤回放行。命令行只能
同意在命令行申请的退回（diaoxiao case confirm），其余由复核员在管理台决定。`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withDesk(env, cmd, existing, func(desk *intake.Desk, _ *store.Store) error {
				return listProposals(env, cmd, desk, asJSON)
			})
		}}
	cmd.Flags().BoolVar(&asJSON, "json", false, "以 JSON Lines 输出")
	return cmd
}

func listProposals(env *cli.Environment, cmd *cobra.Command, desk *intake.Desk, asJSON bool) error {
	t := display.NewTable(cmd.OutOrStdout())
	if !asJSON {
		t.Add("号", "申请", "受理号", "户数", "有疑点", "申请时间", "申请人", "理由")
	}
	for q := (intake.ProposalQuery{Waiting: true}); ; {
		ps, err := casework.New(desk).Proposals(cmd.Context(), actorOf(env), q)
		if err != nil {
			return err
		}
		if len(ps) == 0 {
			return t.Flush()
		}
		for _, p := range ps {
			if q.After = p.No; asJSON {
				err = cli.PrintJSON(cmd.OutOrStdout(), viewProposal(p))
			} else {
				err = t.Add(fmt.Sprint(p.No), p.Kind.String(), p.Case.AcceptID, fmt.Sprint(p.Count),
					fmt.Sprint(p.Held), cli.Beijing(p.At), string(p.By), p.Reason)
			}
			if err != nil {
				return err
			}
		}
	}
}

// proposalView is a proposal as --json shows it.
type proposalView struct {
	No       int64  `json:"no"`
	Kind     string `json:"kind"`
	AcceptID string `json:"acceptid"`
	Rows     string `json:"rows"`
	Count    int    `json:"count"`
	Held     int    `json:"held"`
	Day      string `json:"day,omitempty"`
	Reason   string `json:"reason,omitempty"`
	Digest   string `json:"digest"`
	At       string `json:"at"`
	By       string `json:"by"`
}

func viewProposal(p casework.ProposalRow) proposalView {
	return proposalView{p.No, p.Kind.Code(), p.Case.AcceptID, string(p.Rows), p.Count, p.Held, p.Day, p.Reason,
		hex.EncodeToString(p.Digest[:]), p.At.In(beijingtime.Zone).Format(time.RFC3339), string(p.By)}
}
