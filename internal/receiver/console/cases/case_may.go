package cases

import (
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

// mayDo is what the officer may do with the case in its present state.
type mayDo struct {
	Note, Check, Reopen, Publish, Unpublish, Ask, Withdraw, Decide bool
	AskPublish, WithdrawPublish, Agree                             bool // of a publication without a check
}

func mayDoWith(q *page.Request, r intake.CaseRow) (m mayDo) {
	work := q.Who.Role.May(intake.WorkCases)
	asked, agreed := !r.Work.Asked.IsZero(), !r.Work.Publish.Asked.IsZero()
	open := r.Returned.IsZero() && !asked && !agreed
	m.Note = work
	m.Check = work && open && !r.Verified.IsZero() && (r.Work.Checked.IsZero() || r.Doubted())
	m.Reopen = work && open && !r.Work.Checked.IsZero()
	m.Publish = work && open && r.Work.Published == "" && !r.NeedsSecond()
	m.AskPublish = work && open && r.Work.Published == "" && r.NeedsSecond()
	m.Unpublish = work && open && r.Work.Published != ""
	m.Ask = work && open && r.Work.Published == ""
	me := intake.ConsoleActor(q.Who.Name)
	mine := r.Work.AskedBy == me
	m.WithdrawPublish = work && agreed && r.Work.Publish.By == me
	m.Agree = q.Who.Role.May(intake.ConfirmReturns) && agreed && r.Work.Publish.By != me
	m.Withdraw = work && asked && mine
	m.Decide = q.Who.Role.May(intake.ConfirmReturns) && asked && !mine
	return m
}
