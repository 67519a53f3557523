package casework

import (
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
)

// waitingAtOnce is how many proposals of one case are read; each has a firm of its own.
const waitingAtOnce = 100000

// waitingIn lists the proposals of a case that wait for a decision.
func waitingIn(tx intake.Tx, caseNo int64) ([]intake.Proposal, error) {
	return tx.Proposals(intake.ProposalQuery{CaseNo: caseNo, Waiting: true, Limit: waitingAtOnce})
}

// takenBy is all rows that are in proposals that wait.
func takenBy(waits []intake.Proposal) rowSet {
	var all []intake.RowSpan
	for _, p := range waits {
		if p.Kind != release.Return {
			all = append(all, p.Rows.Spans()...)
		}
	}
	return intake.JoinRows(all).Spans()
}

// returnWaits is ErrExists where the return of the case waits for a decision, which then comes first.
func returnWaits(waits []intake.Proposal) error {
	for _, p := range waits {
		if p.Kind == release.Return {
			return intake.Exists("案件已申请退回，等待复核")
		}
	}
	return nil
}

// draftable is nil where a proposal of the kind can be made for the case at all.
func draftable(r intake.CaseRow, f Draft, waits []intake.Proposal, now time.Time) error {
	switch {
	case f.Kind < release.Release || f.Kind > release.Recall:
		return intake.Invalid("没有这一种申请")
	case !r.Returned.IsZero():
		return intake.Exists("案件已退回，只能添加备注")
	}
	if err := returnWaits(waits); err != nil {
		return err
	}
	if err := hasRead(r, f.Read); err != nil {
		return err
	}
	if f.Reason != "" {
		if err := intake.CheckText(f.Kind.String()+"的理由", f.Reason); err != nil {
			return err
		}
	}
	switch {
	case f.Kind != release.Publish && f.Day != "":
		return intake.Invalid("%s不写公示日期", f.Kind)
	case f.Kind == release.Return && len(waits) > 0:
		return intake.Exists("案件有等待复核的%s申请，请先撤回或者等待决定，再申请退回", waits[0].Kind)
	case f.Kind == release.Return:
		return returnable(r)
	case r.Verified.IsZero():
		return intake.Invalid("案件尚未核验，请稍后再申请%s", f.Kind)
	case f.Kind == release.Publish:
		return dayValid(r, f.Day, now)
	}
	return nil
}

// rowsWritten are the rows that a person wrote, of which none is in another proposal that waits.
func rowsWritten(f Draft, r intake.CaseRow, waits []intake.Proposal) (rowSet, error) {
	ns, err := intake.ParseRowSet(f.Rows, r.Items)
	if err != nil {
		return nil, err
	}
	set := rowSet(ns.Spans())
	if len(set) == 0 {
		return nil, intake.Invalid("须写明申请%s的是清单第几条", f.Kind)
	}
	for _, p := range waits {
		if row := set.common(p.Rows.Spans()); row > 0 {
			return nil, intake.Exists("清单第%d条已在等待复核的%s申请（第%d号）中", row, p.Kind, p.No)
		}
	}
	return set, nil
}

// fits is nil where a proposal of the kind can be about the firm.
func fits(k release.Kind, f intake.FirmRun) error {
	row, state := f.From+1, f.State()
	undecided := state == release.Ready || state == release.Held
	switch {
	case (k == release.Release || k == release.Withhold) && undecided:
		return nil
	case k == release.Recall && undecided:
		return intake.Invalid("清单第%d条%s，没有可以撤回的决定", row, state)
	case k == release.Publish && undecided:
		return intake.Invalid("清单第%d条尚未放行，请先申请放行", row)
	case f.Published() != "":
		return intake.Invalid("清单第%d条已于%s公示；要改变决定的，请先撤销公示", row, f.Published())
	case k == release.Recall && f.Decision != release.Undecided:
		return nil
	case k == release.Publish && f.Alarmed():
		return nil
	case k == release.Publish && state == release.Released:
		return intake.Invalid("清单第%d条放行以后没有新的疑点，请直接登记公示", row)
	}
	return intake.Invalid("清单第%d条已是“%s”；要改变决定的，请先申请撤回放行", row, state)
}
