package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"diaoxiao/internal/cli"
	"diaoxiao/internal/explain"
	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
)

func newCaseReturnCommand(env *cli.Environment) *cobra.Command {
	var reason, rows string
	cmd := &cobra.Command{Use: "return ACCEPTID", Short: "申请退回案件，由另一人同意后才退回", Args: cli.Args("ACCEPTID"),
		Long: `申请退回案件。须由另一人同意才退回：复核员在管理台同意，或者另一个登录本机的用户
（登录 uid 不同，su 和 sudo 不改变它）执行 diaoxiao case confirm。退回后案件编号可
重新报送，原记录不变。两步都记入审计记录。`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := cli.Need(cmd, "reason"); err != nil {
				return err
			}
			return onCase(args[0]).do(env, cmd, "已申请退回，等待另一人同意：复核员在管理台，或另一个登录用户执行 diaoxiao case confirm",
				func(d *intake.Desk) error {
					_, err := casework.New(d).Propose(cmd.Context(), actorOf(env), casework.Draft{
						AcceptID: args[0], Kind: release.Return, Reason: reason, Rows: rows})
					return err
				})
		}}
	cmd.Flags().StringVar(&reason, "reason", "", "退回`理由`（必填，不超过 2000 字节，记入审计记录）")
	cmd.Flags().StringVar(&rows, "rows", "", "理由涉及清单的`第几条`，如 3,19-22；报送方可以查到")
	return cmd
}

func newCaseConfirmCommand(env *cli.Environment) *cobra.Command {
	return &cobra.Command{Use: "confirm ACCEPTID", Short: "同意另一人在命令行申请的退回", Args: cli.Args("ACCEPTID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			err := onCase(args[0]).do(env, cmd, "已退回，其案件编号可重新报送",
				func(d *intake.Desk) error { return confirmReturn(cmd.Context(), d, actorOf(env), args[0]) })
			if errors.Is(err, intake.ErrSamePerson) {
				return explain.WithStep(err, "由复核员在管理台同意；在命令行同意的，须是另一个直接登录本机的用户（登录 uid 不同），且退回也是在命令行申请的")
			}
			return err
		}}
}

func newCaseWithdrawCommand(env *cli.Environment) *cobra.Command {
	return &cobra.Command{Use: "withdraw ACCEPTID", Short: "撤回自己的退回申请", Args: cli.Args("ACCEPTID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return onCase(args[0]).do(env, cmd, "的退回申请已撤回", func(d *intake.Desk) error {
				cases, by := casework.New(d), actorOf(env)
				p, err := waitingReturn(cmd.Context(), cases, by, args[0])
				if err != nil {
					return err
				}
				return cases.WithdrawProposal(cmd.Context(), by, p.No)
			})
		}}
}

// confirmReturn confirms the return that waits, as it is now.
func confirmReturn(ctx context.Context, d *intake.Desk, by intake.By, acceptID string) error {
	cases := casework.New(d)
	p, err := waitingReturn(ctx, cases, by, acceptID)
	if err != nil {
		return err
	}
	f, err := cases.ProposalFile(ctx, by, p.No)
	if err != nil {
		return err
	}
	return cases.ConfirmProposal(ctx, by, p.No, f.Now)
}

// waitingReturn is the return of a case that waits for a second person.
func waitingReturn(
	ctx context.Context,
	cases *casework.Cases,
	by intake.By,
	acceptID string,
) (p casework.ProposalRow, err error) {
	f, err := cases.CaseFile(ctx, by, acceptID)
	if err != nil {
		return p, err
	}
	for _, p := range f.Waits {
		if p.Kind == release.Return {
			return p, nil
		}
	}
	if !f.Returned.IsZero() {
		return p, intake.Exists("案件已退回")
	}
	return p, intake.Invalid("案件没有待复核的退回申请，可能已被撤回或复核")
}
