package casework

import (
	"diaoxiao/internal/receiver/intake"
)

// Steps is what the officer may do with the case in its present state.
type Steps struct {
	Note, Check, Reopen, Publish, Unpublish, Ask, Withdraw, Decide bool
	AskPublish, WithdrawPublish, Agree                             bool // of a publication without a check
}

// StepsOf is what the officer may do with a case. The use cases decide again, in the transaction that does the work.
// They also know whether two accounts belong to one person, which StepsOf does not look at.
func StepsOf(by intake.Officer, r intake.CaseRow) (m Steps) {
	work := by.Role.May(intake.WorkCases)
	asked, agreed := !r.Work.Asked.IsZero(), !r.Work.Publish.Asked.IsZero()
	open := r.Returned.IsZero() && !asked && !agreed
	m.Note = work
	m.Check = work && open && !r.Verified.IsZero() && (r.Work.Checked.IsZero() || r.Doubted())
	m.Reopen = work && open && !r.Work.Checked.IsZero()
	m.Publish = work && open && r.Work.Published == "" && !r.NeedsSecond()
	m.AskPublish = work && open && r.Work.Published == "" && r.NeedsSecond()
	m.Unpublish = work && open && r.Work.Published != ""
	m.Ask = work && open && r.Work.Published == ""
	me := by.Actor()
	mine := r.Work.AskedBy == me
	m.WithdrawPublish = work && agreed && r.Work.Publish.By == me
	m.Agree = by.Role.May(intake.ConfirmReturns) && agreed && r.Work.Publish.By != me
	m.Withdraw = work && asked && mine
	m.Decide = by.Role.May(intake.ConfirmReturns) && asked && !mine
	return m
}
