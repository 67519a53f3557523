package cases

import (
	"diaoxiao/internal/receiver/console/page"
	"diaoxiao/internal/receiver/intake"
)

// claims are who works on a case: it stops nobody, and keeps two persons from comparing the same list.
type claims struct {
	By       string // who has claimed it; "": nobody
	Ago      string
	Mine     bool
	Opened   string // who else had it open lately; "": nobody
	Since    string
	May, Own bool // the officer may claim it, or take it over; may take the claim back
}

// loadClaims reads who works on the case, and records that the officer has it open. Where that cannot be recorded the
// case is shown all the same.
func loadClaims(q *page.Request, d *caseData) error {
	c := &d.Claims
	if k := d.Claim; k.By != "" {
		c.By, c.Ago, c.Mine = q.Person(k.By), page.Ago(k.At, q.Clock()), k.By == q.Who.Actor()
	}
	work := q.Who.Role.May(intake.WorkCases)
	c.Own, c.May = work && c.Mine, work && !c.Mine && !d.Decided()
	if d.Decided() {
		return nil
	}
	other, err := q.Cases.Open(q.Context(), q.Who, d.No)
	if err != nil {
		q.Log.Warn("opening of a case not recorded", "case", d.AcceptID, "err", err)
	}
	if other.By != "" && other.By != d.Claim.By {
		c.Opened, c.Since = q.Person(other.By), page.Ago(other.At, q.Clock())
	}
	return nil
}

func claimCase(q *page.Request, id string) error { return q.Cases.Claim(q.Context(), q.Who, id) }

func unclaimCase(q *page.Request, id string) error { return q.Cases.Unclaim(q.Context(), q.Who, id) }
