package casework

import (
	"diaoxiao/internal/receiver/intake"
	"diaoxiao/internal/receiver/release"
)

// Steps is what the officer may do with the case in its present state.
type Steps struct {
	Note, Check, Reopen, Publish, Unpublish, CorrectDay bool
	CheckFirms                                          bool            // those on which nobody has decided
	Propose                                             release.KindSet // the kinds of proposals that may be made
}

// StepsOf is what the officer may do with a case whose firms are counted. The use cases decide again, in the
// transaction that does the work. They also look at each firm, and at what is known of it, which StepsOf does not.
func StepsOf(by intake.Officer, r intake.CaseRow) (m Steps) {
	work := by.Role.May(intake.WorkCases)
	open := work && r.Returned.IsZero() && !r.Waiting.Has(release.Return)
	verified := open && !r.Verified.IsZero()
	n := r.Firms
	m.Note = work
	m.Check = verified && (r.Work.Checked.IsZero() || r.Doubted())
	m.CheckFirms = verified && n.Open() > 0
	m.Reopen = open && !r.Work.Checked.IsZero()
	m.Publish = open && n.Released > n.Published
	m.Unpublish = open && r.Work.Published != ""
	m.CorrectDay = m.Unpublish
	for k, may := range map[release.Kind]bool{
		release.Release:  verified && n.Open() > 0,
		release.Withhold: verified && n.Open() > 0,
		release.Return:   open && r.Work.Published == "" && r.Waiting == 0,
		release.Publish:  verified && n.Alarmed > 0 && n.Released > n.Published,
		release.Recall:   verified && n.Released+n.Withheld > n.Published,
	} {
		if may {
			m.Propose = m.Propose.With(k)
		}
	}
	return m
}

// MayDecide reports whether the officer may confirm or refuse the proposal.
func (p ProposalRow) MayDecide(by intake.Officer) bool {
	return by.Role.May(intake.ConfirmReturns) && p.Answer == release.Waits && !p.Mine
}

// MayWithdraw reports whether the officer may take the proposal back.
func (p ProposalRow) MayWithdraw(by intake.Officer) bool {
	return by.Role.May(intake.WorkCases) && p.Answer == release.Waits && p.By.Person() == by.Actor().Person()
}
