package receivertest

import (
	"context"

	"diaoxiao/internal/receiver/casework"
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
)

// Decisions is the use cases of cases, with those of two persons in short. Nothing that it does by itself is another
// way than that of the use cases.
type Decisions struct{ *casework.Cases }

// Decide returns the decisions of a desk.
func Decide(d *intake.Desk) Decisions { return Decisions{casework.New(d)} }

// AskReturn proposes the return of a case.
func (d Decisions) AskReturn(ctx context.Context, by intake.By, acceptID, reason, rows string) error {
	_, err := d.Propose(ctx, by, casework.Draft{AcceptID: acceptID, Kind: release.Return, Reason: reason, Rows: rows})
	return err
}

// waiting is the proposal of a kind that waits, as it is shown now.
func (d Decisions) waiting(ctx context.Context, by intake.By, acceptID string, k release.Kind) (
	p casework.ProposalFile, err error,
) {
	f, err := d.CaseFile(ctx, by, acceptID)
	for _, w := range f.Waits {
		if w.Kind == k {
			return d.ProposalFile(ctx, by, w.No)
		}
	}
	switch {
	case err != nil:
	case !f.Returned.IsZero():
		err = intake.Exists("案件已退回")
	default:
		err = intake.Invalid("案件没有待复核的%s申请", k)
	}
	return p, err
}

// ConfirmWaiting confirms the proposal of a kind that waits, as it is now.
func (d Decisions) ConfirmWaiting(ctx context.Context, by intake.By, acceptID string, k release.Kind) error {
	p, err := d.waiting(ctx, by, acceptID, k)
	if err != nil {
		return err
	}
	return d.ConfirmProposal(ctx, by, p.No, p.Now)
}

// ConfirmReturn confirms the return that waits.
func (d Decisions) ConfirmReturn(ctx context.Context, by intake.By, acceptID string) error {
	return d.ConfirmWaiting(ctx, by, acceptID, release.Return)
}

// RefuseReturn refuses the return that waits.
func (d Decisions) RefuseReturn(ctx context.Context, by intake.By, acceptID, reason string) error {
	p, err := d.waiting(ctx, by, acceptID, release.Return)
	if err != nil {
		return err
	}
	return d.RefuseProposal(ctx, by, p.No, reason)
}

// WithdrawReturn takes the return that waits back.
func (d Decisions) WithdrawReturn(ctx context.Context, by intake.By, acceptID string) error {
	p, err := d.waiting(ctx, by, acceptID, release.Return)
	if err != nil {
		return err
	}
	return d.WithdrawProposal(ctx, by, p.No)
}

// The two persons who release and return.
const (
	asker   = intake.Actor("cli:a login:1001")
	decider = intake.Actor("cli:b login:1002")
)

// ReturnCase returns a case by two persons.
func (d Decisions) ReturnCase(ctx context.Context, acceptID, reason string) error {
	if err := d.AskReturn(ctx, asker, acceptID, reason, ""); err != nil {
		return err
	}
	return d.ConfirmReturn(ctx, decider, acceptID)
}

// Release has two persons release all firms of a verified case on which nobody has decided.
func (d Decisions) Release(ctx context.Context, acceptID string) error {
	f, err := d.CaseFile(ctx, asker, acceptID)
	if err != nil {
		return err
	}
	all := intake.JoinRows([]intake.RowSpan{{From: 1, To: f.Items}})
	_, err = d.Propose(ctx, asker, casework.Draft{AcceptID: acceptID, Kind: release.Release, Rows: string(all),
		Reason: "已逐户核实"})
	if err != nil {
		return err
	}
	return d.ConfirmWaiting(ctx, decider, acceptID, release.Release)
}

// PublishAll has two persons release all firms of a case, and one record their publication.
func (d Decisions) PublishAll(ctx context.Context, by intake.By, acceptID, day string) error {
	if err := d.Release(ctx, acceptID); err != nil {
		return err
	}
	return d.Publish(ctx, by, acceptID, day)
}
