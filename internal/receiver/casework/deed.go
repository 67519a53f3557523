package casework

import (
	"time"

	"diaoxiao/internal/receiver/intake"
)

// deed is an act with its records.
type deed struct {
	intake.CaseEvent // without case, time and actor
	action           intake.Action
}

// on is an act on a proposal.
func on(n intake.DeedName, p intake.Proposal, detail string) deed {
	return deed{n.On(p, detail), n.Action}
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
