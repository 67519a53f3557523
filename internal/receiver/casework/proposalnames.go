package casework

import (
	"time"

	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
)

// deedName is how one act is called in the records.
type deedName struct {
	kind   intake.EventKind
	action intake.Action
}

// kindNames is how the acts on proposals of one kind are called in the records.
type kindNames struct{ ask, confirm, refuse, withdraw deedName }

// namesOf is how the acts on proposals of a kind are called.
func namesOf(k release.Kind) kindNames {
	switch k {
	case release.Release:
		return kindNames{
			deedName{intake.EventAskRelease, intake.ActionCaseAskRelease},
			deedName{intake.EventRelease, intake.ActionCaseConfirmRelease},
			deedName{intake.EventRefuseRelease, intake.ActionCaseRefuseRelease},
			deedName{intake.EventWithdrawRelease, intake.ActionCaseWithdrawRelease},
		}
	case release.Withhold:
		return kindNames{
			deedName{intake.EventAskWithhold, intake.ActionCaseAskWithhold},
			deedName{intake.EventWithhold, intake.ActionCaseConfirmWithhold},
			deedName{intake.EventRefuseWithhold, intake.ActionCaseRefuseWithhold},
			deedName{intake.EventWithdrawWithhold, intake.ActionCaseWithdrawWithhold},
		}
	case release.Publish:
		return kindNames{
			deedName{intake.EventAskDoubtful, intake.ActionCaseAskDoubtful},
			deedName{intake.EventDoubtful, intake.ActionCaseConfirmDoubtful},
			deedName{intake.EventRefuseDoubtful, intake.ActionCaseRefuseDoubtful},
			deedName{intake.EventWithdrawDoubtful, intake.ActionCaseWithdrawDoubtful},
		}
	case release.Recall:
		return kindNames{
			deedName{intake.EventAskRecall, intake.ActionCaseAskRecall},
			deedName{intake.EventRecall, intake.ActionCaseConfirmRecall},
			deedName{intake.EventRefuseRecall, intake.ActionCaseRefuseRecall},
			deedName{intake.EventWithdrawRecall, intake.ActionCaseWithdrawRecall},
		}
	}
	return kindNames{
		deedName{intake.EventAsk, intake.ActionCaseAskReturn},
		deedName{intake.EventReturn, intake.ActionCaseConfirmReturn},
		deedName{intake.EventRefuse, intake.ActionCaseRefuseReturn},
		deedName{intake.EventWithdraw, intake.ActionCaseWithdrawReturn},
	}
}

// deed is an act on firms with its records.
type deed struct {
	intake.CaseEvent // without case, time and actor
	action           intake.Action
}

// on is the act on a proposal.
func (n deedName) on(p intake.Proposal, detail string) deed {
	e := intake.CaseEvent{Kind: n.kind, Detail: detail, Rows: p.Rows, ProposalNo: p.No}
	if p.Kind == release.Return {
		e.Rows = "" // it concerns the case as a whole
	}
	return deed{e, n.action}
}

// asked is the detail of the request for a proposal.
func asked(p intake.Proposal) string {
	switch {
	case p.Kind == release.Return:
		return intake.AskDetail(p.Reason, p.Rows)
	case p.Kind == release.Publish:
		return p.Day + "\n" + p.Reason
	}
	return p.Reason
}

// record writes the event of a deed, the work as the deed left it, and brings the worklist up to date.
func record(tx intake.Tx, now time.Time, by intake.By, r intake.CaseRow, a deed) (intake.AuditEntry, error) {
	a.CaseNo, a.At, a.By = r.No, now, by.Actor()
	entry := intake.AuditEntry{Action: a.action, Target: r.AcceptID, Detail: a.AuditDetail()}
	if err := tx.InsertCaseEvent(a.CaseEvent); err != nil {
		return entry, err
	}
	r.Work.CaseNo = r.No
	if err := tx.PutWork(r.Work); err != nil {
		return entry, err
	}
	return entry, intake.UpdateWorklist(tx, r.No, r.No, false)
}
