package intake

import "diaoxiao/internal/receiver/release"

// DeedName is how one act is called in the records.
type DeedName struct {
	Kind   EventKind
	Action Action
}

// ProposalDeeds is how the acts on proposals of one kind are called in the records.
type ProposalDeeds struct{ Ask, Confirm, Refuse, Withdraw DeedName }

// DeedsOn is how the acts on proposals of a kind are called in the records.
func DeedsOn(k release.Kind) ProposalDeeds {
	switch k {
	case release.Release:
		return ProposalDeeds{
			DeedName{EventAskRelease, ActionCaseAskRelease},
			DeedName{EventRelease, ActionCaseConfirmRelease},
			DeedName{EventRefuseRelease, ActionCaseRefuseRelease},
			DeedName{EventWithdrawRelease, ActionCaseWithdrawRelease},
		}
	case release.Withhold:
		return ProposalDeeds{
			DeedName{EventAskWithhold, ActionCaseAskWithhold},
			DeedName{EventWithhold, ActionCaseConfirmWithhold},
			DeedName{EventRefuseWithhold, ActionCaseRefuseWithhold},
			DeedName{EventWithdrawWithhold, ActionCaseWithdrawWithhold},
		}
	case release.Publish:
		return ProposalDeeds{
			DeedName{EventAskDoubtful, ActionCaseAskDoubtful},
			DeedName{EventDoubtful, ActionCaseConfirmDoubtful},
			DeedName{EventRefuseDoubtful, ActionCaseRefuseDoubtful},
			DeedName{EventWithdrawDoubtful, ActionCaseWithdrawDoubtful},
		}
	case release.Recall:
		return ProposalDeeds{
			DeedName{EventAskRecall, ActionCaseAskRecall},
			DeedName{EventRecall, ActionCaseConfirmRecall},
			DeedName{EventRefuseRecall, ActionCaseRefuseRecall},
			DeedName{EventWithdrawRecall, ActionCaseWithdrawRecall},
		}
	}
	return ProposalDeeds{
		DeedName{EventAsk, ActionCaseAskReturn},
		DeedName{EventReturn, ActionCaseConfirmReturn},
		DeedName{EventRefuse, ActionCaseRefuseReturn},
		DeedName{EventWithdraw, ActionCaseWithdrawReturn},
	}
}

// On is the event of an act on a proposal, without its case, time and actor.
func (n DeedName) On(p Proposal, detail string) CaseEvent {
	e := CaseEvent{Kind: n.Kind, Detail: detail, Rows: p.Rows, ProposalNo: p.No}
	if p.Kind == release.Return {
		e.Rows = "" // it concerns the case as a whole
	}
	return e
}

// Asked is the detail of the event with which a proposal was made.
func (p Proposal) Asked() string {
	switch p.Kind {
	case release.Return:
		return AskDetail(p.Reason, p.Rows)
	case release.Publish:
		return p.Day + "\n" + p.Reason
	}
	return p.Reason
}
